internal import HTTPMessages
internal import Secrets

/// The cookie that holds the id of a session: 256 random bits, of which the database knows the hash.
enum SessionCookie {
    /// Under TLS the name makes browsers see to it that no other host, and nobody without TLS, can have set it (RFC 6265bis,
    /// section 4.1.3).
    private static let secureName = "__Host-admirror"
    private static let plainName = "admirror"

    private static func name(_ request: HTTPRequest) -> String { request.isSecure ? secureName : plainName }

    static func newID() -> String { randomHexadecimal(bytes: 32) }

    /// The id that a request brings. Two of them, of which one may be somebody else's, count as none.
    static func id(in request: HTTPRequest) -> String? {
        let ids = request.cookies(named: name(request))
        guard ids.count == 1, ids[0].utf8.count == 64 else { return nil }
        return ids[0]
    }

    /// Hands the id to the browser, which forgets it when it is closed, or when the session ends at the latest.
    static func set(_ id: String, for request: HTTPRequest) -> String {
        "\(name(request))=\(id); \(attributes(request))"
    }

    /// Makes the browser forget it.
    static func clear(for request: HTTPRequest) -> String {
        "\(name(request))=; Max-Age=0; \(attributes(request))"
    }

    private static func attributes(_ request: HTTPRequest) -> String {
        "Path=/; HttpOnly; SameSite=Strict" + (request.isSecure ? "; Secure" : "")
    }
}

extension HTTPRequest {
    /// The values of all cookies of that name, which may be several: other sites of the same domain set some, too.
    func cookies(named name: String) -> [String] {
        // Byte by byte: an accent makes another character of the `=` or `;` before it.
        let prefix = Array("\(name)=".utf8)
        return headers.all("Cookie").flatMap { $0.utf8.split(separator: UInt8(ascii: ";")) }
            .map { $0.drop { $0 == UInt8(ascii: " ") } }
            .filter { $0.starts(with: prefix) }
            .map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }
    }
}
