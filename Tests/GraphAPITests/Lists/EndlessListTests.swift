import GraphSimulator
import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Lists that lead from page to page and never end.
@Suite struct EndlessListTests {
    /// The error of a reading that must fail, and its number of calls.
    private func failure(_ recorder: Recorder, _ read: (Recorder) throws -> Void) throws -> (GraphError, calls: Int) {
        let error = try #require(graphError { try read(recorder) })
        return (error, recorder.requests.count)
    }

    @Test(
        "a list that repeats rows or sends empty pages, always with new cursors, ends with an error that names it",
        arguments: ["endless_repeats", "endless_empty", "next_loops"],
        ["campaigns", "ads", "insights", "report"]
    )
    func endless(fault: String, edge: String) throws {
        let graph = try SimulatedGraph(pageSize: 5)
        graph.order(#"{"fault":"\#(fault)","path":"\#(edge == "report" ? "insights" : edge)"}"#)
        let (error, calls) = try failure(graph.recorder) { recorder in
            switch edge {
            case "campaigns": _ = try recorder.campaigns(graph.account)
            case "ads": _ = try recorder.ads(graph.account)
            case "insights": _ = try recorder.adDays(graph.account)
            default: _ = try recorder.adDays(graph.account, report: ReportUse(isWanted: true))
            }
        }
        #expect(error.kind == .endless)
        #expect(error.message.contains(edge == "report" ? "/insights" : "act_\(graph.account.facebookID)/\(edge)"))
        #expect(calls <= 100)
        // Another request for the same page would return the same.
        #expect(graph.recorder.waits.filter { $0 > 0 }.count <= 5)
        // None of it counts as read, and everything is read once the fault is over.
        _ = graph.simulator.respond(to: HTTPRequest(method: "DELETE", path: "/_control"))
        graph.order(#"{"fault":"freeze"}"#)
        #expect(try graph.recorder.ads(graph.account).count == 60)
    }

    @Test("the list of ad accounts is bounded too", arguments: ["endless_repeats", "endless_empty"])
    func accounts(fault: String) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"\#(fault)"}"#)
        let (error, calls) = try failure(graph.recorder) { try $0.client.adAccounts { _ in } }
        #expect(error.kind == .endless)
        #expect(error.message.contains("me/adaccounts"))
        #expect(calls <= 100)
    }

    @Test("a list with ever new rows ends a little above twice Facebook's count", arguments: [3, 5000])
    func newRows(counted: Int) throws {
        var row = 0
        let recorder = Recorder { _ in
            let rows = (0..<500).map { _ -> String in
                row += 1
                return campaign("\(row)")
            }
            return .json(
                #"""
                {"data":[\#(rows.joined(separator: ","))],"summary":{"total_count":\#(counted)},
                 "paging":{"cursors":{"after":"c\#(row)"},"next":"https://x.example/?after=c\#(row)"}}
                """#
            )
        }
        let (error, calls) = try failure(recorder) { _ = try $0.campaigns() }
        #expect(error.kind == .endless)
        #expect(calls <= 3 * ((2 * counted + 1000) / 500 + 2))
    }

    @Test(
        "unusable rows hide no cycle, whatever their number on a page",
        arguments: ["one", "all", "null"],
        [1, 3]
    )
    func unusableRows(kind: String, count: Int) throws {
        var page = 0
        let recorder = Recorder { _ in
            page += 1
            let bad = Array(repeating: kind == "null" ? "null" : #"{"name":"no id"}"#, count: count)
            return .page((kind == "all" ? [] : [campaign("1")]) + bad, next: "c\(page)")
        }
        let (error, calls) = try failure(recorder) { _ = try $0.campaigns() }
        #expect(error.kind == .endless)
        #expect(calls <= 40)
    }

    @Test("an endless list with one damaged row on each page ends", arguments: ["campaigns", "ads"])
    func damagedRow(edge: String) throws {
        let graph = try SimulatedGraph(pageSize: 5)
        let id = try #require(try graph.rows(edge, [("fields", "id")]).first?["id"] as? String)
        graph.order(#"{"fault":"endless_repeats","edge":"\#(edge)"}"#)
        graph.order(#"{"fault":"count_missing","edge":"\#(edge)"}"#)
        graph.order(#"{"fault":"damaged_values","kind":"no_id","id":"\#(id)","edge":"\#(edge)"}"#)
        let (error, calls) = try failure(graph.recorder) { recorder in
            if edge == "ads" { _ = try recorder.ads(graph.account) } else { _ = try recorder.campaigns(graph.account) }
        }
        #expect(error.kind == .endless)
        #expect(calls <= 60)
    }

    @Test("pages with only unusable rows, each different, do not end a list")
    func damagedPages() throws {
        let bad = (0..<20).map { HTTPResponse.page([#"{"name":"\#($0)"}"#], next: "b\($0)") }
        let recorder = Recorder(bad + [.page([campaign("2")])])
        #expect(try recorder.campaigns().map(\.id) == ["2"])
    }

    @Test("ever new insights end at the account's largest possible number of rows")
    func newInsights() throws {
        var row = 0
        let recorder = Recorder { _ in
            row += 1
            return .page([#"{"ad_id":"\#(row)","impressions":"1"}"#], next: "c\(row)")
        }
        let reading = GraphClient.totals(
            .dollars,
            level: .ad,
            days: november,
            at: ListPosition(pageSize: 1),
            report: ReportUse(),
            most: { 40 },
            page: { _ in },
            restarted: {}
        )
        #expect(graphError { try recorder.read(reading) }?.kind == .endless)
        #expect(recorder.requests.count <= 130)
    }

    @Test("empty pages within a list do not end it", arguments: [1, 20])
    func emptyPages(count: Int) throws {
        let empty = (0..<count).map { HTTPResponse.page([], next: "e\($0)") }
        let recorder = Recorder([.page([campaign("1")], next: "a")] + empty + [.page([campaign("2")])])
        #expect(try recorder.campaigns().map(\.id) == ["1", "2"])
    }
}
