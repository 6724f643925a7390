internal import Compression
internal import HTTPMessages

/// Compresses answers for those who accept it: once, here; nginx stores the compressed copy.
final class BodyEncoder {
    private let compressor = GzipCompressor()

    func encode(_ response: HTTPResponse, for request: HTTPRequest) -> HTTPResponse {
        guard Self.acceptsGzip(request.headers["Accept-Encoding"]), let body = compressor.compress(response.body) else {
            return response
        }
        var response = response
        response.body = body
        response.headers["Content-Encoding"] = "gzip"
        return response
    }

    /// `gzip` or `*`, without a weight of zero (RFC 9110, section 12.5.3).
    static func acceptsGzip(_ header: String?) -> Bool {
        guard let header else { return false }
        var any = false
        for element in header.lowercased().split(separator: ",") {
            let parts = element.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if parts.first == "gzip" { return weight > 0 }
            if parts.first == "*" { any = weight > 0 }
        }
        return any
    }
}
