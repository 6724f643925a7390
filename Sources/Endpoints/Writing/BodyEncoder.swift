internal import Compression
internal import HTTPMessages

/// Compresses answers for those who accept it: once, here; nginx stores the compressed copy.
final class BodyEncoder {
    private let compressor = GzipCompressor()

    /// The response with the body, compressed or not.
    func encode(
        _ response: HTTPResponse,
        _ body: UnsafeBufferPointer<UInt8>,
        for request: HTTPRequest
    ) -> HTTPResponse {
        var response = response
        if Self.acceptsGzip(request.headers["Accept-Encoding"]), let compressed = compressor.compress(body) {
            response.body = compressed
            response.headers["Content-Encoding"] = "gzip"
        } else {
            response.body = Array(body)
        }
        return response
    }

    /// Compresses what follows the head piece by piece; `nil` for those who do not accept it.
    func stream(_ response: inout HTTPResponse, for request: HTTPRequest) -> GzipStream? {
        guard Self.acceptsGzip(request.headers["Accept-Encoding"]) else { return nil }
        response.headers["Content-Encoding"] = "gzip"
        return GzipStream()
    }

    /// `gzip` or `*`, without a weight of zero (RFC 9110, section 12.5.3).
    static func acceptsGzip(_ header: String?) -> Bool {
        (Preference.weight(["gzip", "*"], in: header) ?? 0) > 0
    }
}
