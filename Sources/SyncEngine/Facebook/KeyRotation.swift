internal import Model
package import Secrets
package import Store

/// Encrypts all stored Facebook secrets again with the current key.
package struct KeyRotation {
    private let store: Store
    private let cipher: TokenCipher

    package struct Result: Sendable, Equatable {
        package var replaced = 0
        /// Sentences: what could not be decrypted, and why.
        package var failures: [String] = []
    }

    package init(store: Store, cipher: TokenCipher) {
        self.store = store
        self.cipher = cipher
    }

    /// A secret that was replaced meanwhile is newer, and stays.
    package func perform() throws -> Result {
        var result = Result()
        for account in try store.adAccounts().map(\.account) {
            guard let old = try store.token(of: account.id), old.keyID != cipher.keyID else { continue }
            try count("act_\(account.facebookID)", in: &result) {
                let token = try cipher.open(old.sealed, account: account.facebookID)
                let new = StoredToken(try cipher.seal(token, account: account.facebookID))
                return try store.replaceToken(old, by: new, of: account.id)
            }
        }
        for (id, old) in try store.connectionSecrets(notUnder: cipher.keyID) {
            try count("the connection \(id)", in: &result) {
                let secret = try cipher.open(old.sealed, connection: id)
                let new = StoredToken(try cipher.seal(secret, connection: id))
                return try store.replaceConnectionSecret(old, by: new, of: id)
            }
        }
        return result
    }

    private func count(_ name: String, in result: inout Result, _ replace: () throws -> Bool) throws {
        do {
            if try replace() { result.replaced += 1 }
        } catch let failure as TokenCipher.Failure {
            result.failures.append("\(name): \(failure)")
        }
    }
}
