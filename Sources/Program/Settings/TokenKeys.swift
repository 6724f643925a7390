package import Secrets

extension Settings {
    /// Encrypts Facebook tokens; `nil` when no key is set.
    package var tokenCipher: TokenCipher? {
        tokenEncryptionKey.map { TokenCipher(key: $0, oldKey: tokenEncryptionOldKey) }
    }
}
