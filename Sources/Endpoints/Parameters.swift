internal import HTTPMessages

/// The query parameters that a route knows. Others are ignored, each of these may stand once.
struct Parameters {
    private let query: QueryParameters

    init(_ request: HTTPRequest, known: [String]) throws {
        do {
            query = try QueryParameters(decoding: request.query)
        } catch {
            throw RequestError.queryMalformed
        }
        for name in known where query.all(name).count > 1 {
            throw RequestError.parameterRepeated(name)
        }
    }

    /// The value, when there is one that is not empty.
    subscript(name: String) -> String? {
        query[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
