internal import HTTPMessages
package import Secrets
internal import Store

/// How people connect ad accounts by Facebook Login: the app, and where it is.
package struct FacebookLogin {
    let appID: String
    let version: String
    let dialogURL: String
    let publicURL: String
    private let cipher: TokenCipher

    /// - Parameters:
    ///   - dialogURL: `https://www.facebook.com`
    ///   - publicURL: where browsers find us.
    package init(appID: String, version: String, dialogURL: String, publicURL: String, cipher: TokenCipher) {
        self.appID = appID
        self.version = version
        self.dialogURL = dialogURL
        self.publicURL = publicURL
        self.cipher = cipher
    }

    /// Encrypts a code for the connection that it belongs to.
    func seal(_ code: String, for connection: String) throws -> StoredToken {
        let sealed = try cipher.seal(code, connection: connection)
        return StoredToken(bytes: sealed.bytes, keyID: sealed.keyID)
    }

    /// The token of a connection, encrypted for each of the ad accounts that were chosen.
    func tokens(from stored: StoredToken, of connection: String, for facebookIDs: [String]) throws -> [StoredToken] {
        let sealed = TokenCipher.Sealed(bytes: stored.bytes, keyID: stored.keyID)
        let token = try cipher.open(sealed, connection: connection)
        return try facebookIDs.map {
            let sealed = try cipher.seal(token, account: $0)
            return StoredToken(bytes: sealed.bytes, keyID: sealed.keyID, hash: sha256(token.utf8))
        }
    }

    /// Where the dialog sends the browser back to. Never from a request's Host header, which anybody can choose.
    var redirectURI: String { "\(publicURL)/api/facebook/callback" }

    func dialog(state: String) -> String {
        let query = QueryParameters([
            .init(name: "client_id", value: appID), .init(name: "redirect_uri", value: redirectURI),
            .init(name: "state", value: state), .init(name: "scope", value: "ads_read"),
            .init(name: "response_type", value: "code"),
        ])
        return "\(dialogURL)/\(version)/dialog/oauth?\(query.encoded)"
    }
}

/// The cookie that shows that the dialog's answer comes to the browser that asked. The session's cookie does not come with it,
/// because the answer is a navigation from another site.
enum ConnectionCookie {
    private static func name(_ request: HTTPRequest) -> String {
        request.isSecure ? "__Host-admirror_connection" : "admirror_connection"
    }

    static func newSecret() -> String { randomHexadecimal(bytes: 32) }

    /// What goes through Facebook, from which nobody learns the secret.
    static func state(of secret: String) -> String { hexadecimal(sha256("state \(secret)".utf8)) }

    /// The secrets that a request brings: a browser in which somebody connects twice has the last one only.
    static func secret(in request: HTTPRequest) -> String? {
        let secrets = request.cookies(named: name(request))
        guard secrets.count == 1, secrets[0].utf8.count == 64 else { return nil }
        return secrets[0]
    }

    static func set(_ secret: String, for request: HTTPRequest) -> String {
        "\(name(request))=\(secret); Max-Age=900; \(attributes(request))"
    }

    static func clear(for request: HTTPRequest) -> String {
        "\(name(request))=; Max-Age=0; \(attributes(request))"
    }

    private static func attributes(_ request: HTTPRequest) -> String {
        "Path=/; HttpOnly; SameSite=Lax" + (request.isSecure ? "; Secure" : "")
    }
}
