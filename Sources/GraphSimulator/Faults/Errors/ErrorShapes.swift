import HTTPMessages

/// The shapes in which Facebook, its older methods, and the servers in front of it send an error.
enum ErrorShape: String, CaseIterable {
    /// `{"error":{"message":…,"code":190,…}}`
    case usual
    /// Code and subcode are texts, `is_transient` is a number.
    case texts
    /// `is_transient` is a text.
    case flagText = "flag_text"
    /// The code is only in the message: `(#190) …`.
    case numberInText = "number_in_text"
    /// The same as `[190] …`.
    case bracketsInText = "brackets_in_text"
    /// `{"error_code":190,"error_msg":…,"error_subcode":463}`, as the REST API had it.
    case rest
    /// `{"error":"(#190) …"}`
    case text
    /// `{"error":"invalid_token","error_description":"(#190) …"}`, as OAuth has it.
    case oauth
    /// The error object is JSON within a JSON string.
    case textInText = "text_in_text"
    /// Title and text for people are in `error_data`, which is encoded twice.
    case dataInData = "data_in_data"
    /// `[{"error":…}]`
    case list
    /// `{"code":400,"body":"{\"error\":…}"}`: an answer within an answer.
    case body
    /// A page of HTML that names the code.
    case html
    /// One line of text.
    case plain
    /// JSON that ends in the middle.
    case cut
    /// Only a `WWW-Authenticate` header; of tokens.
    case challenge
    /// Nothing but the status: 401 for tokens, 429 for limits.
    case status
    /// `{"error":{"message":…}}`: Facebook's words without a code.
    case words

    // What servers in front of the Graph API send, which say nothing of the error.
    /// A page whose styles, scripts and text are full of numbers that look like codes.
    case foreignPage = "foreign_page"
    /// `{"message":"Bad Request"}`
    case foreignObject = "foreign_object"
    /// `{"error":"Bad Request"}`
    case foreignText = "foreign_text"
    /// `{"error":{"code":400,"message":"Bad Request"}}`, with the HTTP status as its code.
    case foreignError = "foreign_error"
}

extension Fault {
    /// An error in the shape that was ordered.
    func shaped(_ error: GraphError, trace: String) -> HTTPResponse {
        let shape = order.text("shape").flatMap(ErrorShape.init) ?? .usual
        var response = shape.response(error, trace: trace)
        if let seconds = order.text("retry_after") { response.headers["Retry-After"] = seconds }
        return response
    }
}

extension ErrorShape {
    func response(_ error: GraphError, trace: String) -> HTTPResponse {
        var error = error
        let numbered = error.message.hasPrefix("(#") ? error.message : "(#\(error.code)) \(error.message)"
        switch self {
        case .usual:
            return error.response(trace: trace)
        case .texts:
            error.hasTextCodes = true
            return json(error, ["error": changed(error, trace) { $0 == "is_transient" ? 0 : nil }])
        case .flagText:
            return json(error, ["error": changed(error, trace) { $0 == "is_transient" ? "false" : nil }])
        case .numberInText:
            return json(error, ["error": ["message": .string(numbered), "type": "OAuthException"]])
        case .bracketsInText:
            let text = numbered.replacing("(#", with: "[").replacing(")", with: "]", maxReplacements: 1)
            return json(error, ["error": ["message": .string(text), "type": "OAuthException"]])
        case .rest:
            return json(
                error,
                .present([
                    ("error_code", .int(error.code)), ("error_msg", .string(error.message)),
                    ("error_subcode", error.subcode.map(JSON.int)),
                ])
            )
        case .text:
            return json(error, ["error": .string(numbered)])
        case .oauth:
            return json(error, ["error": "invalid_request", "error_description": .string(numbered)])
        case .textInText:
            return json(error, ["error": .string(String(decoding: object(error, trace).text, as: UTF8.self))])
        case .dataInData:
            return json(error, ["error": dataInData(error, trace)])
        case .list:
            return json(error, [["error": object(error, trace)]])
        case .body:
            let inner = JSON.object([("error", object(error, trace))])
            return json(error, ["code": 400, "body": .string(String(decoding: inner.text, as: UTF8.self))])
        case .html:
            let page = "<!DOCTYPE html><html><head><title>Error</title><style>p { color: #190 }</style></head><body>"
            return text(error, page + "<p>\(numbered)</p></body></html>", "text/html")
        case .plain:
            return text(error, numbered, "text/plain")
        case .cut:
            let whole = error.response(trace: trace).body
            return text(error, String(decoding: whole.dropLast(12), as: UTF8.self), "application/json")
        case .challenge:
            var response = HTTPResponse(status: error.status)
            response.headers["WWW-Authenticate"] =
                "OAuth \"Facebook Platform\" \"invalid_token\" \"\(error.message)\""
            return response
        case .status:
            return HTTPResponse(status: error.code == 190 || error.code == 102 ? 401 : 429)
        case .words:
            return json(error, ["error": ["message": .string(error.message)]])
        case .foreignPage:
            return text(error, Self.pageOfNumbers, "text/html")
        case .foreignObject:
            return json(error, ["message": "Bad Request [4]"])
        case .foreignText:
            return json(error, ["error": "Bad Request"])
        case .foreignError:
            return json(error, ["error": ["code": .int(error.status), "message": "Bad Request"]])
        }
    }

    private static let pageOfNumbers = """
        <!DOCTYPE html><html><head><title>Bad Gateway</title><style>
        p > a { color: #190; background: #368 } /* (#190) */
        </style><SCRIPT type="text/javascript">var codes = [17, 4], text = "(#17) <p>User request limit reached"</SCRIPT>
        </head><body><!-- (#190) Error validating access token --><a title="1 > 0 (#4)" href="/#190">Bad Gateway</a>
        <p>[17/Nov/2026:10:00:00] #368, error code 4, [190], request [4, 17]</p></body></html>
        """

    private func json(_ error: GraphError, _ body: JSON) -> HTTPResponse {
        HTTPResponse(status: error.status, body: body.text)
    }

    private func text(_ error: GraphError, _ body: String, _ type: String) -> HTTPResponse {
        HTTPResponse(status: error.status, headers: ["Content-Type": type], body: Array(body.utf8))
    }

    /// The error object as usual.
    private func object(_ error: GraphError, _ trace: String) -> JSON {
        JSON(parsing: error.response(trace: trace).body)?["error"] ?? .null
    }

    /// - Parameter change: another value for a member, which is added when it is not there.
    private func changed(_ error: GraphError, _ trace: String, _ change: (String) -> JSON?) -> JSON {
        guard case .object(let members) = object(error, trace) else { return .null }
        let rest = members.filter { change($0.0) == nil }
        return .object(rest + ["is_transient"].compactMap { name in change(name).map { (name, $0) } })
    }

    private func dataInData(_ error: GraphError, _ trace: String) -> JSON {
        let people = JSON.present([
            ("error_user_title", error.userTitle.map(JSON.string)),
            ("error_user_msg", error.userMessage.map(JSON.string)),
            ("blame_field_specs", [["fields"]]),
        ])
        let once = JSON.string(String(decoding: people.text, as: UTF8.self))
        guard case .object(let members) = object(error, trace) else { return .null }
        let rest = members.filter { !["error_user_title", "error_user_msg", "error_data"].contains($0.0) }
        return .object(rest + [("error_data", .string(String(decoding: once.text, as: UTF8.self)))])
    }
}
