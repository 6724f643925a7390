internal import FoundationEssentials
internal import HTTPMessages

/// What a body holds: an object, or `{"error": {…}}`, which also comes with status 200.
enum Answer<Object: Decodable>: Decodable {
    case object(Object)
    case error(ErrorObject)

    private enum CodingKeys: CodingKey {
        case error
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if container.contains(.error) {
            self = .error(try container.decode(ErrorObject.self, forKey: .error))
        } else {
            self = .object(try Object(from: decoder))
        }
    }

    /// - Parameters:
    ///   - secrets: texts that must not go anywhere, should Facebook repeat them.
    ///   - account: Facebook's id; what is told of other accounts is left out.
    static func read(
        _ response: HTTPResponse,
        hiding secrets: [String],
        account: String
    ) throws(GraphError) -> Object {
        switch try? JSONDecoder().decode(Answer.self, from: Data(response.body)) {
        case .error(let object):
            throw object.graphError(response, hiding: secrets, account: account)
        case .object(let object) where response.status == 200:
            return object
        case .object, nil:
            let isPassing = response.status >= 500 || response.status == 429 || response.status == 200
            throw GraphError(
                kind: isPassing ? .transient : .rejected,
                status: response.status,
                message: response.status == 200
                    ? "Facebook's answer cannot be read" : "Facebook answered HTTP \(response.status)"
            )
        }
    }
}

/// Facebook's error object. All members but the message may be missing, and codes may be texts.
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

    func graphError(_ response: HTTPResponse, hiding secrets: [String], account: String) -> GraphError {
        let code = code.flatMap { Int($0.text) } ?? 0
        let subcode = errorSubcode.flatMap { Int($0.text) } ?? 0
        let message = message ?? "Facebook answered with an error"
        return GraphError(
            kind: .judge(
                status: response.status,
                code: code,
                subcode: subcode,
                isTransient: isTransient ?? false,
                // Patterns are looked for in it: in the time that a megabyte takes, a sync would hang.
                message: String(message.prefix(500)),
                regain: Usage.secondsToRegain(response.headers, account: account)
            ),
            status: response.status,
            code: code,
            subcode: subcode,
            message: presentable(message, hiding: secrets)
        )
    }
}

/// A text from outside as one line of bounded length, without our secrets.
func presentable(_ message: String, hiding secrets: [String]) -> String {
    // (!) By bytes: with a combining accent behind it, a secret's last character is another one.
    let hidden = secrets.reduce(Array(message.utf8)) { $0.replacing(Array($1.utf8), with: Array("***".utf8)) }
    let line = String(decoding: hidden, as: UTF8.self).unicodeScalars.map {
        $0.properties.generalCategory == .control ? " " : $0
    }
    return String(String.UnicodeScalarView(line.prefix(300)))
}
