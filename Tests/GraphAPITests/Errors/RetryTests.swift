import Testing

@testable import GraphAPI

private func decide(
    _ kind: GraphError.Kind,
    attempt: Int,
    pageSize: Int?,
    jitter: Double = 0,
    _ change: (inout Retry.Options) -> Void = { _ in }
) -> Retry {
    var options = Retry.Options(pageSize: pageSize)
    change(&options)
    return Retry.decide(
        GraphError(kind: kind, status: 400, code: 100, message: ""),
        attempt: attempt,
        options,
        jitter: jitter
    )
}

@Suite struct RetryTests {
    @Test(
        "a passing fault is retried four times, each wait twice as long, plus or minus a half",
        arguments: [(1, 1.0), (2, 2), (3, 4), (4, 8)] as [(Int, Double)],
        [GraphError.Kind.transient, .tooMuchData]
    )
    func growing(attempt: (number: Int, middle: Double), kind: GraphError.Kind) {
        for (jitter, factor) in [(0.0, 0.5), (0.5, 1), (0.75, 1.25)] {
            let decision = decide(kind, attempt: attempt.number, pageSize: 1, jitter: jitter)
            #expect(decision == .again(afterSeconds: attempt.middle * factor))
        }
        #expect(decide(kind, attempt: 5, pageSize: 1) == .giveUp)
        #expect(decide(kind, attempt: 5, pageSize: nil) == .giveUp)
    }

    @Test(
        "too much data is requested in smaller pages while they can shrink",
        arguments: [2, 3, 500],
        [1, 4, 5, 99]
    )
    func smaller(pageSize: Int, attempt: Int) {
        #expect(decide(.tooMuchData, attempt: attempt, pageSize: pageSize) == .adapted(.smallerPage))
    }

    @Test(
        "an error that no retry can heal is not retried",
        arguments: [
            .rateLimited(.app, seconds: 1), .tokenInvalid, .permissionMissing, .notFound, .rejected,
        ] as [GraphError.Kind],
        [1, 2]
    )
    func never(kind: GraphError.Kind, attempt: Int) {
        #expect(decide(kind, attempt: attempt, pageSize: 500) == .giveUp)
        #expect(decide(kind, attempt: attempt, pageSize: nil) == .giveUp)
    }

    @Test("the third HTTP 500 with code 1 counts as a page that is too large")
    func unknownError() {
        for (code, status, attempt, pageSize) in [
            (1, 500, 3, 500), (1, 500, 3, 26), (1, 500, 2, 500), (1, 500, 4, 500), (1, 400, 3, 500), (2, 500, 3, 500),
            (1, 500, 3, 25),
        ] {
            let error = GraphError(kind: .transient, status: status, code: code, message: "")
            let decision = Retry.decide(error, attempt: attempt, .init(pageSize: pageSize), jitter: 0)
            let isSmaller = code == 1 && status == 500 && attempt == 3 && pageSize > 25
            #expect((decision == .adapted(.smallerPage)) == isSmaller)
        }
    }

