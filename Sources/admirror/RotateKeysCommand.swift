import ArgumentParser
import Program
import Secrets
import Store
import SyncEngine

extension Account {
    struct RotateKeys: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-keys",
            abstract: "Encrypt all Facebook tokens anew with TOKEN_ENCRYPTION_KEY.",
            discussion: """
                Put the key of until now into TOKEN_ENCRYPTION_OLD_KEY and a new one into TOKEN_ENCRYPTION_KEY, on every \
                host, and start all responders again: one that still runs with the old key goes on encrypting with it. Then \
                run this; then take the old one away. Syncs go on all the time. It can be repeated, and interrupted.
                """
        )

        func run() throws {
            try Operator.run {
                let settings = try Operator.settings([.database, .tokenEncryptionKey])
                let store = Operator.store(settings)
                let cipher = try Operator.cipher(settings)
                let result = try KeyRotation(store: store, cipher: cipher).perform()
                let count = "\(result.replaced) secret\(result.replaced == 1 ? "" : "s")"
                if result.replaced > 0 { try store.note(.keysRotated, by: Operator.name, count) }
                print("\(count) encrypted anew with the key \(cipher.keyID)")
                guard result.failures.isEmpty else {
                    throw ExitCodeError.failed(result.failures.joined(separator: "\n"))
                }
            }
        }
    }
}
