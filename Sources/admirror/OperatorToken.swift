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

    /// Without an app nobody can be asked. A token of another app is taken as it is.
    init(_ given: String, _ settings: Settings) throws {
        var text = given
        var facts: TokenFacts?
        do {
            let app = FacebookCalls(settings).app
            facts = try app?.facts(of: given)
            // Those for an hour or two are people's; the exchange gives 60 days. Others live as long as they were made for.
            if let app, let known = facts, known.isValid, known.isOfUser, let end = known.expiresAt,
                Double(end.seconds) - secondsSince1970() < 7 * 86_400
            {
                text = try app.longLived(given)
                facts = try app.facts(of: text)
                printError("admirror: the token was exchanged for one that lives longer")
            }
        } catch let error as GraphError {
            printError("admirror: Facebook does not tell, or exchange, the token: \(error); it is taken as it is")
        }
        self.text = text
        self.facts = facts
    }

    /// Writes down what Facebook says, so that nobody need ask today, and warns of what is wrong with it.
    func note(in store: Store) throws {
        guard let facts else { return }
        try store.note(TokenReport(facts), ofToken: sha256(text.utf8))
        if let end = facts.expiresAt { printError("admirror: the token expires on \("\(end)".prefix(10))") }
        for name in facts.missingPermissions { printError("admirror: warning: the token lacks \(name)") }
    }
}
