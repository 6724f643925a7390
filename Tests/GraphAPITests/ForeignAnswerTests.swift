import GraphSimulator
import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Responses from servers in front of the Graph API mean nothing about the token, the limits or the permissions.
@Suite struct ForeignAnswerTests {
    private func error(_ order: String) throws -> GraphError {
        let graph = try SimulatedGraph()
        graph.recorder.client.isPatient = false
        graph.order(order)
        return try #require(graphError { try graph.recorder.client.adAccount(graph.account.facebookID) })
    }

    @Test(
        "numbers in a page's styles, scripts, comments, attributes, dates and lists are no codes",
        arguments: [190, 17, 4, 368, 200],
        [400, 403, 500, 502, 503]
    )
    func page(code: Int, status: Int) throws {
        let error = try error(
            #"{"fault":"error","code":\#(code),"status":\#(status),"shape":"foreign_page"}"#
        )
        #expect(error.kind == .transient)
        #expect(error.code == 0)
    }

    @Test(
        "on an error page of a server, a number in Facebook's notation counts only beside Facebook's words",
        arguments: [
            ("<p>Ticket (#190)</p>", 502, GraphError.Kind.transient), ("<p>Ticket (#368)</p>", 503, .transient),
            ("(#190) upstream", 500, .transient), ("<p>(#190) Error validating access token</p>", 502, .tokenInvalid),
            ("<p>(#17) User request limit reached</p>", 502, .rateLimited(.account, seconds: 300)),
            ("<p>(#190)</p>", 400, .tokenInvalid), ("a < b (#190)", 400, .tokenInvalid),
            ("<style>p{color:#190}", 400, .transient), ("<p title='(#190)'>no", 400, .transient),
            ("<!-- (#190) -->", 400, .transient), ("<style media='x'>(#4)</STYLE >(#190)", 400, .tokenInvalid),
            ("<styles>(#190)</styles>", 400, .tokenInvalid), ("17/Nov/2026 error 190", 400, .transient),
        ]
    )
    func notation(text: String, status: Int, kind: GraphError.Kind) {
        let recorder = Recorder(always: HTTPResponse(status: status, body: Array(text.utf8)))
        recorder.client.isPatient = false
        #expect(graphError { try recorder.campaigns() }?.kind == kind)
    }

    @Test(
        "JSON that is not from Graph is retried like a server error",
        arguments: ["foreign_object", "foreign_text", "foreign_error"],
        [400, 403, 500]
    )
    func json(shape: String, status: Int) throws {
        let order = #""fault":"error","code":190,"status":\#(status),"shape":"\#(shape)""#
        let graph = try SimulatedGraph()
        graph.order("{\(order),\"times\":4}")
        #expect(try graph.recorder.campaigns(graph.account).count == 6)
        #expect(graph.recorder.waits.count == 4)
        graph.order("{\(order)}")
        let error = try #require(graphError { try graph.recorder.campaigns(graph.account) })
        #expect(error.kind == .transient)
    }

    @Test(
        "a 403 without a reason is retried and is no missing permission",
        arguments: [#""fault":"server_error_html""#, #""fault":"empty_body""#]
    )
    func forbidden(fault: String) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{\#(fault),"status":403,"times":2}"#)
        #expect(try graph.recorder.campaigns(graph.account).count == 6)
        #expect(graph.recorder.waits.count == 2)
        graph.order(#"{\#(fault),"status":403}"#)
        #expect(graphError { try graph.recorder.campaigns(graph.account) }?.kind == .transient)
    }

    @Test(
        "Facebook's words count even without a code",
        arguments: [
            ("API access blocked.", GraphError.Kind.appRefused), ("API access deactivated.", .appRefused),
            ("Error validating application. Application has been deleted.", .appRefused),
            ("bid_info field is deprecated for versions v23.0 and higher", .fieldRefused(["bid_info"])),
            ("Error validating access token: Session has expired", .tokenInvalid),
            ("User request limit reached", .rateLimited(.account, seconds: 300)), ("No such thing", .unknown),
        ],
        [400, 403]
    )
    func words(example: (message: String, kind: GraphError.Kind), status: Int) throws {
        let error = try error(
            #"{"fault":"error","message":"\#(example.message)","status":\#(status),"shape":"words"}"#
        )
        #expect(error.kind == (status == 403 && example.kind == .unknown ? .permissionMissing : example.kind))
    }

    @Test("a field refused without a code is omitted, also if its name has no underscore")
    func field() throws {
        let recorder = Recorder { request in
            guard (try QueryParameters(decoding: request.query))["fields"]?.contains("reach") == true else {
                return .page([#"{"ad_id":"1"}"#])
            }
            return HTTPResponse(status: 400, json: #"{"error":{"message":"reach is not valid for fields param"}}"#)
        }
        #expect(try recorder.metrics().map { $0.results[.reach] } == [nil])
        #expect(recorder.adaptations == [.withoutFields(["reach"])])
    }

    @Test("a refusal with neither code nor name is searched by halving")
    func unnamed() throws {
        let recorder = Recorder { request in
            guard (try QueryParameters(decoding: request.query))["fields"]?.contains("frequency") == true else {
                return .page([#"{"ad_id":"1"}"#])
            }
            return HTTPResponse(status: 400, json: #"{"error":{"message":"Invalid parameter"}}"#)
        }
        #expect(try recorder.metrics().count == 1)
        #expect(recorder.adaptations == [.withoutFields(["frequency"])])
    }
}
