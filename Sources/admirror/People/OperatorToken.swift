import FacebookCalls
import GraphAPI
import Model
import Program
import Secrets
import Store
import SyncEngine

/// A Facebook token that the operator gave, in place of a short-lived one the long-lived one for it, and what Facebook says of it.
struct OperatorToken {
    let text: String
    private let facts: TokenFacts?

    /// Without an app Facebook cannot be asked. A token of another app is stored unchanged.
    /// - Parameter isKept: Whether the token is stored, so that a longer life is useful.
    init(_ given: String, _ settings: Settings, isKept: Bool = true) throws {
        var text = given
        var facts: TokenFacts?
        do {
            let app = FacebookCalls(settings, Operator.store(settings)).app
            facts = try app?.facts(of: given)
            // People's tokens last an hour or two; the exchange gives 60 days. Other tokens keep their lifetime.
            if isKept, let app, let known = facts, known.isValid, known.isOfUser, let end = known.expiresAt,
                Double(end.seconds) - secondsSince1970() < 7 * 86_400
            {
                text = try app.longLived(given)
                facts = try app.facts(of: text)
                printError("admirror: the token was exchanged for one with a longer life")
            }
        } catch let error as GraphError {
            printError("admirror: Facebook did not check or exchange the token: \(error); it is stored unchanged")
        }
        self.text = text
        self.facts = facts
    }

    /// Stores Facebook's response, so that the next check is due tomorrow.
    func note(in store: Store) throws {
        guard let facts else { return }
        try store.note(TokenReport(facts), ofToken: sha256(text.utf8))
    }

    /// Shows whose token it is, how long it is valid and its permissions, and warns about problems.
    func describe() {
        guard let facts else { return }
        let owner = facts.isOfUser ? "a person's token" : "a token without a person"
        let endless = facts.unknown.contains(.expiry) ? "whose expiry is unknown" : "which does not expire"
        let end = facts.expiresAt.map { "valid until \("\($0)".prefix(10))" } ?? endless
        printError("admirror: \(owner), \(end)")
        if let permissions = facts.permissions {
            printError("admirror: its permissions: \(Output.printable(permissions.joined(separator: ", ")))")
        }
        if !facts.isValid { printError("admirror: warning: Facebook no longer accepts the token") }
        for name in facts.missingPermissions { printError("admirror: warning: the token lacks the permission \(name)") }
    }
}
