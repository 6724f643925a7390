internal import FoundationEssentials
internal import HTTPMessages

extension Endpoints {
    /// The body of a request, which has to be a JSON object.
    /// - Parameter example: a body as it should be.
    /// - Throws: `RequestError` with status 415 or 400.
    func body<Body: Decodable>(of request: HTTPRequest, as type: Body.Type, like example: String) throws -> Body {
        let declared = request.headers["Content-Type"]?.split(separator: ";").first.map {
            $0.filter { !$0.isWhitespace }
        }
        guard declared?.lowercased() == "application/json" else { throw RequestError.contentTypeUnsupported }
        guard String(validating: request.body, as: UTF8.self) != nil else {
            throw RequestError.bodyInvalid("The body is not UTF-8.", example)
        }
        do {
            return try JSONDecoder().decode(Body.self, from: Data(request.body))
        } catch DecodingError.typeMismatch(_, let context) {
            let name = context.codingPath.last?.stringValue
            throw RequestError.bodyInvalid(
                name.map { "The member \($0) is of the wrong type." } ?? "The body is not a JSON object.",
                example
            )
        } catch {
            throw RequestError.bodyInvalid("The body is not valid JSON.", example)
        }
    }
}
