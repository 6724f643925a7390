internal import FoundationEssentials
internal import HTTPMessages

/// What a body holds: an object, or an error, which also comes with status 200.
enum Answer<Object: Decodable>: Decodable {
    case object(Object)
    case error

    private enum CodingKeys: String, CodingKey {
        case error
        case errorCode = "error_code"
        case errorMessage = "error_msg"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let error = container.contains(.error) ? try container.decode(JSONValue.self, forKey: .error) : .null
        let isOld = container.contains(.errorCode) && container.contains(.errorMessage)
        self = error.isNothing && !isOld ? .object(try Object(from: decoder)) : .error
    }

    /// - Parameters:
    ///   - secrets: texts that must not go anywhere, should Facebook repeat them.
    ///   - account: Facebook's id; what is told of other accounts is left out.
    static func read(
        _ response: HTTPResponse,
        hiding secrets: [String],
        account: String
    ) throws(GraphError) -> Object {
        guard response.status == 200 else { throw GraphError(response, hiding: secrets, account: account) }
        switch try? JSONDecoder().decode(Answer.self, from: Data(response.body)) {
        case .object(let object): return object
        case .error: throw GraphError(response, hiding: secrets, account: account)
        case nil:
            // An error may be all that can be read of it.
            let error = GraphError(response, hiding: secrets, account: account)
            throw error.code == 0 ? .unreadable("Facebook's answer cannot be read") : error
        }
    }
}
