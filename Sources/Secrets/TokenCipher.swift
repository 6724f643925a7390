internal import Crypto
internal import FoundationEssentials

/// Encrypts Facebook tokens for the database: AES-256-GCM, a fresh nonce for each, bound to one ad account.
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
                "the Facebook token was encrypted with the key \(keyID), which is not TOKEN_ENCRYPTION_KEY"
            case .damaged:
                "the Facebook token cannot be decrypted; set it again with `admirror account set-token`"
            }
        }
    }

    package let keyID: String
    private let key: SymmetricKey

    /// - Parameter key: 32 bytes.
    package init(key: [UInt8]) {
        self.key = SymmetricKey(data: key)
        keyID = String(hexadecimal(sha256(key)).prefix(16))
    }

    /// - Parameter account: the ad account's Facebook id; the token opens for no other.
    package func seal(_ token: String, account: String) throws -> Sealed {
        let box = try AES.GCM.seal(Array(token.utf8), using: key, authenticating: Array(account.utf8))
        return Sealed(bytes: Array(box.nonce) + Array(box.ciphertext) + Array(box.tag), keyID: keyID)
    }

    package func open(_ sealed: Sealed, account: String) throws(Failure) -> String {
        guard sealed.keyID == keyID else { throw .keyMissing(keyID: sealed.keyID) }
        guard let box = try? AES.GCM.SealedBox(combined: sealed.bytes),
            let token = try? AES.GCM.open(box, using: key, authenticating: Array(account.utf8))
        else { throw .damaged }
        return String(decoding: token, as: UTF8.self)
    }
}
