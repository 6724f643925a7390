internal import ASCII
internal import Crypto
internal import FoundationEssentials

/// Encrypts Facebook tokens for the database: AES-256-GCM, a fresh nonce for each, bound to one ad account. While a key is
/// replaced, tokens that were encrypted with the old one still open.
package struct TokenCipher {
    package struct Sealed: Sendable, Equatable {
        /// Nonce (12 bytes), ciphertext, tag (16 bytes).
        package let bytes: [UInt8]
        /// Names the key, so that keys can be rotated: the first 16 hex digits of the key's SHA-256.
        package let keyID: String

        package init(bytes: [UInt8], keyID: String) {
            self.bytes = bytes
            self.keyID = keyID
        }
    }

    package enum Failure: Error, CustomStringConvertible {
        case keyMissing(keyID: String)
        case damaged

        package var description: String {
            switch self {
            case .keyMissing(let keyID):
                """
                the Facebook token was encrypted with the key \(keyID), which is neither TOKEN_ENCRYPTION_KEY nor \
                TOKEN_ENCRYPTION_OLD_KEY
                """
            case .damaged:
                "the Facebook token cannot be decrypted: set it again with `admirror account set-token`"
            }
        }
    }

    /// The id of the key that encrypts tokens.
    package let keyID: String
    private let key: SymmetricKey
    /// The keys with which tokens open, by their ids.
    private let keys: [String: SymmetricKey]

    /// - Parameters:
    ///   - key: 32 bytes.
    ///   - oldKey: the one before.
    package init(key: [UInt8], oldKey: [UInt8]? = nil) {
        let id = { (key: [UInt8]) in String(Hexadecimal.text(sha256(key)).prefix(16)) }
        self.key = SymmetricKey(data: key)
        keyID = id(key)
        var keys = [keyID: self.key]
        if let oldKey { keys[id(oldKey)] = SymmetricKey(data: oldKey) }
        self.keys = keys
    }

    /// - Parameter account: the ad account's Facebook id; the token opens for no other.
    package func seal(_ token: String, account: String) throws -> Sealed {
        let box = try AES.GCM.seal(Array(token.utf8), using: key, authenticating: Array(account.utf8))
        return Sealed(bytes: Array(box.nonce) + Array(box.ciphertext) + Array(box.tag), keyID: keyID)
    }

    /// - Parameter connection: the id of the row that holds it; it opens for no other.
    package func seal(_ secret: String, connection: String) throws -> Sealed {
        try seal(secret, account: "connection \(connection)")
    }

    package func open(_ sealed: Sealed, connection: String) throws(Failure) -> String {
        try open(sealed, account: "connection \(connection)")
    }

    package func open(_ sealed: Sealed, account: String) throws(Failure) -> String {
        guard let key = keys[sealed.keyID] else { throw .keyMissing(keyID: sealed.keyID) }
        guard let box = try? AES.GCM.SealedBox(combined: sealed.bytes),
            let token = try? AES.GCM.open(box, using: key, authenticating: Array(account.utf8))
        else { throw .damaged }
        return String(decoding: token, as: UTF8.self)
    }
}
