import Model
import Testing

@Suite struct TokenStateTests {
    private static let day = 86_400.0

    @Test(
        "people are warned 14 days before a token's end",
        arguments: [(14.1, false), (13.9, true), (0.1, true), (-1, true)]
    )
    func ahead(days: Double, isReported: Bool) {
        let token = TokenState(expiresAt: "2026-12-01T10:00:00Z", secondsLeft: days * Self.day)
        #expect((token.problem != nil) == isReported)
        let data = TokenState(dataAccessExpiresAt: "2026-12-01T10:00:00Z", dataAccessSecondsLeft: days * Self.day)
        #expect((data.problem != nil) == isReported)
        for problem in [token.problem, data.problem].compactMap(\.self) { #expect(problem.contains(" on 2026-12-01")) }
    }

    @Test("the worst state is reported first, and nothing if nothing is known")
    func order() {
        #expect(TokenState().problem == nil)
        let lacking = TokenState(expiresAt: "2026-12-01T10:00:00Z", secondsLeft: 5, missingPermissions: ["ads_read"])
        #expect(lacking.problem?.contains("ads_read") == true)
        var dead = lacking
        dead.isValid = false
        #expect(dead.problem?.contains("no longer accepts") == true)
    }
}
