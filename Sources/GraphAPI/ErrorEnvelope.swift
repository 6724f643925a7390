internal import FoundationEssentials
internal import HTTPMessages

/// `{"error": {…}}`, which also comes with status 200.
struct ErrorEnvelope: Decodable {
    var error: ErrorObject?

    struct ErrorObject: Decodable {
        var message: String?
        var code: FlexibleText?
        var errorSubcode: FlexibleText?
        var isTransient: Bool?

        enum CodingKeys: String, CodingKey {
            case message
            case code
            case errorSubcode = "error_subcode"
            case isTransient = "is_transient"
        }
    }

    /// The error that a response stands for; `nil` when it is an answer.
    /// - Parameter secrets: texts that must not go anywhere, should Facebook repeat them.
    static func error(in response: HTTPResponse, hiding secrets: [String]) -> GraphError? {
        if response.status == 200 && !mayHoldError(response.body) { return nil }
        let envelope = try? JSONDecoder().decode(ErrorEnvelope.self, from: Data(response.body))
        guard let object = envelope?.error else {
            if response.status == 200 { return nil }
            let kind: GraphError.Kind = response.status >= 500 || response.status == 429 ? .transient : .rejected
            return GraphError(kind: kind, status: response.status, message: "Facebook answered HTTP \(response.status)")
        }
        let code = object.code.flatMap { Int($0.text) } ?? 0
        let subcode = object.errorSubcode.flatMap { Int($0.text) } ?? 0
        let message = object.message ?? "Facebook answered with an error"
        let kind = GraphError.Kind.judge(
            status: response.status,
            code: code,
            subcode: subcode,
            isTransient: object.isTransient ?? false,
            message: message,
            regain: Usage.secondsToRegain(response.headers)
        )
        return GraphError(
            kind: kind,
            status: response.status,
            code: code,
            subcode: subcode,
            message: presentable(message, hiding: secrets)
        )
    }

    /// Spares decoding each page of data twice: an error with status 200 begins with it.
    private static func mayHoldError(_ body: [UInt8]) -> Bool {
        let start = body.prefix(64).filter { $0 > 0x20 }
        return start.starts(with: #"{"error""#.utf8) || !start.starts(with: "{".utf8)
    }

    private static func presentable(_ message: String, hiding secrets: [String]) -> String {
        let hidden = secrets.reduce(message) { $0.replacing($1, with: "***") }
        return String(
            hidden.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }.prefix(300).map(
                Character.init
            )
        )
    }
}
