import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Lists with fewer rows than Facebook's count.
@Suite struct ShortListTests {
    private let edges = ["campaigns": 6, "adsets": 20, "ads": 60]

    private func ids(_ graph: SimulatedGraph, _ edge: String) throws -> (all: [String], pages: [(Bool, Int)]) {
        var all: [String] = []
        var pages: [(Bool, Int)] = []
        func page<Value>(_ id: @escaping (Value) -> String) -> (ListPage<Value>) -> Void {
            { page in
                all += page.values.map(id)
                pages.append((page.isLast, page.shortfall))
            }
        }
        let start = ListPosition(pageSize: 500)
        let restarted = {
            all = []
            pages = []
        }
        let reading: any GraphReading =
            switch edge {
            case "campaigns":
                GraphClient.objects(graph.account, level: .campaign, at: start, page: page(\.id), restarted: restarted)
            case "adsets":
                GraphClient.objects(graph.account, level: .adSet, at: start, page: page(\.id), restarted: restarted)
            default:
                GraphClient.objects(graph.account, level: .ad, at: start, page: page(\.id), restarted: restarted)
            }
        try graph.recorder.read(reading, graph.account)
        return (all, pages)
    }

    @Test(
        "rows lost between pages are found by reading the list once more",
        arguments: ["campaigns", "adsets", "ads"],
        [#""fault":"rows_lost","value":3,"times":1"#, #""fault":"paging_missing","times":1"#]
    )
    func lost(edge: String, fault: String) throws {
        let graph = try SimulatedGraph(pageSize: edge == "campaigns" ? 4 : 7)
        graph.order(#"{\#(fault),"edge":"\#(edge)"}"#)
        let (all, pages) = try ids(graph, edge)
        #expect(Set(all).count == edges[edge])
        #expect(pages.count { $0.0 } == 1)
        #expect(pages.last?.0 == true && pages.last?.1 == 0)
    }

    @Test("a list that stays short is read three times and reports the number of missing rows")
    func staysShort() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        graph.order(#"{"fault":"paging_missing","edge":"ads"}"#)
        let (all, pages) = try ids(graph, "ads")
        #expect(Set(all).count == 25)
        #expect(pages.count == 3)
        #expect(pages.last?.1 == 35)
    }

    @Test("a complete list is read once, and its count is requested with the first page")
    func whole() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        let (all, _) = try ids(graph, "ads")
        #expect(all.count == 60)
        #expect(graph.recorder.requests.count == 3)
        #expect(try graph.recorder.sent("summary") == ["total_count", nil, nil])
    }

    @Test("a missing count is requested with the next page")
    func countMissing() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        graph.order(#"{"fault":"count_missing","times":1}"#)
        #expect(try ids(graph, "ads").all.count == 60)
        #expect(try graph.recorder.sent("summary") == ["total_count", "total_count", nil])
    }

    @Test("a resumed list counts the rows that were read before")
    func resumed() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        var pages: [ListPage<MirroredObject>] = []
        func read(at position: ListPosition) throws {
            let reading = GraphClient.objects(
                graph.account,
                level: .ad,
                at: position,
                page: { pages.append($0) },
                restarted: {}
            )
            try graph.recorder.read(reading, graph.account)
        }
        try read(at: ListPosition(pageSize: 25))
        var rest = pages[0].next
        rest.rowsBefore = 25
        rest.totalBefore = 60
        pages = []
        try read(at: rest)
        #expect(pages.map(\.values.count) == [25, 10])
        #expect(pages.last?.shortfall == 0)
    }

    @Test("insights whose page has rows but no paging are requested once more")
    func insights() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        let days = try graph.recorder.adDays(graph.account)
        #expect(days.count > 25)
        graph.order(#"{"fault":"paging_missing","path":"insights","times":1}"#)
        #expect(try graph.recorder.adDays(graph.account) == days)
    }

    @Test("ad accounts that Facebook counts and does not list are a warning")
    func accounts() throws {
        let recorder = Recorder(
            always: .json(
                #"""
                {"data":[{"account_id":"1","name":"One","currency":"USD","timezone_name":"UTC"}],
                 "summary":{"total_count":3}}
                """#
            )
        )
        var names: [String] = []
        try recorder.client.adAccounts { names += $0.values.map(\.name) }
        #expect(Set(names) == ["One"])
        #expect(recorder.warnings == ["Facebook counts 2 more ad accounts than it lists"])
    }
}
