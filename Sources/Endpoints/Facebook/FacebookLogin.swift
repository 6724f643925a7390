internal import ASCII
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
        StoredToken(try cipher.seal(code, connection: connection))
    }

    /// The token of a connection, encrypted for each of the ad accounts that were chosen.
    func tokens(from stored: StoredToken, of connection: String, for facebookIDs: [String]) throws -> [StoredToken] {
        let token = try cipher.open(stored.sealed, connection: connection)
        return try facebookIDs.map { StoredToken(try cipher.seal(token, account: $0), hash: sha256(token.utf8)) }
    }

    /// The target of the dialog's redirect. It never comes from a request's Host header, which clients choose.
    var redirectURI: String { "\(publicURL)/api/facebook/callback" }

    /// The state that passes through Facebook. It does not reveal the cookie's secret.
    static func state(of secret: String) -> String { Hexadecimal.text(sha256("state \(secret)".utf8)) }

    func dialog(state: String) -> String {
        let query = QueryParameters([
            .init(name: "client_id", value: appID), .init(name: "redirect_uri", value: redirectURI),
            .init(name: "state", value: state), .init(name: "scope", value: "ads_read"),
            .init(name: "response_type", value: "code"),
        ])
        return "\(dialogURL)/\(version)/dialog/oauth?\(query.encoded)"
    }
}
