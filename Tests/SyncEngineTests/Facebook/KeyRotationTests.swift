import Model
import Postgres
import Secrets
import Store
import SyncEngine
import TestSupport
import Testing

/// A rotation to another encryption key.
@Suite struct KeyRotationTests {
    private static let newKey = [UInt8](repeating: 9, count: 32)
    private let sample: Sample
    private let old = TokenCipher(key: Sample.key)
    private let both = TokenCipher(key: newKey, oldKey: Sample.key)
    private let new = TokenCipher(key: newKey)

    init() throws {
        sample = try Sample()
    }

    /// A connection whose accounts can be chosen, encrypted with the old key.
    private func connection() throws -> String {
        let userID = try #require(try sample.store.users().first).id
        let hash = sha256("state".utf8)
        _ = try sample.store.beginFacebookConnection(of: userID, stateHash: hash, redirectURI: "")
        let id = try sample.store.answerFacebookConnection(stateHash: hash) {
            let sealed = try old.seal("EAAtoken", connection: $0)
            return StoredToken(sealed)
        }
        let sealed = try old.seal("EAAtoken", connection: try #require(id))
        let stored = StoredToken(sealed)
        #expect(try sample.store.keep(ConnectionSecret(kind: .token, stored: stored), of: try #require(id)))
        try sample.store.finishFacebookConnection(try #require(id), accounts: [])
        return try #require(id)
    }

    @Test(
        "tokens of accounts and connections decrypt with the new key alone, and a second rotation has nothing to do"
    )
    func rotated() throws {
        let id = try connection()
        #expect(try KeyRotation(store: sample.store, cipher: both).perform().replaced == 2)
        let account = try #require(try sample.store.token(of: sample.account))
        let sealed = account.sealed
        #expect(try new.open(sealed, account: sample.facebookID).hasPrefix("EAA"))
        let chosen = try #require(try sample.store.connectionToken(id))
        #expect(
            try new.open(chosen.sealed, connection: id) == "EAAtoken"
        )
        let again = try KeyRotation(store: sample.store, cipher: both).perform()
        #expect(again.replaced == 0 && again.failures.isEmpty)
    }

    @Test("without the old key nothing is changed, and each unreadable secret is named")
    func keyMissing() throws {
        let id = try connection()
        let before = try sample.store.token(of: sample.account)
        let result = try KeyRotation(store: sample.store, cipher: new).perform()
        #expect(result.replaced == 0)
        let names = result.failures.map { String($0.prefix { $0 != ":" }) }
        #expect(names == ["act_\(sample.facebookID)", "the connection \(id)"])
        #expect(try sample.store.token(of: sample.account) == before)
    }
}
