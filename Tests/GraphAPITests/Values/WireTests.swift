import GraphSimulator
import HTTPMessages
import Model
import TestSupport
import Testing

@testable import GraphAPI

/// Bodies that are damaged on the way, or were never valid.
@Suite struct WireTests {
    static let damages = [
        #""fault":"empty_body""#, #""fault":"body_truncated""#, #""fault":"service_unavailable_text""#,
        #""fault":"success_false""#, #""fault":"body_not_json""#, #""fault":"wrong_types","value":1"#,
        #""fault":"wrong_types","value":2"#, #""fault":"wrong_types","value":4"#, #""fault":"error_in_200""#,
        #""fault":"server_error_html""#,
    ]

    @Test("a damaged response is requested again, and no row is lost or invented", arguments: damages, [1, 3])
    func survived(damage: String, times: Int) throws {
        let graph = try SimulatedGraph(.tiny, pageSize: 4)
        let ads = try graph.recorder.ads(graph.account)
        let days = try graph.recorder.adDays(graph.account)
        for path in ["/ads", "/insights"] { graph.order(#"{\#(damage),"path":"\#(path)","times":\#(times)}"#) }
        #expect(try graph.recorder.ads(graph.account) == ads)
        #expect(try graph.recorder.adDays(graph.account) == days)
        #expect(graph.recorder.waits.count == 2 * times)
    }

    @Test("a response that stays damaged is an error in the end, never an empty list", arguments: damages)
    func lasting(damage: String) throws {
        let graph = try SimulatedGraph(.tiny)
        graph.order("{\(damage)}")
        var pages = 0
        let reading = GraphClient.objects(
            graph.account,
            level: .ad,
            at: ListPosition(pageSize: 100),
            page: { _ in pages += 1 },
            restarted: {}
        )
        let error = try #require(graphError { try graph.recorder.read(reading, graph.account) })
        #expect(error.kind == .transient && !error.message.isEmpty)
        #expect(pages == 0)
        #expect(graph.recorder.requests.count == 5)
        #expect(graphError { try graph.recorder.adDays(graph.account) }?.kind == .transient)
        #expect(graphError { try graph.recorder.adDays(graph.account, report: ReportUse(isWanted: true)) } != nil)
    }

    @Test(
        "the client recovers from a damaged response to any call of a report",
        arguments: damages,
        ["POST", "look", "rows"]
    )
    func report(damage: String, call: String) throws {
        let graph = try SimulatedGraph(.tiny)
        let expected = try graph.recorder.adDays(graph.account)
        var isDamaged = false
        let recorder = Recorder(
            token: GraphSimulator.demoToken,
            clock: graph.recorder.clock
        ) {
            let kind = $0.method == "POST" ? "POST" : $0.path.hasSuffix("/insights") ? "rows" : "look"
            if kind == call, !isDamaged {
                isDamaged = true
                graph.order(#"{\#(damage),"times":1}"#)
            }
            return graph.simulator.respond(to: $0)
        }
        #expect(try recorder.adDays(graph.account, report: ReportUse(isWanted: true)) == expected)
        #expect(isDamaged)
    }

    @Test("an invalid spend is unknown, and the other metrics keep their values")
    func spendObject() throws {
        let graph = try SimulatedGraph(.tiny)
        var rows = try graph.recorder.metrics(.ad, graph.account)
        for place in rows.indices { rows[place].results[.spend] = nil }
        graph.order(#"{"fault":"wrong_types","value":5}"#)
        #expect(try graph.recorder.metrics(.ad, graph.account) == rows)
    }

    @Test("ids sent as numbers are the same ids")
    func numericIDs() throws {
        let graph = try SimulatedGraph(.tiny, pageSize: 4)
        let (ads, days) = (try graph.recorder.ads(graph.account), try graph.recorder.adDays(graph.account))
        graph.order(#"{"fault":"wrong_types","value":3}"#)
        #expect(try graph.recorder.ads(graph.account) == ads)
        #expect(try graph.recorder.adDays(graph.account) == days)
        #expect(try graph.recorder.adDays(graph.account, report: ReportUse(isWanted: true)) == days)
        #expect(graph.recorder.waits.isEmpty)
    }

    @Test("a redirect is an error and never followed", arguments: [1, nil])
    func redirect(times: Int?) throws {
        let graph = try SimulatedGraph(.tiny)
        graph.order(#"{"fault":"redirect"\#(times.map { ",\"times\":\($0)" } ?? "")}"#)
        let error = try #require(graphError { try graph.recorder.ads(graph.account) })
        #expect(error.kind == .rejected && error.status == 302)
        #expect(error.message == "Facebook returned HTTP 302")
        #expect(graph.recorder.requests.map(\.path) == ["/v23.0/act_\(graph.account.facebookID)/ads"])
    }

    @Test("other members of a response do not matter, however large they are")
    func huge() throws {
        let graph = try SimulatedGraph(.tiny, pageSize: 4)
        graph.order(#"{"fault":"huge","value":1,"times":1}"#)
        #expect(try graph.recorder.ads(graph.account).count == 9)
    }

    @Test("codes sent as texts, and error data sent as text, are understood")
    func textualError() throws {
        let graph = try SimulatedGraph(.tiny)
        for (code, subcode, kind) in [
            (100, 0, .rejected), (190, 463, .tokenInvalid), (17, 2_446_079, .rateLimited(.account, seconds: 300)),
        ] as [(Int, Int, GraphError.Kind)] {
            let fresh = try SimulatedGraph(.tiny)
            fresh.order(#"{"fault":"error_data_text","code":\#(code),"subcode":\#(subcode)}"#)
            let error = try #require(graphError { try fresh.recorder.ads(graph.account) })
            #expect(error.kind == kind && error.code == code && error.subcode == subcode)
            // A parameter error may concern a field: one more call without any optional field.
            #expect(fresh.recorder.requests.count == (kind == .rejected ? 2 : 1))
        }
    }
}

extension World {
    fileprivate static let tiny = World.with([
        AccountSpec(id: "10000000000001", name: "Tiny", campaigns: 2, adSets: 4, ads: 9)
    ])
}
