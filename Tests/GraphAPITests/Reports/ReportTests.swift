import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Days of ads, read through a report of the simulator.
private final class SimulatedReport {
    let graph: SimulatedGraph
    /// The arguments of `ordered` and `restarted`, in their order.
    var events: [String] = []
    var rows: [AdDay] = []

    init(pageSize: Int = 1000) throws {
        graph = try SimulatedGraph(pageSize: pageSize)
    }

    /// - Parameter id: the id of a report that was ordered before.
    func read(_ id: String? = nil) throws {
        let use = ReportUse(isWanted: true, earlier: id.map { ReportUse.Earlier(id: $0) }) { [unowned self] in
            events.append($0 == nil ? "none" : "ordered")
        }
        let reading = GraphClient.adDays(
            graph.account,
            days: november,
            at: ListPosition(pageSize: 500),
            report: use,
            page: { [unowned self] in rows += $0.values },
            restarted: { [unowned self] in
                events.append("restarted")
                rows = []
            }
        )
        try graph.recorder.read(reading, graph.account)
    }

    func order(_ fault: String, _ members: String = "") { graph.order(#"{"fault":"\#(fault)"\#(members)}"#) }

    var kinds: [String] {
        graph.recorder.requests.map {
            $0.method == "POST" ? "order" : $0.path.hasSuffix("/insights") ? "rows" : "look"
        }
    }
    var orders: Int { kinds.count { $0 == "order" } }
    /// The days as a list returns them.
    func expected() throws -> [AdDay] { try SimulatedGraph().recorder.adDays(graph.account) }
}

@Suite struct ReportTests {
    @Test("a report is ordered, awaited and read over pages, and has the rows of the list", arguments: [1000, 50])
    func plain(pageSize: Int) throws {
        let report = try SimulatedReport(pageSize: pageSize)
        try report.read()
        let expected = try report.expected()
        #expect(report.rows == expected && !expected.isEmpty)
        #expect(report.kinds.first == "order" && report.kinds.dropFirst().first == "look")
        #expect(report.kinds.count { $0 == "rows" } == (expected.count + min(pageSize, 500) - 1) / min(pageSize, 500))
        #expect(report.events == ["ordered"])
        let order = report.graph.recorder.requests[0]
        let form = try QueryParameters(decoding: String(decoding: order.body, as: UTF8.self))
        #expect(order.query.isEmpty && form["limit"] == nil && form["after"] == nil)
        #expect(form["fields"] == InsightObject.adDays.names.joined(separator: ","))
        #expect(form["time_increment"] == "1" && form["level"] == "ad")
        #expect(try report.graph.recorder.parameters(report.kinds.count - 1)["fields"] == nil)
    }

    @Test("status checks of a slow report come at growing intervals, half a minute apart at most")
    func pauses() throws {
        let report = try SimulatedReport()
        report.order("report_slow", #","value":300"#)
        var looks: [Double] = []
        let began = report.graph.recorder.now
        let use = ReportUse(isWanted: true)
        let reading = GraphClient.adDays(
            report.graph.account,
            days: november,
            at: ListPosition(pageSize: 500),
            report: use,
            page: { _ in },
            restarted: {}
        )
        try report.graph.recorder.client.read([reading], of: report.graph.account.facebookID) {
            let count = report.kinds.count { $0 == "look" }
            if count > looks.count { looks.append(report.graph.recorder.now - began) }
        }
        let gaps = zip([0] + looks, looks).map { $1 - $0 }
        #expect(gaps.prefix(8).map { ($0 * 2).rounded() / 2 } == [0.5, 1, 2, 4, 8, 16, 30, 30])
        #expect(gaps.allSatisfy { $0 < 30.6 })
        #expect(try #require(looks.last) >= 300 && report.orders == 1)
    }

    @Test("neither 100 % while the report runs nor Completed alone means that it is ready")
    func notYet() throws {
        let report = try SimulatedReport()
        report.order("report_not_yet", #","value":3"#)
        try report.read()
        #expect(try report.rows == report.expected())
        let states = [
            #"{"async_status":"Job Completed","async_percent_completion":99}"#,
            #"{"async_status":"Job Completed","async_percent_completion":100,"is_running":true}"#,
            #"{"async_status":"Job Running","async_percent_completion":100}"#,
            #"{"async_status":"Job Completed","async_percent_completion":"100","is_running":false}"#,
        ]
        let recorder = Recorder([.json(#"{"report_run_id":"77"}"#)] + states.map { .json($0) } + [.page([])])
        #expect(try recorder.adDays(report: ReportUse(isWanted: true)).isEmpty)
        #expect(recorder.requests.last?.path == "/v23.0/77/insights")
    }

    @Test(
        "a completed report is read even if its percentage is unreadable",
        arguments: ["null", #""100 %""#, "3000000000", "[]", "-1", "true"]
    )
    func unreadablePercentage(percent: String) throws {
        var advances: [Int] = []
        let states = ["Running", "Completed"].map {
            HTTPResponse.json(#"{"async_status":"Job \#($0)","async_percent_completion":\#(percent)}"#)
        }
        let recorder = Recorder([.json(#"{"report_run_id":"77"}"#)] + states + [.page([])])
        let use = ReportUse(isWanted: true, advanced: { advances.append($0) })
        #expect(try recorder.adDays(report: use).isEmpty)
        #expect(recorder.requests.last?.path == "/v23.0/77/insights")
        #expect(advances.isEmpty)
    }

    @Test("a report with an unreadable percentage is awaited as long as reports may take, and no longer")
    func unmeasured() throws {
        let running = HTTPResponse.json(#"{"async_status":"Job Running","async_percent_completion":null}"#)
        let recorder = Recorder { request in
            request.method == "POST" ? .json(#"{"report_run_id":"77"}"#) : running
        }
        let began = recorder.now
        #expect(graphError { try recorder.adDays(report: ReportUse(isWanted: true)) }?.kind == .tooSlow)
        #expect(recorder.requests.count { $0.method == "POST" } == 2)
        #expect((7000..<7500).contains(recorder.now - began))
    }

    @Test("a report that failed or was skipped is ordered once more", arguments: ["report_fails", "report_skipped"])
    func again(fault: String) throws {
        let report = try SimulatedReport()
        report.order(fault, #","times":1"#)
        try report.read()
        #expect(try report.rows == report.expected())
        #expect(report.events == ["ordered", "none", "restarted", "ordered"])
    }

    @Test(
        "a report that never completes is given up and not checked again",
        arguments: [("report_fails", 2, 0.0..<60), ("report_skipped", 3, 0..<60), ("report_stuck", 2, 950..<1050)]
    )
    func givenUp(fault: String, orders: Int, seconds: Range<Double>) throws {
        let report = try SimulatedReport()
        report.order(fault)
        let began = report.graph.recorder.now
        #expect(graphError { try report.read() }?.kind == .tooSlow)
        #expect(report.orders == orders)
        #expect(seconds.contains(report.graph.recorder.now - began))
        #expect(report.graph.recorder.waits.isEmpty)
        #expect(report.rows.isEmpty)
    }

    @Test("a report without progress counts as stuck after eight minutes, a slow one does not")
    func stuck() throws {
        let report = try SimulatedReport()
        report.order("report_stuck", #","times":1"#)
        let began = report.graph.recorder.now
        try report.read()
        #expect(try report.rows == report.expected())
        #expect((470..<530).contains(report.graph.recorder.now - began))
        let slow = try SimulatedReport()
        slow.order("report_slow", #","value":1500"#)
        try slow.read()
        #expect(slow.orders == 1)
    }

    @Test("the reason for a report's failure is one line, without our secrets")
    func reason() throws {
        let failed = HTTPResponse.json(
            #"{"async_status":"Job Failed","async_percent_completion":0,"error_code":"100","error_message":"too\nmuch of \#(token)"}"#
        )
        let order = HTTPResponse.json(#"{"report_run_id":"77"}"#)
        let recorder = Recorder([order, failed, order, failed])
        let error = try #require(graphError { try recorder.adDays(report: ReportUse(isWanted: true)) })
        #expect(error.kind == .tooSlow && error.code == 100)
        #expect(error.message == "too much of ***")
    }
}
