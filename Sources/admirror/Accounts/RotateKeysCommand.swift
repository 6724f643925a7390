import ArgumentParser
import Program
import Secrets
import Store
import SyncEngine

extension Account {
    struct RotateKeys: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-keys",
            abstract: "Encrypt all Facebook tokens again, with TOKEN_ENCRYPTION_KEY.",
            discussion: """
                Set TOKEN_ENCRYPTION_OLD_KEY to the current key and TOKEN_ENCRYPTION_KEY to a new one, on every \
                host, and restart all responders: one that still has only the old key keeps encrypting with it. Then \
                run this command, and remove the old key. Syncs keep running. It may be interrupted and repeated.
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
                print("\(count) encrypted again with the key \(cipher.keyID)")
                guard result.failures.isEmpty else {
                    throw Exit.failed(result.failures.joined(separator: "\n"))
                }
            }
        }
    }
}
