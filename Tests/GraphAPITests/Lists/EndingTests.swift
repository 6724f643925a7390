import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// How a reading ends after an error.
@Suite struct EndingTests {
    @Test("after a dead token no call is made, and pending responses are still used")
    func deadToken() throws {
        let script = Script { call in
            call.edge == "ads"
                ? .answer(.error(190, subcode: 463), after: 0.3)
                : .answer(.page([row("1")], next: "n"), after: 5)
        }
        let error = try #require(graphError { try script.read(everything) })
        #expect(error.kind == .tokenInvalid)
        #expect(script.calls.count == 4)
        #expect(script.read == ["campaigns": ["1"], "adsets": ["1"], "insights": ["1"]])
        #expect(script.now == 5)
    }

    @Test("the first error is reported, whatever fails after it")
    func first() {
        let script = Script { call in
            call.edge == "ads" ? .answer(.error(803), after: 1) : .answer(.error(190), after: 2)
        }
        #expect(graphError { try script.read(everything) }?.kind == .notFound)
        #expect(script.calls.count == 4)
    }

    @Test("a dead token is reported in place of an earlier limit")
    func limitThenError() {
        let script = Script { call in
            call.edge == "insights" ? .answer(.error(80_000), after: 1) : .answer(.error(190), after: 2)
        }
        #expect(graphError { try script.read(["insights", "ads"]) }?.kind == .tokenInvalid)
    }

    @Test("responses that hang after an error are abandoned after ten seconds")
    func hanging() {
        let script = Script { $0.edge == "ads" ? .answer(.error(190), after: 2) : .silence }
        #expect(graphError { try script.read(everything) }?.kind == .tokenInvalid)
        #expect(script.now >= 12 && script.now < 13)
        #expect(script.cancelled == 3)
        #expect(script.calls.count == 4)
    }

    @Test("an error while rows are stored ends the reading too, and the other lists' rows are still stored")
    func taker() {
        struct Full: Error {}
        let script = Script { call in .answer(.page([row("1")], next: "n"), after: call.edge == "ads" ? 1 : 3) }
        let full = GraphClient.objects(
            .dollars,
            level: .ad,
            at: ListPosition(pageSize: 10),
            page: { _ in throw Full() },
            restarted: {}
        )
        #expect(throws: Full.self) { try script.client.read([script.reading("campaigns"), full], of: "1") }
        #expect(script.read == ["campaigns": ["1"]])
        #expect(script.calls.count == 2)
    }

    @Test("a list added after an error is not called")
    func addedTooLate() {
        let script = Script { call in
            call.edge == "ads" ? .answer(.error(190), after: 1) : .answer(.page([row("1")]), after: 2)
        }
        let campaigns = script.reading("campaigns") { _ in script.client.add(script.reading("insights")) }
        #expect(
            graphError { try script.client.read([script.reading("ads"), campaigns], of: "1") }?.kind == .tokenInvalid
        )
        #expect(script.edges == ["ads", "campaigns"])
    }

    @Test("one list that never recovers ends the whole reading, after its five attempts")
    func neverHeals() {
        let script = Script { call in
            call.edge == "ads"
                ? .answer(.error(2, status: 503)) : .answer(.page([row("\(call.turn)")], next: "n\(call.turn)"))
        }
        #expect(graphError { try script.read(["ads", "campaigns"]) }?.code == 2)
        #expect(script.calls.count { $0.edge == "ads" } == 5)
    }
}
