import HTTPMessages
import Model
import Testing

@testable import GraphAPI

private let done = HTTPResponse.json(#"{"async_status":"Job Completed","async_percent_completion":100}"#)
private let gone = HTTPResponse.error(100, subcode: 33)
private func ordered(_ id: String) -> HTTPResponse { .json(#"{"report_run_id":\#(id)}"#) }

private func day(_ ad: String) -> String {
    #"{"ad_id":"\#(ad)","adset_id":"2","campaign_id":"3","date_start":"2026-11-05"}"#
}

/// Reports that are missing, not ready, or lost.
@Suite struct ReportLossTests {
    /// The calls of `ordered` and `restarted`, and the ads whose days were read.
    private func read(_ recorder: Recorder, id: String? = nil) throws -> (events: [String], ads: [String]) {
        var events: [String] = []
        var ads: [String] = []
        let reading = GraphClient.adDays(
            .dollars,
            days: november,
            at: ListPosition(pageSize: 500, refusedFields: ["actions"]),
            report: ReportUse(isWanted: true, earlier: id.map { ReportUse.Earlier(id: $0) }) {
                events.append($0 ?? "none")
            },
            page: {
                ads += $0.values.map(\.adID)
                #expect($0.next.refusedFields == ["actions"])
            },
            restarted: {
                events.append("restarted")
                ads = []
            }
        )
        try recorder.read(reading)
        return (events, ads)
    }

    private func calls(_ recorder: Recorder) -> [String] {
        recorder.requests.map { "\($0.method) \($0.path.dropFirst("/v23.0/".count))" }
    }

    private let order = "POST act_10000000000001/insights"

    @Test("a report that is not found right after its order is looked up again")
    func race() throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"report_race","value":3}"#)
        #expect(
            try graph.recorder.adDays(graph.account, report: ReportUse(isWanted: true))
                == graph.recorder.adDays(graph.account)
        )
        #expect(graph.recorder.requests.count { $0.method == "POST" } == 1)
        #expect(graph.recorder.waits.count == 3)
    }

    @Test("a report that stays unknown is ordered again, at most twice")
    func neverFound() throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"report_race","value":1000}"#)
        #expect(
            graphError { try graph.recorder.adDays(graph.account, report: ReportUse(isWanted: true)) }?.kind == .tooSlow
        )
        #expect(graph.recorder.requests.count { $0.method == "POST" } == 3)
    }

    @Test("a stored report is continued without an order and checked at once")
    func takenOver() throws {
        let recorder = Recorder([done, .page([day("1")])])
        let (events, ads) = try read(recorder, id: "77")
        #expect(events.isEmpty && ads == ["1"])
        #expect(calls(recorder) == ["GET 77", "GET 77/insights"])
        #expect(recorder.now == Recorder([]).now)
    }

    @Test("a stored report that is lost is ordered again, and the next run learns of it")
    func lostMeanwhile() throws {
        let recorder = Recorder([gone, gone, gone, gone, ordered(#""78""#), done, .page([day("1")])])
        let (events, ads) = try read(recorder, id: "77")
        #expect(events == ["none", "restarted", "78"])
        #expect(ads == ["1"])
        #expect(calls(recorder) == Array(repeating: "GET 77", count: 4) + [order, "GET 78", "GET 78/insights"])
    }

    @Test("a report lost while it is read is ordered again, and its rows so far are discarded")
    func lostBetweenPages() throws {
        let recorder = Recorder([
            ordered(#""77""#), done, .page([day("1")], next: "a"), gone, gone, gone, gone, ordered(#""78""#), done,
            .page([day("1")], next: "a"), .page([day("2")]),
        ])
        let (events, ads) = try read(recorder)
        #expect(events == ["77", "none", "restarted", "78"])
        #expect(ads == ["1", "2"])
    }

    @Test("a report lost as soon as it is complete is ordered again, and given up in the end", arguments: [1, nil])
    func lostOnceMade(times: Int?) throws {
        let graph = try SimulatedGraph()
        let expected = try graph.recorder.adDays(graph.account)
        graph.order(#"{"fault":"report_lost"\#(times.map { ",\"times\":\($0)" } ?? "")}"#)
        var rows: [AdDay]?
        let error = graphError {
            rows = try graph.recorder.adDays(graph.account, report: ReportUse(isWanted: true))
        }
        #expect(times == nil ? error?.kind == .tooSlow && rows == nil : error == nil && rows == expected)
        #expect(graph.recorder.requests.count { $0.method == "POST" } == (times == nil ? 3 : 2))
    }

    @Test("a cursor forgotten within a report restarts its rows and orders nothing")
    func cursor() throws {
        let recorder = Recorder([
            ordered(#""77""#), done, .page([day("1")], next: "a"), .error(2642), .page([day("1")], next: "b"),
            .page([day("2")]),
        ])
        let (events, ads) = try read(recorder)
        #expect(events == ["77", "restarted"])
        #expect(ads == ["1", "2"])
    }

    @Test("a report's id may be a bare number, however large", arguments: ["6023920149050", "120208325579370399"])
    func bareNumber(id: String) throws {
        let recorder = Recorder([ordered(id), done, .page([])])
        #expect(try read(recorder).events == [id])
        #expect(calls(recorder).last == "GET \(id)/insights")
    }

    @Test("an invalid report id leads to no call", arguments: [#""../me""#, #""""#, "1.5", "null", "{}", "-7"])
    func noID(wire: String) {
        let recorder = Recorder(always: ordered(wire))
        #expect(graphError { try read(recorder) }?.kind == .transient)
        #expect(Set(calls(recorder)) == [order])
    }

    @Test("rows that are too much for a page of a report are requested in smaller pages")
    func smallerPages() throws {
        let reduce = HTTPResponse.error(1, status: 500, message: "reduce the amount of data")
        let recorder = Recorder([ordered("77"), done, reduce, .page([day("1")])])
        #expect(try read(recorder).ads == ["1"])
        #expect(try recorder.sent("limit").compactMap(\.self) == ["500", "250"])
    }

    @Test("a field refused in the order is omitted from it, and stored with the rows as omitted")
    func refusedField() throws {
        let recorder = Recorder([
            .error(100, message: "(#100) action_values is not valid for fields param."), ordered("77"), done,
            .page([day("1")]),
        ])
        var refused: Set<String> = []
        try recorder.read(
            GraphClient.adDays(
                .dollars,
                days: november,
                at: ListPosition(pageSize: 500),
                report: ReportUse(isWanted: true),
                page: { refused = $0.next.refusedFields },
                restarted: {}
            )
        )
        #expect(refused == ["action_values"])
    }
}
