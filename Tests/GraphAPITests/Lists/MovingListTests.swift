import GraphSimulator
import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Lists whose pages are not what they should be, or change while they are read.
@Suite struct MovingListTests {
    @Test(
        "misshapen pages cost calls, and no row",
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

    @Test("a page that names itself as the next one is read anew, and the list is whole once that has passed")
    func loopsOnce() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        graph.order(#"{"fault":"next_loops","times":1}"#)
        let ids = try graph.recorder.ads(graph.account).map(\.id)
        #expect(ids.count == 60 && Set(ids).count == 60)
        #expect(graph.recorder.requests.count <= 6)
    }

    @Test("pages that loop for ever end with an error")
    func loopsForEver() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        graph.order(#"{"fault":"next_loops"}"#)
        #expect(graphError { try graph.recorder.ads(graph.account) }?.kind == .endless)
        #expect(graph.recorder.requests.count < 20)
    }

    @Test("a list of nothing but empty pages ends with an error, too")
    func emptyForEver() throws {
        var calls = 0
        let recorder = Recorder { _ in
            calls += 1
            return .page([], next: "c\(calls)")
        }
        #expect(graphError { try recorder.campaigns() }?.kind == .endless)
        #expect(calls < 400)
    }

    @Test("a cursor that is forgotten in the middle starts the list anew, and what came before is void")
    func restarted() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        graph.order(#"{"fault":"cursor_invalid","times":2}"#)
        let ids = try graph.recorder.ads(graph.account).map(\.id)
        #expect(ids.count == 60 && Set(ids).count == 60)
        #expect(graph.recorder.adaptations == [.restart, .restart])
        graph.order(#"{"fault":"cursor_invalid"}"#)
        #expect(graphError { try graph.recorder.ads(graph.account) }?.kind == .cursorInvalid)
    }

    @Test("whatever comes, goes and is renamed between pages: what exists throughout is read", arguments: [3, 7, 10])
    func churn(pageSize: Int) throws {
        let graph = try SimulatedGraph(pageSize: pageSize)
        let before = Set(try graph.recorder.ads(graph.account).map(\.id))
        graph.order(#"{"fault":"churn","every":1,"path":"/ads"}"#)
        let read = try graph.recorder.ads(graph.account).map(\.id)
        _ = graph.simulator.respond(to: HTTPRequest(method: "DELETE", path: "/_control"))
        let after = Set(try graph.recorder.ads(graph.account).map(\.id))
        #expect(before != after)
        #expect(before.intersection(after).isSubset(of: read))
        // A list that is short is read again: some of what it has may have come and gone meanwhile.
        #expect(Set(read).subtracting(before.union(after)).count <= 20)
    }

    @Test("rows that come twice are passed on, for the taker to count once")
    func duplicates() throws {
        let recorder = Recorder([
            .page([campaign("1"), campaign("2")], next: "a"), .page([campaign("2"), campaign("3")]),
        ])
        #expect(try recorder.campaigns().map(\.id) == ["1", "2", "2", "3"])
    }

    @Test("each page says when Facebook made it, by Facebook's clock")
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
