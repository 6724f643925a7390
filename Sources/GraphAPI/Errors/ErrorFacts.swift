internal import HTTPMessages

/// Everything that a response contains about an error, in any shape. Each part may be missing.
///
/// Facebook's current shape is `{"error": {"message", "type", "code", "error_subcode", "is_transient",
/// "error_user_title", "error_user_msg", "error_data", "fbtrace_id"}}`. Older methods send `error_code` and `error_msg`
/// without an object. OAuth sends a text and a `WWW-Authenticate` header. Servers in front of the API send HTML, plain
/// text, or nothing.
struct ErrorFacts: Equatable {
    var code: Int?
    var subcode: Int?
    var message: String?
    var type: String?
    var userTitle: String?
    var userMessage: String?
    var traceID: String?
    var isTransient = false
    /// Names that `error_data` blames.
    var blamedNames: [String] = []
    /// Whether it has one of the forms of the Graph API. Servers in front of it send pages, texts, and JSON of their own.
    var isGraph = false

    init() {}

    /// The facts that an object states about an error, such as a report that failed.
    init(_ document: WireValue) {
        if let value = ErrorJSON(document.json.utf8) { take(value, depth: 0) }
        isGraph = true
        refineCode()
    }

    init(_ response: HTTPResponse) {
        // A damaged text must not hide the code.
        let repaired = { WireValue(parsing: response.body).flatMap { ErrorJSON($0.json.utf8) } }
        if let value = ErrorJSON(response.body) ?? repaired() {
            take(value.unwrapped, depth: 0)
        } else {
            readText(response.body, status: response.status)
        }
        readChallenge(response.headers["WWW-Authenticate"])
        isGraph = isGraph || code != nil || subcode != nil || type != nil || traceID != nil || userTitle != nil
        if code == response.status, code ?? 0 >= 400, subcode == nil, type == nil, traceID == nil {
            // A server in between repeats its status: Facebook's codes are others.
            (code, isGraph) = (nil, false)
        }
        refineCode()
    }

    /// A code 1 is "unknown": the number in the text says more.
    private mutating func refineCode() {
        if code ?? 0 == 0 || code == 1, let text = message {
            code = (isGraph ? ErrorText.code(in: text) : ErrorText.graphCode(in: text)) ?? code
        }
        if code == 0 { code = nil }
        if subcode == 0 { subcode = nil }
        isGraph = isGraph || code != nil
    }

    /// Fills missing facts from a value, and from values inside it that describe an error.
    private mutating func take(_ value: ErrorJSON, depth: Int) {
        guard depth < 6 else { return }
        switch value {
        case .object(let members):
            if let error = members["error"]?.unwrapped {
                switch error {
                case .object(let inner):
                    isGraph = isGraph || !inner.isEmpty
                    take(error, depth: depth + 1)
                case .list: take(error, depth: depth + 1)
                case .number: code = code ?? error.wholeNumber
                case .text(let text):
                    isGraph = isGraph || members["error_description"]?.text != nil
                    fill(&message, members["error_description"]?.text ?? text)
                case .flag, .null: break
                }
            }
            if let errors = members["errors"]?.unwrapped { take(errors, depth: depth + 1) }
            // An answer within an answer, whose own code is an HTTP status.
            if let body = members["body"]?.unwrapped, body.members != nil { take(body, depth: depth + 1) }
            take(members)
            // `data` holds the error of a token.
            for name in ["error_data", "data", "exception"] where code == nil || name == "error_data" {
                if let inner = members[name]?.unwrapped, inner.members != nil { take(inner, depth: depth + 1) }
            }
        case .list(let elements):
            for element in elements.prefix(10) where code == nil { take(element.unwrapped, depth: depth + 1) }
        case .text(let text):
            fill(&message, text)
        case .null, .flag, .number:
            break
        }
    }

    private mutating func take(_ members: [String: ErrorJSON]) {
        func first(_ names: String...) -> ErrorJSON? {
            names.lazy.compactMap { members[$0] }.first { !$0.isNothing }
        }
        isGraph = isGraph || members["error_msg"]?.text != nil
        code = code ?? first("code", "error_code", "errorCode")?.wholeNumber
        subcode = subcode ?? first("error_subcode", "subcode", "errorSubcode")?.wholeNumber
        fill(&message, first("message", "error_msg", "error_message", "error_description", "errorMessage", "msg")?.text)
        fill(&type, first("type", "error_type")?.text)
        fill(&userTitle, first("error_user_title")?.text)
        fill(&userMessage, first("error_user_msg", "error_user_message")?.text)
        fill(&traceID, first("fbtrace_id")?.text)
        isTransient = isTransient || first("is_transient")?.isTrue ?? false
        if blamedNames.isEmpty, let blame = first("blame_field_specs", "blame_fields") {
            blamedNames = Self.texts(in: blame.unwrapped, depth: 0)
        }
    }

    private func fill(_ place: inout String?, _ text: String?) {
        if place == nil { place = text }
    }

    private static func texts(in value: ErrorJSON, depth: Int) -> [String] {
        switch value {
        case .text(let text): [text]
        case .list(let elements) where depth < 4: elements.prefix(20).flatMap { texts(in: $0, depth: depth + 1) }
        default: []
        }
    }

    /// HTML, plain text, or JSON that was cut short.
    private mutating func readText(_ body: [UInt8], status: Int) {
        let text = String(decoding: body.prefix(8192), as: UTF8.self)
        let start = text.drop { $0.isWhitespace }
        if start.hasPrefix("{") || start.hasPrefix("[") {
            // In a page of rows that was cut short any number may stand anywhere.
            guard status != 200 || start.hasPrefix("{\"error") else { return }
            code = ErrorText.number(of: "code", in: text) ?? ErrorText.number(of: "error_code", in: text)
            subcode = ErrorText.number(of: "error_subcode", in: text)
            message = ErrorText.text(of: "message", in: text) ?? ErrorText.text(of: "error_msg", in: text)
        } else {
            // Whose page it is, nobody knows: colours, dates and tickets look like codes. Where the status says enough, the
            // page has to use Facebook's words as well.
            let plain = PageText.visible(text)
            let isClear = status >= 500 || status == 429
            let isNumbered = ErrorText.graphCode(in: plain) != nil && (!isClear || ErrorText.isFacebooks(plain))
            if isNumbered || ErrorText.meaning(of: plain) != nil { message = plain }
        }
    }

    /// `OAuth "Facebook Platform" "invalid_token" "Error validating access token: …"`.
    private mutating func readChallenge(_ header: String?) {
        guard let header = header.map({ String($0.prefix(1000)) }) else { return }
        let quoted = header.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
        if header.lowercased().hasPrefix("oauth"), quoted.count >= 3 { fill(&message, quoted[2]) }
        guard code == nil else { return }
        if header.contains("invalid_token") {
            fill(&type, "invalid_token")
        } else if header.contains("insufficient_scope") {
            fill(&type, "insufficient_scope")
        }
    }
}
