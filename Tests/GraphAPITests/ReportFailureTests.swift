import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// From v25.0 on, Facebook returns why a report failed. The reason counts as in any other response.
@Suite struct ReportFailureTests {
    private final class Log {
        var refused: Set<String> = []
        /// For each event, whether a report was stored (true) or all were forgotten.
        var remembered: [Bool] = []
        var rows: [AdDay] = []
    }

    private func graph() throws -> SimulatedGraph {
        let graph = try SimulatedGraph()
        // The client begins with v23.0.
        graph.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0"}"#)
        return graph
    }

    private func read(_ graph: SimulatedGraph, _ log: Log = Log()) throws {
        let use = ReportUse(
            isWanted: true,
            ordered: { log.remembered.append($0 != nil) },
            refused: { log.refused = $0 },
            // A caller that gives up on unready reports would throw here; this one waits.
            unready: {}
        )
        try graph.recorder.read(
            GraphClient.adDays(
                graph.account,
                days: november,
                at: ListPosition(pageSize: 500),
                report: use,
                page: { log.rows += $0.values },
                restarted: { log.rows = [] }
            ),
            graph.account
        )
    }

    @Test(
        "a limit, a dead token and a refused app count as in any other response, and nothing is ordered again",
        arguments: [
            (17, GraphError.Kind.rateLimited(.account, seconds: 300)),
            (80_000, .rateLimited(.insights, seconds: 300)), (4, .rateLimited(.app, seconds: 300)),
            (190, .tokenInvalid), (101, .appRefused),
        ],
        ["usual", "number_in_text"]
    )
    func urgent(example: (code: Int, kind: GraphError.Kind), shape: String) throws {
        let graph = try graph()
        graph.order(
            #"{"fault":"report_fails","code":\#(example.code),"message":"It failed","shape":"\#(shape)"}"#
        )
        let log = Log()
        let error = try #require(graphError { try read(graph, log) })
        #expect(error.kind == example.kind)
        #expect(error.code == example.code)
        // A later run must not check the failed report again.
        #expect(log.remembered == [true, false])
        if case .rateLimited(let quota, _) = example.kind {
            #expect(graph.recorder.client.usage.readings[quota]?.heldUntil != nil)
        }
    }

    @Test(
        "a field that a failed report names is omitted from the next one and reported",
        arguments: [3, 10, 12, 100]
    )
    func named(code: Int) throws {
        let graph = try graph()
        let expected = try graph.recorder.adDays(graph.account)
        graph.order(
            #"{"fault":"report_fails","field":"action_values","code":\#(code),"message":"(#\#(code)) action_values field is deprecated for versions v25.0 and higher"}"#
        )
        let log = Log()
        try read(graph, log)
        #expect(log.rows.map(\.adID) == expected.map(\.adID))
        #expect(log.refused == ["action_values"])
    }

    @Test(
        "a refused field that a failed report does not name is found by further reports",
        arguments: [3, 10, 12],
        ["action_values", "actions"]
    )
    func unnamed(code: Int, field: String) throws {
        let graph = try graph()
        let expected = try graph.recorder.adDays(graph.account)
        graph.order(#"{"fault":"report_fails","field":"\#(field)","code":\#(code),"message":"(#\#(code)) No"}"#)
        let log = Log()
        try read(graph, log)
        #expect(log.rows.map(\.adID) == expected.map(\.adID))
        #expect(log.refused == [field])
        // The first and the last order; those between omit more than the refused field.
        #expect(log.remembered.count { $0 } == 2)
    }

    @Test("a refusal that concerns no field ends after a report without any optional one")
    func noField() throws {
        let graph = try graph()
        graph.order(#"{"fault":"report_fails","code":10,"message":"(#10) No"}"#)
        let error = try #require(graphError { try read(graph) })
        #expect(error.kind == .permissionMissing)
        #expect(error.code == 10)
    }

    @Test("a report that fails twice keeps code, subcode and Facebook's text for users")
    func words() throws {
        let graph = try graph()
        graph.order(
            #"{"fault":"report_fails","code":2,"subcode":99,"message":"It failed","user_title":"Too large","user_message":"Ask for less."}"#
        )
        let error = try #require(graphError { try read(graph) })
        #expect(error.kind == .tooSlow)
        #expect((error.code, error.subcode) == (2, 99))
        #expect(error.explanation == "Too large: Ask for less.")
    }
}
