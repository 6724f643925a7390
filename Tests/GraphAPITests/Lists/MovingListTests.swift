import GraphSimulator
import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Lists whose pages are malformed, or change while they are read.
@Suite struct MovingListTests {
    @Test(
        "malformed pages cost calls but no row",
        arguments: ["short_pages", "empty_page", "no_cursor"],
        [7, 25]
    )
    func misshapen(fault: String, pageSize: Int) throws {
        let graph = try SimulatedGraph(pageSize: pageSize)
        let ids = try graph.recorder.ads(graph.account).map(\.id)
        let days = try graph.recorder.adDays(graph.account)
        graph.order(#"{"fault":"\#(fault)"}"#)
        #expect(try graph.recorder.ads(graph.account).map(\.id) == ids)
        #expect(try graph.recorder.adDays(graph.account) == days)
        #expect(graph.recorder.waits.isEmpty && graph.recorder.adaptations.isEmpty)
    }

    @Test("a page that names itself as the next one is read again, and the list is complete once the fault is over")
    func loopsOnce() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        graph.order(#"{"fault":"next_loops","times":1}"#)
        let ids = try graph.recorder.ads(graph.account).map(\.id)
        #expect(ids.count == 60 && Set(ids).count == 60)
        #expect(graph.recorder.requests.count <= 6)
    }

    @Test("pages in an endless cycle end with an error")
    func loopsForEver() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        graph.order(#"{"fault":"next_loops"}"#)
        #expect(graphError { try graph.recorder.ads(graph.account) }?.kind == .endless)
        #expect(graph.recorder.requests.count < 20)
    }

    @Test("a list of nothing but empty pages ends with an error")
    func emptyForEver() throws {
        var calls = 0
        let recorder = Recorder { _ in
            calls += 1
            return .page([], next: "c\(calls)")
        }
        #expect(graphError { try recorder.campaigns() }?.kind == .endless)
        #expect(calls < 400)
    }

    @Test("a cursor forgotten in the middle restarts the list and discards the earlier rows")
    func restarted() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        graph.order(#"{"fault":"cursor_invalid","times":2}"#)
        let ids = try graph.recorder.ads(graph.account).map(\.id)
        #expect(ids.count == 60 && Set(ids).count == 60)
        #expect(graph.recorder.adaptations == [.restart, .restart])
        graph.order(#"{"fault":"cursor_invalid"}"#)
        #expect(graphError { try graph.recorder.ads(graph.account) }?.kind == .cursorInvalid)
    }

    @Test(
        "objects that exist throughout are read, whatever appears, disappears or is renamed between pages",
        arguments: [3, 7, 10]
    )
    func churn(pageSize: Int) throws {
        let graph = try SimulatedGraph(pageSize: pageSize)
        let before = Set(try graph.recorder.ads(graph.account).map(\.id))
        graph.order(#"{"fault":"churn","every":1,"path":"/ads"}"#)
        let read = try graph.recorder.ads(graph.account).map(\.id)
        _ = graph.simulator.respond(to: HTTPRequest(method: "DELETE", path: "/_control"))
        let after = Set(try graph.recorder.ads(graph.account).map(\.id))
        #expect(before != after)
        #expect(before.intersection(after).isSubset(of: read))
        // A short list is read again: some of its objects may have appeared and disappeared meanwhile.
        #expect(Set(read).subtracting(before.union(after)).count <= 20)
    }

    @Test("repeated rows are passed on, and the receiver counts them once")
    func duplicates() throws {
        let recorder = Recorder([
            .page([campaign("1"), campaign("2")], next: "a"), .page([campaign("2"), campaign("3")]),
        ])
        #expect(try recorder.campaigns().map(\.id) == ["1", "2", "2", "3"])
    }

    @Test("each page carries the time at which Facebook made it, by Facebook's clock")
    func dated() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        let pages = try graph.recorder.pages(.ad, graph.account)
        #expect(pages.allSatisfy { $0.date?.seconds == Int(graph.recorder.now) })
        let recorder = Recorder([.page([campaign("1")])])
        try recorder.read(
            GraphClient.objects(
                .dollars,
                level: .campaign,
                at: ListPosition(pageSize: 5),
                page: { #expect($0.date == nil) },
                restarted: {}
            )
        )
    }
}
