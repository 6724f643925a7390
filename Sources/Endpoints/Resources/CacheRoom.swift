internal import HTTPMessages

/// Keeps answers out of a cache that has no room for them.
///
/// nginx stores an answer while it sends it, and closes the reader's connection when it cannot write. So the responder looks
/// at the cache's file system first, and asks nginx to pass the answer on without storing it.
extension Endpoints {
    /// Bytes that a streamed answer may have: 100,000 ads are some 6 MB, compressed.
    static let streamedBytes = 16 << 20

    func keepOutOfFullCache(_ response: inout HTTPResponse, bytes: Int, _ request: HTTPRequest) {
        guard let folder = request.cacheFolder, !environment.hasRoom(bytes, folder) else { return }
        response.headers["X-Accel-Expires"] = "0"
    }
}
