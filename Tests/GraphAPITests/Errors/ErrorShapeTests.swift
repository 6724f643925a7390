import GraphSimulator
import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// An error means the same in every shape.
@Suite struct ErrorShapeTests {
    /// Shapes that keep code and subcode, and shapes that keep only the code.
    static let complete = [
        "usual", "texts", "flag_text", "rest", "text_in_text", "data_in_data", "list", "body", "cut",
    ]
    static let numberOnly = ["number_in_text", "brackets_in_text", "text", "oauth", "html", "plain"]

    private func error(_ order: String, status: Int = 400) throws -> GraphError {
        let graph = try SimulatedGraph()
        graph.recorder.client.isPatient = false
        graph.order(order)
        return try #require(graphError { try graph.recorder.client.adAccount(graph.account.facebookID) })
    }

    @Test(
        "every shape gives the kind of the usual one, for each code, subcode and status",
        arguments: complete,
        [
            (190, 463), (190, 0), (102, 0), (17, 2_446_079), (4, 0), (4, 1_504_022), (613, 1_487_742),
            (80_004, 2_446_079),
            (80_000, 0), (32, 0), (341, 0), (200, 0), (10, 0), (100, 33), (100, 1_487_534), (2635, 0), (2, 0), (368, 0),
            (2642, 0), (100, 2_446_289), (99_999, 0), (3, 0),
        ]
    )
    func shapes(shape: String, code: (Int, Int)) throws {
        for status in [200, 400, 401, 403, 500] {
            let order = #""fault":"error","code":\#(code.0),"subcode":\#(code.1),"status":\#(status)"#
            let usual = try error("{\(order)}")
            let shaped = try error("{\(order),\"shape\":\"\(shape)\"}")
            #expect(shaped.kind == usual.kind)
            #expect(shaped.code == usual.code)
            #expect(shaped.subcode == usual.subcode)
        }
    }

    @Test(
        "a dead token and a limit are recognised by the number in a text",
        arguments: numberOnly,
        [190, 102, 17, 4, 613, 80_004, 80_000, 32, 341, 368]
    )
    func numbers(shape: String, code: Int) throws {
        for status in [200, 400, 403, 500] {
            let order = #""fault":"error","code":\#(code),"status":\#(status)"#
            let usual = try error("{\(order)}")
            let shaped = try error("{\(order),\"shape\":\"\(shape)\"}")
            #expect(shaped.kind == usual.kind)
            #expect(shaped.code == code)
        }
    }

    @Test("a dead token is recognised by its header alone and by a bare 401; a bare 429 is a rate limit")
    func withoutBody() throws {
        #expect(try error(#"{"fault":"token_expired","shape":"challenge"}"#).kind == .tokenInvalid)
        #expect(try error(#"{"fault":"token_expired","shape":"status"}"#).kind == .tokenInvalid)
        #expect(try error(#"{"fault":"rate_limited","shape":"status"}"#).kind == .rateLimited(.account, seconds: 300))
        let page = Recorder(always: HTTPResponse(status: 429, body: Array("<html>Too many (#190)</html>".utf8)))
        #expect(graphError { try page.campaigns() }?.kind == .rateLimited(.account, seconds: 300))
        #expect(try error(#"{"fault":"empty_body","status":403}"#).kind == .transient)
        #expect(try error(#"{"fault":"empty_body","status":400}"#).kind == .transient)
        #expect(try error(#"{"fault":"server_error_html","status":400}"#).kind == .transient)
    }

    @Test(
        "without a number, a dead token is recognised by Facebook's words",
        arguments: [
            #"{"error":{"message":"Error validating access token: Session has expired","type":"OAuthException"}}"#,
            #"{"error":{"message":"The access token could not be decrypted"}}"#,
            #"{"error":"invalid_token","error_description":"Malformed access token EAA"}"#,
            #"{"error_msg":"Invalid OAuth access token.","error_code":null}"#,
        ]
    )
    func words(body: String) {
        let recorder = Recorder(always: HTTPResponse(status: 400, json: body))
        #expect(graphError { try recorder.campaigns() }?.kind == .tokenInvalid)
    }

