package import GraphAPI
internal import Model
package import Secrets
package import Store

/// Turns the dialog's code into a token with a long life and the list of its accounts.
///
/// The result of each step is stored before the next step, so that a later child can continue after a killed one. A
/// code that was used without a result is lost.
package struct ConnectionExchange {
    package enum Result: Sendable, Equatable {
        case ready(accounts: Int)
        case failed(String)
        /// There is nothing to do, or no longer, or another child works for this person.
        case none
    }

    private let store: Store
    private let cipher: TokenCipher
    private let app: GraphApp
    private let host: String
    private let slots: Int
    private let makeClient: (_ token: String) throws -> GraphClient

    /// - Parameters:
    ///   - slots: The most children of this host that may connect accounts.
    ///   - makeClient: Creates a client with this token.
    package init(
        store: Store,
        cipher: TokenCipher,
        app: GraphApp,
        host: String,
        slots: Int,
        makeClient: @escaping (_ token: String) throws -> GraphClient
    ) {
        self.store = store
        self.cipher = cipher
        self.app = app
        self.host = host
        self.slots = slots
        self.makeClient = makeClient
    }

    /// - Throws: what the database says; another child may try again then.
    package func perform(_ id: String) throws -> Result {
        guard let work = try store.claimFacebookConnection(id) else { return .none }
        defer { try? store.release(work) }
        do {
            guard let slot = try store.acquireSlot(for: .connection, host: host, of: slots) else {
                throw Refusal("Too many people are connecting accounts right now. Try again in a minute.")
            }
            defer { try? store.release(slot) }
            let token = try exchange(work)
            let facts = try app.facts(of: token)
            try store.note(TokenReport(facts), ofToken: sha256(token.utf8))
            guard facts.isValid else {
                throw Refusal("Facebook does not accept its own token. Connect again.")
            }
            guard facts.missingPermissions.isEmpty else {
                let names = facts.missingPermissions.joined(separator: ", ")
                throw Refusal(
                    "The permission \(names) is missing. Connect again, and allow it.",
                    facts.missingPermissions
                )
            }
            let (accounts, leftOut) = try readAccounts(token)
            try store.finishFacebookConnection(work.id, accounts: accounts, note: Self.note(leftOut))
            return .ready(accounts: accounts.count)
        } catch is Abandoned {
            return .none
        } catch let refusal as Refusal {
            try store.failFacebookConnection(work.id, refusal.sentence, missingPermissions: refusal.missingPermissions)
            return .failed(refusal.sentence)
        } catch let error as GraphError {
            let sentence = Self.sentence(error)
            try store.failFacebookConnection(work.id, sentence)
            return .failed(sentence)
        } catch let error as TokenCipher.Failure {
            try store.failFacebookConnection(work.id, "Facebook's token cannot be decrypted. Connect again.")
            return .failed("\(error)")
        }
    }

    private func exchange(_ work: ConnectionWork) throws -> String {
        var text = try cipher.open(work.secret.stored.sealed, connection: work.id)
        var kind = work.secret.kind
        if kind == .code {
            text = try app.token(for: text, redirectURI: work.redirectURI)
            kind = .shortToken
            try keep(text, kind, work)
        }
        if kind == .shortToken {
            text = try app.longLived(text)
            try keep(text, .token, work)
        }
        return text
    }

    private func keep(_ text: String, _ kind: ConnectionSecret.Kind, _ work: ConnectionWork) throws {
        let stored = StoredToken(try cipher.seal(text, connection: work.id))
        guard try store.keep(ConnectionSecret(kind: kind, stored: stored), of: work.id) else { throw Abandoned() }
    }

    /// Reads the accounts that the token opens. A list with rows that cannot be used is read once more.
    /// - Returns: the accounts, and what keeps others from being among them.
    private func readAccounts(_ token: String) throws -> (accounts: [FacebookConnection.Account], leftOut: [Defect]) {
        var accounts: [String: FacebookConnection.Account] = [:]
        var leftOut: Set<Defect> = []
        for _ in 0..<2 {
            leftOut = []
            try makeClient(token).adAccounts { page in
                for summary in page.values {
                    accounts[summary.facebookID] = FacebookConnection.Account(
                        facebookID: summary.facebookID,
                        name: summary.name,
                        currency: summary.currency,
                        timeZone: summary.timeZone
                    )
                }
                leftOut.formUnion(page.defects.filter { $0.kind == .leftOut })
            }
            if leftOut.isEmpty { break }
        }
        return (Array(accounts.values), leftOut.sorted { $0.description < $1.description })
    }

    /// What the person who chooses accounts has to know; `nil` when all of them are there.
    private static func note(_ leftOut: [Defect]) -> String? {
        guard !leftOut.isEmpty else { return nil }
        let named = leftOut.prefix(3).map { "\($0)" } + (leftOut.count > 3 ? ["and more"] : [])
        return "Facebook's list has ad accounts that cannot be read: \(named.joined(separator: "; ")). "
            + "Connect again later to see them."
    }

    /// What the person can do about it.
    private static func sentence(_ error: GraphError) -> String {
        switch (error.kind, error.subcode) {
        case (_, 36_007), (_, 36_009):
            "Facebook's code has expired or was used before: \(error). Connect again."
        case (_, 36_008):
            "Facebook refuses the callback address: \(error). Check PUBLIC_URL."
        case (_, _) where error.message.contains("client secret") || error.message.contains("appsecret_proof"):
            "Facebook refuses the app's secret: \(error). Check FACEBOOK_APP_SECRET."
        case (.appRefused, _), (.tokenInvalid, _):
            "\(Advice.on(error).cause): \(error). \(Advice.on(error).remedy)"
        case (.rateLimited, _):
            "Facebook's rate limit is reached: \(error). Connect again later."
        case (.permissionMissing, _):
            "A permission is missing: \(error). Connect again, and allow all requested permissions."
        case (.transient, _):
            "Facebook isn't responding: \(error). Connect again later."
        default:
            "Facebook refused the connection: \(error)"
        }
    }
}

/// The person has started another connection, so this one ends.
private struct Abandoned: Error {}

/// Facebook has responded, but the response is unusable.
private struct Refusal: Error {
    let sentence: String
    let missingPermissions: [String]

    init(_ sentence: String, _ missingPermissions: [String] = []) {
        self.sentence = sentence
        self.missingPermissions = missingPermissions
    }
}
