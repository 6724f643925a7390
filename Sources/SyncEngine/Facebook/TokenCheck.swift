package import GraphAPI
package import Model
internal import Secrets
package import Store

/// Asks Facebook, once a day for each distinct token, when it expires and what it lacks, so that people hear of it days before
/// syncs fail.
package struct TokenCheck {
    private let store: Store
    private let app: GraphApp
    private let token: (AdAccount) throws -> (text: String, stored: StoredToken)

    /// - Parameter token: the account's token, and how it is stored.
    package init(
        store: Store,
        app: GraphApp,
        token: @escaping (AdAccount) throws -> (text: String, stored: StoredToken)
    ) {
        self.store = store
        self.app = app
        self.token = token
    }

    /// Never fails a sync: what goes wrong is a warning.
    func perform(_ account: AdAccount, _ journal: RunJournal) {
        do {
            let (text, stored) = try token(account)
            let hash = sha256(text.utf8)
            guard try store.takeTokenCheck(hash, of: account.id, stored: stored) else { return }
            journal.summary.apiCalls += 1
            let facts = try app.facts(of: text)
            try store.note(TokenReport(facts), ofToken: hash)
            guard !facts.unknown.isEmpty else { return }
            let names = facts.unknown.map(\.rawValue).sorted().joined(separator: ", ")
            journal.warn("Facebook did not return facts of the access token that can be read: \(names)")
        } catch {
            journal.warn("Facebook did not return the state of the access token: \(error)")
        }
    }
}

extension TokenReport {
    package init(_ facts: TokenFacts) {
        self.init(
            isValid: facts.isValid,
            expiresAt: facts.expiresAt,
            dataAccessExpiresAt: facts.dataAccessExpiresAt,
            missingPermissions: facts.missingPermissions,
            unknown: facts.unknown
        )
    }
}
