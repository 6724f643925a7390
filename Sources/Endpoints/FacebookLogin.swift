internal import HTTPMessages
internal import Secrets
package import Store

/// How people connect ad accounts by Facebook Login: the app, and where it is.
package struct FacebookLogin {
    let appID: String
    let version: String
    let dialogURL: String
    let publicURL: String
    let cipher: Cipher

    /// Encrypts what Facebook gives, until it is stored with the ad accounts. The context is that which it opens for.
    package struct Cipher {
        let sealForConnection: (_ text: String, _ connection: String) throws -> StoredToken
        let openOfConnection: (_ stored: StoredToken, _ connection: String) throws -> String
        let sealForAccount: (_ text: String, _ facebookID: String) throws -> StoredToken

        /// - Parameters:
        ///   - key: 32 bytes.
        ///   - oldKey: the one before.
        package init(key: [UInt8], oldKey: [UInt8]?) {
            let cipher = TokenCipher(key: key, oldKey: oldKey)
            sealForConnection = { text, connection in
                let sealed = try cipher.seal(text, connection: connection)
                return StoredToken(bytes: sealed.bytes, keyID: sealed.keyID)
            }
            openOfConnection = { stored, connection in
                try cipher.open(TokenCipher.Sealed(bytes: stored.bytes, keyID: stored.keyID), connection: connection)
            }
            sealForAccount = { text, facebookID in
                let sealed = try cipher.seal(text, account: facebookID)
                return StoredToken(bytes: sealed.bytes, keyID: sealed.keyID, hash: sha256(text.utf8))
            }
        }
    }

    /// - Parameters:
    ///   - dialogURL: `https://www.facebook.com`
    ///   - publicURL: where browsers find us.
    package init(appID: String, version: String, dialogURL: String, publicURL: String, cipher: Cipher) {
        self.appID = appID
        self.version = version
        self.dialogURL = dialogURL
        self.publicURL = publicURL
        self.cipher = cipher
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
