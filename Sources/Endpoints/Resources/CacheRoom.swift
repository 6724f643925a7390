internal import HTTPMessages

/// Keeps answers out of a cache that cannot store them.
///
/// nginx stores an answer while it sends it, and closes the reader's connection when it cannot write. So the responder first
/// looks whether the cache's folder is there, whether nginx may write into it, and whether it has room. If not, the responder
/// asks nginx to pass the answer on without storing it.
extension Endpoints {
    /// Bytes that a streamed answer may have: 100,000 ads are some 6 MB, compressed.
    static let streamedBytes = 16 << 20

    func keepOutOfFullCache(_ response: inout HTTPResponse, bytes: Int, _ request: HTTPRequest) {
        guard let folder = request.cacheFolder, !environment.hasRoom(bytes, folder, request.serverUser) else { return }
        response.headers["X-Accel-Expires"] = "0"
    }
}
