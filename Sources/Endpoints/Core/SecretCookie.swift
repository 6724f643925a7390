internal import HTTPMessages
internal import Secrets

/// A cookie with 256 random bits. The database has a hash of them.
struct SecretCookie {
    private let plainName: String
    private let otherSites: String
    /// How long the browser keeps it, in seconds; `nil` until it is closed.
    private let lifetime: Int?

    /// The id of a session. It comes with no request that another site has made the browser send.
    static let session = SecretCookie(plainName: "admirror", otherSites: "Strict", lifetime: nil)

    /// Proves that the response of Facebook's dialog arrives in the browser that started it. That navigation comes from
    /// another site, so the session cookie is not sent with it.
    static let connection = SecretCookie(plainName: "admirror_connection", otherSites: "Lax", lifetime: 900)

    static func newSecret() -> String { randomHexadecimal(bytes: 32) }

    /// The secret in a request. If there are two, one may be another person's, so neither counts.
    func secret(in request: HTTPRequest) -> String? {
        let secrets = request.cookies(named: name(request))
        guard secrets.count == 1, secrets[0].utf8.count == 64 else { return nil }
        return secrets[0]
    }

    /// Hands the secret to the browser.
    func set(_ secret: String, for request: HTTPRequest) -> String {
        field(secret, lifetime, request)
    }

    /// Makes the browser forget it.
    func clear(for request: HTTPRequest) -> String {
        field("", 0, request)
    }

    private func field(_ secret: String, _ lifetime: Int?, _ request: HTTPRequest) -> String {
        let age = lifetime.map { "; Max-Age=\($0)" } ?? ""
        let attributes = "; Path=/; HttpOnly; SameSite=\(otherSites)" + (request.isSecure ? "; Secure" : "")
        return "\(name(request))=\(secret)\(age)\(attributes)"
    }

    /// Under TLS, browsers accept this name only over TLS and for this host (RFC 6265bis, section 4.1.3).
    private func name(_ request: HTTPRequest) -> String {
        request.isSecure ? "__Host-\(plainName)" : plainName
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
