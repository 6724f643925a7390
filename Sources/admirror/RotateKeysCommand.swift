import ArgumentParser
import Model
import Program
import Secrets
import Store

extension Account {
    struct RotateKeys: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-keys",
            abstract: "Encrypt all Facebook tokens anew with TOKEN_ENCRYPTION_KEY.",
            discussion: """
                Put the key of until now into TOKEN_ENCRYPTION_OLD_KEY and a new one into TOKEN_ENCRYPTION_KEY, wherever \
                syncs run; then run this; then take the old one away. Syncs go on all the time. It can be repeated, and \
                interrupted.
                """
        )

        func run() throws {
            try Operator.run {
                let settings = try Operator.settings([.database, .tokenEncryptionKey])
                let store = Operator.store(settings)
                let cipher = try Operator.cipher(settings)
                var replaced = 0
                var failures: [String] = []
                for account in try store.adAccounts().map(\.account) {
                    guard let stored = try store.token(of: account.id), stored.keyID != cipher.keyID else { continue }
                    do {
                        let sealed = TokenCipher.Sealed(bytes: stored.bytes, keyID: stored.keyID)
                        let token = try cipher.open(sealed, account: account.facebookID)
                        let fresh = try Operator.seal(token, for: account.facebookID, settings)
                        // A token that somebody set meanwhile is newer than what we have.
                        if try store.replaceToken(stored, by: fresh, of: account.id) { replaced += 1 }
                    } catch let failure as TokenCipher.Failure {
                        failures.append("act_\(account.facebookID): \(failure)")
                    }
                }
                if replaced > 0 { try store.note(.keysRotated, by: Operator.name, "\(replaced) tokens") }
                print("\(replaced) token\(replaced == 1 ? "" : "s") encrypted anew with the key \(cipher.keyID)")
                guard failures.isEmpty else { throw ExitCodeError.failed(failures.joined(separator: "\n")) }
            }
        }
    }
}
