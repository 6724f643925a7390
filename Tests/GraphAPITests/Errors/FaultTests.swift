import HTTPMessages
import Model
import TestSupport
import Testing

@testable import GraphAPI

@Suite struct FaultTests {
    @Test(
        "after a passing fault the call is retried and everything is read",
        arguments: ["transient", "server_error_html", "error_in_200"],
        [1, 4]
    )
    func passing(fault: String, times: Int) throws {
        let graph = try SimulatedGraph(pageSize: 25)
        graph.order(#"{"fault":"\#(fault)","times":\#(times)}"#)
        #expect(try graph.recorder.ads(graph.account).count == 60)
        #expect(graph.recorder.waits.count == times)
        #expect(graph.recorder.requests.count == 3 + times)
        #expect(graph.recorder.client.calls == 3 + times)
    }

    @Test("without patience, a passing fault is reported at once")
    func hasty() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        graph.order(#"{"fault":"transient","times":1}"#)
        graph.recorder.client.isPatient = false
        #expect(graphError { _ = try graph.recorder.ads(graph.account) }?.kind == .transient)
        #expect(graph.recorder.requests.count == 1)
        #expect(graph.recorder.waits == [])
    }

    @Test("a truncated body is requested again, and then everything is read")
    func cutShort() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        graph.order(#"{"fault":"body_not_json","times":1}"#)
        var read = 0
        #expect(graphError { read = try graph.recorder.ads(graph.account).count } == nil)
        #expect(read == 60)
    }

    @Test("a body that is always truncated is a passing fault, never an empty list")
    func cutShortForEver() throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"body_not_json"}"#)
        #expect(graphError { try graph.recorder.ads(graph.account) }?.kind == .transient)
    }

    @Test(
        "a response with status 200 that is no list is an error, never an empty list",
        arguments: [
            "", "Service Unavailable", "null", "[]", "42", "{}", #"{"success":false}"#, #"{"data":null}"#,
            #"{"data":{}}"#, #"{"data":["one","two"]}"#, #"{"data":[],"paging":"text"}"#, #"{"data":[]"#,
            #"{"data":[],"paging":{"next":{}}}"#, "\u{FEFF}", #"{"error":null}"#,
        ]
    )
    func junk(body: String) {
        let recorder = Recorder(always: HTTPResponse(status: 200, body: Array(body.utf8)))
        #expect(graphError { try recorder.campaigns() }?.kind == .transient)
    }

    @Test(
        "an error with status 200 is found anywhere in the object",
        arguments: [
            #"{"error":{"code":190,"message":"no"}}"#, " \n {\n  \"error\": {\"code\": 190, \"message\": \"no\"}}",
            #"{"error":{"code":"190","message":"no"}}"#,
        ]
    )
    func errorIn200(body: String) {
        let recorder = Recorder(always: HTTPResponse(status: 200, body: Array(body.utf8)))
        #expect(graphError { try recorder.campaigns() }?.kind == .tokenInvalid)
        #expect(recorder.requests.count == 1)
    }

    @Test(
        "an error with status 200 is found even if it is not the first member",
        arguments: [
            #"{"success":false,"error":{"code":190,"message":"no"}}"#,
            #"{"data":[],"error":{"code":190,"message":"no"}}"#,
        ]
    )
    func laterErrorIn200(body: String) {
        let recorder = Recorder(always: HTTPResponse(status: 200, body: Array(body.utf8)))
        #expect(graphError { try recorder.campaigns() }?.kind == .tokenInvalid)
    }

    @Test("waits grow, and after the fourth the fault is reported")
    func growingWaits() throws {
        for answer in [
            HTTPResponse.error(2, status: 503), HTTPResponse(status: 502, body: Array("<html>Bad gateway</html>".utf8)),
            .error(960),
        ] {
            let recorder = Recorder(always: answer)
            let error = try #require(graphError { try recorder.campaigns() })
            #expect(error.kind == .transient)
            #expect(error.status == answer.status)
            #expect(recorder.requests.count == 5)
            #expect(recorder.waits.count == 4)
            for (wait, middle) in zip(recorder.waits, [1.0, 2, 4, 8]) {
                #expect(wait >= middle / 2 && wait < middle * 3 / 2)
            }
        }
    }

    @Test("each page has its own four attempts")
    func attemptsPerPage() throws {
        let broken = Array(repeating: HTTPResponse.error(2, status: 503), count: 4)
        let recorder = Recorder(broken + [.page([campaign("1")], next: "a")] + broken + [.page([campaign("2")])])
        #expect(try recorder.campaigns().map(\.id) == ["1", "2"])
        #expect(recorder.waits.count == 8)
    }

    @Test("every network failure is a passing fault and reported as such")
    func network() throws {
        struct Unreachable: Error, CustomStringConvertible { let description = "connection reset" }
        var calls = 0
        let recorder = Recorder { _ in
            calls += 1
            if calls < 3 { throw Unreachable() }
            return .page([campaign("1")])
        }
        #expect(try recorder.campaigns().map(\.id) == ["1"])
        #expect(recorder.waits.count == 2)
        #expect(recorder.client.calls == 3)

        let dead = Recorder { _ in throw Unreachable() }
        let error = try #require(graphError { try dead.campaigns() })
        #expect(error.kind == .transient)
        #expect(error.status == 0)
        #expect(error.description == "Facebook cannot be reached: connection reset")
    }

    @Test(
        "an error that no retry can heal is not retried",
        arguments: [
            ("token_expired", .tokenInvalid, 190, 463), ("permission", .permissionMissing, 200, 0),
            ("rate_limited", .rateLimited(.account, seconds: 300), 17, 2_446_079),
        ] as [(String, GraphError.Kind, Int, Int)]
    )
    func permanent(fault: String, kind: GraphError.Kind, code: Int, subcode: Int) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"\#(fault)"}"#)
        let error = try #require(graphError { try graph.recorder.campaigns(graph.account) })
        #expect(error.kind == kind)
        #expect(error.code == code)
        #expect(error.subcode == subcode)
        #expect(error.description.contains("(code \(code)"))
        // A missing permission may concern a field: one more call without any optional field.
        #expect(graph.recorder.requests.count == (kind == .permissionMissing ? 2 : 1))
        #expect(graph.recorder.waits.isEmpty)
    }

    @Test("an account that the token cannot see is not found, and not requested again")
    func unknownAccount() throws {
        let graph = try SimulatedGraph()
        #expect(graphError { try graph.recorder.client.adAccount("999") }?.kind == .notFound)
        #expect(graph.recorder.requests.count == 1)
    }

    @Test(
        "a rate limit lasts as many minutes as the header names, otherwise five",
        arguments: [(7, 420), (60, 3600), (1, 300)]
    )
    func rateLimit(minutes: Int, seconds: Double) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"rate_limited","value":\#(minutes)}"#)
        #expect(
            graphError { try graph.recorder.campaigns(graph.account) }?.kind == .rateLimited(.account, seconds: seconds)
        )
        #expect(
            graphError { try Recorder(always: .error(17)).campaigns() }?.kind == .rateLimited(.account, seconds: 300)
        )
    }

    @Test(
        "a status without an error object is judged by itself",
        arguments: [(404, .unknown), (400, .transient), (500, .transient), (405, .unknown), (503, .transient)]
            as [(Int, GraphError.Kind)]
    )
    func statusOnly(status: Int, kind: GraphError.Kind) throws {
        let recorder = Recorder(always: HTTPResponse(status: status, body: Array("<html>".utf8)))
        let error = try #require(graphError { try recorder.campaigns() })
        #expect(error.kind == kind)
        #expect(recorder.requests.count == (kind == .transient ? 5 : 2))
        #expect(error.description == "Facebook returned HTTP \(status)")
    }
}