    @Test(
        "numbers and words in a truncated page of rows mean nothing",
        arguments: [
            #"{"data":[{"id":"1","name":"(#17) Sale","status":"#, #"{"data":[{"id":"1","name":"invalid access token"#,
            #"[{"code":190,"#,
        ]
    )
    func rows(body: String) {
        let recorder = Recorder(always: HTTPResponse(status: 200, body: Array(body.utf8)))
        #expect(graphError { try recorder.campaigns() }?.kind == .transient)
    }

    @Test(
        "an error without content and with status 200 is retried; a null error is no error",
        arguments: [("empty_error", 1), ("null_error", 0)]
    )
    func emptyError(fault: String, retries: Int) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"\#(fault)","times":1}"#)
        #expect(try graph.recorder.campaigns(graph.account).count == 6)
        #expect(graph.recorder.waits.count == retries)
    }

    @Test(
        "PHP's other empty values are no errors either",
        arguments: ["false", "\"\"", "[]", "0", "null"]
    )
    func noError(value: String) throws {
        let recorder = Recorder(always: .json(#"{"error":\#(value),"data":[\#(campaign("1"))]}"#))
        #expect(try recorder.campaigns().map(\.id) == ["1"])
    }

    @Test("an unknown code is retried once, whatever the status", arguments: [200, 400, 404])
    func unknown(status: Int) {
        let recorder = Recorder([.error(99_999, status: status), .json(#"{"account_id":"1","currency":"USD"}"#)])
        #expect((try? recorder.client.adAccount("1").facebookID) == "1")
        let lasting = Recorder(always: .error(99_999, status: status))
        #expect(graphError { try lasting.client.adAccount("1") }?.kind == .unknown)
    }

    @Test("Retry-After is honoured: short waits at once, long ones by ending the run")
    func retryAfter() throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"server_error_html","retry_after":"40","times":1}"#)
        #expect(try graph.recorder.campaigns(graph.account).count == 6)
        #expect(graph.recorder.waits == [40])
        graph.order(#"{"fault":"server_error_html","retry_after":"900","times":1}"#)
        let error = try #require(graphError { try graph.recorder.campaigns(graph.account) })
        #expect(error.retryAfter == 900)
        #expect(graph.recorder.waits == [40])
        let limit = Recorder(always: HTTPResponse(status: 429, headers: ["Retry-After": "7200"]))
        #expect(graphError { try limit.campaigns() }?.kind == .rateLimited(.account, seconds: 7200))
        let dated = Recorder(
            always: HTTPResponse(
                status: 429,
                headers: [
                    "Date": "Mon, 30 Nov 2026 10:00:00 GMT", "Retry-After": "Mon, 30 Nov 2026 10:20:00 GMT",
                ]
            )
        )
        #expect(graphError { try dated.campaigns() }?.kind == .rateLimited(.account, seconds: 1200))
    }

    @Test(
        "Facebook's text for users is kept, also from doubly encoded data",
        arguments: ["usual", "data_in_data"]
    )
    func people(shape: String) throws {
        let error = try error(
            #"{"fault":"error","code":17,"subcode":2446079,"shape":"\#(shape)","user_title":"Too Many Calls","user_message":"Wait a bit."}"#
        )
        #expect(error.userTitle == "Too Many Calls")
        #expect(error.userMessage == "Wait a bit.")
        #expect(error.description.hasSuffix("Facebook explains: Too Many Calls: Wait a bit."))
        #expect(error.type == "OAuthException")
        #expect(error.traceID?.isEmpty == false)
    }

    @Test("no error text contains a secret or a second line, or exceeds a line's length")
    func secrets() throws {
        let other = "EAAother0123456789ABCDEFGH"
        let text = #"no \#(token)\n\u202E\#(other) access_token=abcdef123 "# + String(repeating: "x", count: 900)
        let recorder = Recorder(
            always: HTTPResponse(
                status: 400,
                json: #"""
                    {"error":{"code":190,"message":"\#(text)","error_user_title":"\#(text)","error_user_msg":"\#(text)",
                    "type":"\#(text)","fbtrace_id":"\#(text)"}}
                    """#
            )
        )
        let error = try #require(graphError { try recorder.campaigns() })
        for text in [error.message, error.userTitle, error.userMessage, error.type, error.traceID] {
            let text = try #require(text)
            #expect(!text.contains(token) && !text.contains(other) && !text.contains("abcdef123"))
            #expect(text.unicodeScalars.count <= 300)
            #expect(!text.contains("\n") && !text.contains("\u{202E}"))
        }
    }
}
