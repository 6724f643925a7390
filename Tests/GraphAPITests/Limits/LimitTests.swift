import HTTPMessages
import Testing

@testable import GraphAPI

private func limit(_ code: Int, subcode: Int = 2_446_079) -> HTTPResponse { .error(code, subcode: subcode) }

/// Three pages of a list.
private func page(_ call: Script.Call) -> Script.Outcome {
    .answer(.page([row("\(call.turn)")], next: call.turn < 3 ? "\(call.edge)-\(call.turn)" : nil))
}

private let pages = ["1", "2", "3"]

@Suite struct LimitTests {
    @Test(
        "a limit of insights pauses them, lets the objects finish, and is then reported",
        arguments: [(80_000, 2_446_079, Quota.insights), (4, 1_504_022, .appInsights)]
    )
    func insightsParked(code: Int, subcode: Int, quota: Quota) throws {
        let script = Script {
            $0.edge == "insights" && $0.turn == 2 ? .answer(limit(code, subcode: subcode)) : page($0)
        }
        let error = try #require(graphError { try script.read(everything) })
        #expect(error.kind == .rateLimited(quota, seconds: 300))
        #expect(error.code == code)
        #expect(script.read == ["campaigns": pages, "adsets": pages, "ads": pages, "insights": ["1"]])
        #expect(script.calls.count { $0.edge == "insights" } == 2)
        #expect(script.now < 10)
    }

    @Test("a limit of objects pauses them and lets the insights finish")
    func objectsParked() throws {
        let script = Script { $0.edge == "ads" ? .answer(limit(80_004)) : page($0) }
        let error = try #require(graphError { try script.read(["ads", "campaigns", "insights"]) })
        #expect(error.kind == .rateLimited(.management, seconds: 300))
        #expect(script.read == ["campaigns": ["1"], "insights": pages])
        #expect(script.edges.prefix(3) == ["ads", "campaigns", "insights"])
        #expect(script.calls.count == 5)
    }

    @Test(
        "a limit of the app, or of all the account's calls, ends everything without another call",
        arguments: [4, 341, 17, 613, 32, 368]
    )
    func everythingStops(code: Int) throws {
        let script = Script {
            $0.edge == "ads" ? .answer(.error(code), after: 0.5) : page($0)
        }
        let error = try #require(graphError { try script.read(everything) })
        #expect(error.code == code)
        // Calls under way are already paid for.
        #expect(script.read == ["campaigns": ["1"], "adsets": ["1"], "insights": ["1"]])
        #expect(script.calls.count == 4)
        #expect(script.now == 1)
    }

    @Test(
        "a limit reported under another quota's name is honoured all the same",
        arguments: [("insights", 80_004), ("ads", 80_000), ("ads", 80_003)]
    )
    func foreignQuota(edge: String, code: Int) {
        let script = Script { $0.turn < 50 ? .answer(limit(code)) : .answer(.page([])) }
        #expect(graphError { try script.read([edge]) }?.code == code)
        #expect(script.calls.count == 1)
    }

    @Test("with a known hold no call is made", arguments: [Quota.app, .account])
    func knownHold(quota: Quota) throws {
        let script = Script(page)
        script.client.learn(Usage([quota: .init(percent: 0, at: 0, heldUntil: 90)]))
        let error = try #require(graphError { try script.read(everything) })
        #expect(error.kind == .rateLimited(quota, seconds: 90))
        #expect(error.status == 0)
        #expect(error.message == "Facebook's rate limit for \(quota.words) is reached")
        #expect(script.calls.isEmpty && script.client.calls == 0)
        #expect(script.now == 0)
    }

    @Test("a known hold of insights does not affect the objects")
    func knownInsightsHold() throws {
        let script = Script(page)
        script.client.learn(Usage([.insights: .init(percent: 100, at: 0, heldUntil: 90)]))
        #expect(graphError { try script.read(everything) }?.kind == .rateLimited(.insights, seconds: 90))
        #expect(script.read == ["campaigns": pages, "adsets": pages, "ads": pages])
    }

    @Test("insights whose hold ends while objects are read continue then, and nothing is missing")
    func holdEnds() throws {
        let script = Script { call in
            guard call.edge == "ads" else { return page(call) }
            return .answer(.page([row("\(call.turn)")], next: call.turn < 12 ? "ads-\(call.turn)" : nil), after: 10)
        }
        script.client.learn(Usage([.insights: .init(percent: 50, at: 0, heldUntil: 60)]))
        try script.read(["ads", "insights"])
        #expect(script.read["insights"] == pages)
        #expect(script.calls.first { $0.edge == "insights" }?.at == 60)
    }

    @Test("holds that other processes report meanwhile are honoured")
    func learned() {
        let script = Script { call in .answer(.page([row("\(call.turn)")], next: "c\(call.turn)")) }
        let error = graphError {
            try script.read(["ads"]) {
                if $0.now >= 5 { $0.client.learn(Usage([.app: .init(percent: 0, at: 5, heldUntil: 60)])) }
            }
        }
        guard case .rateLimited(.app, _) = error?.kind else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(script.calls.allSatisfy { $0.at < 5.5 })
    }

    @Test("near a limit all lists' calls are spaced, and the delay is reported")
    func spaced() throws {
        let script = Script { call in
            var response = HTTPResponse.page(
                [row("\(call.turn)")],
                next: call.turn < 3 ? "\(call.edge)-\(call.turn)" : nil
            )
            response.headers["x-app-usage"] = #"{"call_count":86}"#
            return .answer(response, after: 0.1)
        }
        script.client.learn(Usage([.app: .init(percent: 86, at: 0)]))
        try script.read(["campaigns", "ads"])
        let moments = script.calls.map(\.at)
        // 86 per cent fade by little in so short a time.
        #expect(zip(moments, moments.dropFirst()).allSatisfy { abs($1 - $0 - 2.5) < 0.05 })
        #expect(script.read == ["campaigns": pages, "ads": pages])
        let waits = script.events.compactMap { if case .slowedDown(let seconds) = $0 { seconds } else { nil } }
        // The first call is not delayed.
        #expect(waits.count == 5)
        #expect(waits.allSatisfy { $0 > 2 && $0 < 2.6 })
    }
}
