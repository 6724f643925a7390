import HTTPMessages
import Testing

@testable import GraphAPI

@Suite struct SimultaneousTests {
    /// Two pages of each list; the response time depends on the list.
    private func twoPages(_ seconds: [String: Double] = [:]) -> Script {
        Script { call in
            let id = "\(everything.firstIndex(of: call.edge) ?? 9)\(call.turn)"
            let page = HTTPResponse.page([row(id)], next: call.turn == 1 ? "to-\(id)" : nil)
            return .answer(page, after: seconds[call.edge] ?? 1)
        }
    }

    private let all = [
        "campaigns": ["01", "02"], "adsets": ["11", "12"], "ads": ["21", "22"], "insights": ["31", "32"],
    ]

    @Test("all lists are requested before the first response arrives, and each continues by itself")
    func overlap() throws {
        let script = twoPages()
        try script.read(everything)
        #expect(script.log.prefix(5) == ["campaigns ->", "adsets ->", "ads ->", "insights ->", "campaigns <-"])
        #expect(script.calls.prefix(4).allSatisfy { $0.at == 0 })
        #expect(script.read == all)
        #expect(script.now == 2)
        #expect(script.client.calls == 8)
        #expect(script.cancelled == 0)
    }

    @Test(
        "responses reach the right list, in whatever order they arrive",
        arguments: [[4, 3, 2, 1], [1, 4, 2, 3], [2, 1, 1, 9], [0, 0, 0, 0]] as [[Double]]
    )
    func outOfOrder(seconds: [Double]) throws {
        let script = twoPages(Dictionary(uniqueKeysWithValues: zip(everything, seconds)))
        try script.read(everything)
        #expect(script.read == all)
        #expect(script.calls.map(\.after).compactMap(\.self).sorted() == ["to-01", "to-11", "to-21", "to-31"])
        #expect(
            script.calls.allSatisfy {
                $0.after.map { $0.contains("\(everything.firstIndex(of: "ads")!)1") } != true || $0.edge == "ads"
            }
        )
        #expect(script.now == 2 * (seconds.max() ?? 0))
    }

    @Test("while one list waits for a retry, the others continue")
    func retryOfOne() throws {
        let script = Script { call in
            if call.edge == "ads", call.turn <= 3 { return .answer(.error(2, status: 503)) }
            return .answer(
                .page([row("\(call.turn)")], next: call.edge == "campaigns" && call.turn < 5 ? "c\(call.turn)" : nil)
            )
        }
        try script.read(["campaigns", "ads"])
        #expect(script.read == ["campaigns": ["1", "2", "3", "4", "5"], "ads": ["4"]])
        #expect(script.calls.filter { $0.edge == "campaigns" }.map(\.at) == [0, 1, 2, 3, 4])
        let retries = script.calls.filter { $0.edge == "ads" }.map(\.at)
        #expect(zip(retries, retries.dropFirst()).map { $1 - $0 - 1 >= 0.5 } == [true, true, true])
        #expect(script.client.calls == 9)
    }

    @Test("failures without a response count as calls too")
    func counted() throws {
        struct Reset: Error {}
        let script = Script { $0.turn < 3 ? .failure(Reset()) : .answer(.page([row("7")])) }
        try script.read(["ads", "campaigns"])
        #expect(script.client.calls == 6)
        #expect(script.read == ["ads": ["7"], "campaigns": ["7"]])
    }

    @Test("a list added during the reading is read at once")
    func added() throws {
        let script = Script { call in
            .answer(.page([row("\(call.turn)")], next: call.edge == "campaigns" && call.turn == 1 ? "c" : nil))
        }
        var added = false
        let campaigns = script.reading("campaigns") { _ in
            guard !added else { return }
            added = true
            script.client.add(script.reading("ads") { _ in script.client.add(script.reading("insights")) })
        }
        try script.client.read([campaigns], of: "1")
        #expect(script.read == ["campaigns": ["1", "2"], "ads": ["1"], "insights": ["1"]])
        #expect(script.calls.map(\.at) == [0, 1, 1, 2])
    }

    @Test("an empty reading makes no call, and readings end with their client's call")
    func nothing() throws {
        let script = twoPages()
        try script.read([])
        #expect(script.calls.isEmpty)
        try script.read(["ads"])
        try script.read(["campaigns"])
        #expect(script.edges == ["ads", "ads", "campaigns", "campaigns"])
        #expect(script.calls.map(\.number) == [0, 0, 0, 0])
    }

    @Test("the client checks at least every half second, whatever it waits for", arguments: [3.0, 0.2, 17.3])
    func ticks(seconds: Double) throws {
        let script = Script { call in
            call.turn == 1 ? .answer(.error(2, status: 503), after: seconds) : .answer(.page([]), after: seconds)
        }
        try script.read(["ads"])
        #expect(zip(script.ticks, script.ticks.dropFirst()).allSatisfy { $1 - $0 <= 0.5 + 1e-9 })
        #expect(try #require(script.ticks.first) == 0)
        #expect(script.now - (try #require(script.ticks.last)) <= 0.5)
    }

    @Test("an error thrown by the check ends the reading at once and abandons pending calls")
    func tickThrows() {
        struct Stop: Error {}
        let script = Script { _ in .silence }
        #expect(throws: Stop.self) {
            try script.read(everything) { if $0.now >= 20 { throw Stop() } }
        }
        #expect(script.now == 20)
        #expect(script.cancelled == 4)
        #expect(script.calls.count == 4)
    }
}
