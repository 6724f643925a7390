internal import HTTPMessages

/// Keeps responses out of a cache that cannot store them.
///
/// nginx stores a response while it sends it, and closes the reader's connection if it cannot write. The responder
/// therefore checks first whether the cache's folder exists, is writable for nginx, and has space. If not, the
/// responder tells nginx to pass the response on without storing it.
extension Endpoints {
    /// Bytes that a streamed answer may have: 100,000 ads are some 6 MB, compressed.
    static let streamedBytes = 16 << 20

    func keepOutOfFullCache(_ response: inout HTTPResponse, bytes: Int, _ request: HTTPRequest) {
        guard let folder = request[.cacheFolder], !environment.hasRoom(bytes, folder, request.serverUser) else {
            return
        }
        response.headers["X-Accel-Expires"] = "0"
    }
}