    @Test(
        "a timeout leads to a report at once, too much data once the pages are small",
        arguments: [1, 50, 51, 500],
        [1, 4, 9]
    )
    func report(pageSize: Int, attempt: Int) {
        #expect(decide(.tooSlow, attempt: attempt, pageSize: pageSize) { $0.canBeReport = true } == .adapted(.report))
        #expect(
            decide(.tooMuchData, attempt: attempt, pageSize: pageSize) { $0.canBeReport = true }
                == .adapted(pageSize <= 50 ? .report : .smallerPage)
        )
        #expect(decide(.transient, attempt: attempt, pageSize: 10) { $0.canBeReport = true } != .adapted(.report))
    }

    @Test("a part that is too much on small pages is given up at once: the caller divides it, or records it as missing")
    func part() {
        for kind in [GraphError.Kind.tooSlow, .tooMuchData] {
            #expect(decide(kind, attempt: 1, pageSize: 51) { $0.isPart = true } == .adapted(.smallerPage))
            #expect(decide(kind, attempt: 1, pageSize: 50) { $0.isPart = true } == .giveUp)
            #expect(decide(kind, attempt: 1, pageSize: 1) { $0.isPart = true } == .giveUp)
            #expect(
                decide(kind, attempt: 1, pageSize: 50) { ($0.isPart, $0.canBeReport) = (true, true) }
                    == .adapted(.report)
            )
        }
        #expect(decide(.transient, attempt: 1, pageSize: 500) { $0.isPart = true } == .again(afterSeconds: 0.5))
    }

    @Test("without a report, a timeout leads to smaller pages, then to a retry, then to an error")
    func tooSlow() {
        #expect(decide(.tooSlow, attempt: 9, pageSize: 2) == .adapted(.smallerPage))
        #expect(decide(.tooSlow, attempt: 4, pageSize: 1) == .again(afterSeconds: 4))
        #expect(decide(.tooSlow, attempt: 5, pageSize: 1) == .giveUp)
    }

    @Test(
        "an order that is refused as too much is not repeated",
        arguments: [.tooSlow, .tooMuchData] as [GraphError.Kind]
    )
    func order(kind: GraphError.Kind) {
        #expect(decide(kind, attempt: 1, pageSize: nil) { $0.isOrder = true } == .adapted(.smallerPage))
        // A failed report stays failed.
        #expect(decide(kind, attempt: 1, pageSize: nil) { ($0.isReport, $0.canBeLost) = (true, true) } == .giveUp)
    }

    @Test("a report that is not found is looked up three times, then ordered again")
    func lost() {
        let decisions = (1...5).map { decide(.notFound, attempt: $0, pageSize: nil) { $0.canBeLost = true } }
        #expect(
            decisions == [
                .again(afterSeconds: 0.5), .again(afterSeconds: 1), .again(afterSeconds: 2), .adapted(.report),
                .adapted(.report),
            ]
        )
    }

    @Test("a forgotten cursor restarts a list that may restart")
    func cursor() {
        #expect(decide(.cursorInvalid, attempt: 1, pageSize: 5) == .giveUp)
        #expect(decide(.cursorInvalid, attempt: 1, pageSize: 5) { $0.canRestart = true } == .adapted(.restart))
    }

    @Test(
        "refused fields are omitted together, each by its name or by one inside its braces",
        arguments: [
            (["a"], ["a"]), (["c"], ["c"]), (["y"], ["c"]), (["a", "y", "z"], ["a", "c"]), (["b", "a"], ["a", "b"]),
        ] as [([String], Set<String>)]
    )
    func fields(refused: [String], left: Set<String>) {
        let decision = decide(.fieldRefused(refused), attempt: 1, pageSize: 5) {
            $0.optionalFields = ["a", "b", "c{id,y}"]
        }
        #expect(decision == .adapted(.withoutFields(left)))
        #expect(decide(.fieldRefused(refused), attempt: 1, pageSize: 5) == .giveUp)
    }

    @Test(
        "a required field is not omitted, and no other field in its place",
        arguments: [["id"], ["a", "id"]]
    )
    func neededField(refused: [String]) {
        let decision = decide(.fieldRefused(refused), attempt: 1, pageSize: 5) {
            $0.neededFields = ["id"]
            $0.optionalFields = ["a", "b"]
        }
        #expect(decision == .giveUp)
    }

    @Test(
        "a refusal that names no field of the call starts a search, if the call has optional fields",
        arguments: [.fieldRefused([]), .fieldRefused(["z"]), .permissionMissing, .rejected, .objectUnreadable]
            as [GraphError.Kind]
    )
    func unnamed(kind: GraphError.Kind) {
        #expect(decide(kind, attempt: 1, pageSize: 5) { $0.optionalFields = ["a"] } == .searchField)
        #expect(decide(kind, attempt: 1, pageSize: 5) == .giveUp)
        #expect(
            decide(kind, attempt: 1, pageSize: 5) {
                $0.optionalFields = ["a"]
                $0.namesFields = false
            } == .giveUp
        )
    }

    @Test("an unreadable object costs its creative, if one was requested")
    func creative() {
        let decision = decide(.objectUnreadable, attempt: 1, pageSize: 5) {
            $0.optionalFields = ["name", "creative{id,object_type}"]
        }
        #expect(decision == .adapted(.withoutFields(["creative"])))
    }

    @Test("another version is called: the named one, if there is one", arguments: ["v25.0", nil])
    func version(named: String?) {
        #expect(decide(.versionExpired(named), attempt: 1, pageSize: 5) == .version(named))
    }

    @Test("an unknown code is retried once, then reported")
    func unknownCode() {
        #expect(decide(.unknown, attempt: 1, pageSize: 5) == .again(afterSeconds: 0.5))
        #expect(decide(.unknown, attempt: 2, pageSize: 5) == .giveUp)
    }

    @Test("a wait that Facebook requests is honoured, or the run ends")
    func retryAfter() {
        for (seconds, decision) in [
            (0.0, Retry.again(afterSeconds: 0.5)), (30, .again(afterSeconds: 30)), (60, .again(afterSeconds: 60)),
            (61, .giveUp),
        ] {
            var error = GraphError(kind: .transient, status: 503, message: "")
            error.retryAfter = seconds
            #expect(Retry.decide(error, attempt: 1, .init(), jitter: 0) == decision)
        }
    }

    @Test("a dead token that only a bare status reports is checked once more")
    func bareStatus() {
        var error = GraphError(kind: .tokenInvalid, status: 401, message: "")
        #expect(Retry.decide(error, attempt: 1, .init(), jitter: 0) == .again(afterSeconds: 0.5))
        #expect(Retry.decide(error, attempt: 2, .init(), jitter: 0) == .giveUp)
        error = GraphError(kind: .tokenInvalid, status: 401, code: 190, message: "")
        #expect(Retry.decide(error, attempt: 1, .init(), jitter: 0) == .giveUp)
    }
}
