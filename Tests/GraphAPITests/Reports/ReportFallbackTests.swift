import HTTPMessages
import Model
import Testing

@testable import GraphAPI

private let reduce = HTTPResponse.error(1, status: 500, message: "Please reduce the amount of data you're asking for")
private let slow = [HTTPResponse.error(100, subcode: 1_504_018), .error(2, subcode: 1_504_038)]
private let order = HTTPResponse.json(#"{"report_run_id":"77"}"#)
private let done = HTTPResponse.json(#"{"async_status":"Job Completed","async_percent_completion":100}"#)

private func ad(_ id: String) -> String { #"{"ad_id":"\#(id)"}"# }

/// Insights that are requested as a list and turn out to be too much.
@Suite struct ReportFallbackTests {
    private func kinds(_ recorder: Recorder) -> [String] {
        recorder.requests.map { request in
            if request.method == "POST" { return "order" }
            if request.path.hasSuffix("/77") { return "look" }
            let limit = (try? QueryParameters(decoding: request.query))?["limit"] ?? ""
            return "\(request.path.contains("/77/") ? "rows" : "list") \(limit)"
        }
    }

    @Test("insights that Facebook cannot compute in time become a report at once", arguments: slow)
    func timeout(answer: HTTPResponse) throws {
        let recorder = Recorder([answer, order, done, .page([ad("1")])])
        #expect(try recorder.metrics().map(\.objectID) == ["1"])
        #expect(kinds(recorder) == ["list 500", "order", "look", "rows 500"])
        #expect(recorder.adaptations == [.report])
    }

    @Test("too much data becomes a report once the pages are small")
    func tooMuch() throws {
        let recorder = Recorder([reduce, reduce, reduce, reduce, reduce, order, done, .page([ad("1")])])
        #expect(try recorder.metrics().map(\.objectID) == ["1"])
        #expect(kinds(recorder).prefix(6) == ["list 500", "list 250", "list 125", "list 62", "list 31", "order"])
    }

    @Test("the list's rows from before the report are discarded", arguments: slow)
    func inTheMiddle(answer: HTTPResponse) throws {
        let recorder = Recorder([
            .page([ad("1")], next: "a"), answer, order, done, .page([ad("2")], next: "b"), .page([ad("1")]),
        ])
        #expect(try recorder.metrics().map(\.objectID) == ["2", "1"])
    }

    @Test("fields that the list omitted are not in the order either")
    func withoutField() throws {
        let refusal = HTTPResponse.error(100, message: "(#100) reach is not valid for fields param.")
        let recorder = Recorder([refusal, slow[0], order, done, .page([ad("1")])])
        #expect(try recorder.metrics().count == 1)
        let form = try QueryParameters(decoding: String(decoding: recorder.requests[2].body, as: UTF8.self))
        #expect(form["fields"]?.contains("reach") == false)
    }

    @Test(
        "when a report is impossible too, the list restarts in smaller pages",
        arguments: [reduce] + slow
    )
    func noReport(refusal: HTTPResponse) throws {
        let recorder = Recorder([
            .page([ad("1")], next: "a"), slow[0], refusal, .page([ad("1")], next: "a"), reduce, .page([ad("2")]),
        ])
        #expect(try recorder.metrics().map(\.objectID) == ["1", "2"])
        #expect(kinds(recorder) == ["list 500", "list 500", "order", "list 250", "list 250", "list 125"])
        #expect(try recorder.sent("after") == [nil, "a", nil, nil, "a", "a"])
    }

    @Test("insights that are too much in every form end after pages of one row")
    func nothingHelps() {
        let recorder = Recorder(always: reduce)
        #expect(graphError { try recorder.metrics() }?.kind == .tooMuchData)
        #expect(kinds(recorder).count { $0 == "order" } == 1)
        #expect(kinds(recorder).suffix(5) == Array(repeating: "list 1", count: 5))
    }

    @Test("a report requested from the start and refused as too much ends with an error about its size")
    func orderRefused() {
        let recorder = Recorder(always: reduce)
        #expect(graphError { try recorder.adDays(report: ReportUse(isWanted: true)) }?.kind == .tooMuchData)
        #expect(kinds(recorder) == ["order"])
    }

    @Test("an order that meets a passing fault is retried and counts once")
    func orderFails() throws {
        let recorder = Recorder([.error(2, status: 503), order, done, .page([])])
        #expect(try recorder.adDays(report: ReportUse(isWanted: true)).isEmpty)
        #expect(recorder.waits.count == 1)
    }

    @Test("the simulator's heavy lists are read completely as a report")
    func simulated() throws {
        let graph = try SimulatedGraph()
        let expected = try graph.recorder.adDays(graph.account)
        graph.order(#"{"fault":"error","code":100,"subcode":1504018,"times":1,"path":"/insights"}"#)
        #expect(try graph.recorder.adDays(graph.account) == expected)
        #expect(graph.recorder.adaptations == [.report])
    }
}
