import GraphAPI
import Model
import Program
import Store

/// An ad account as Facebook describes it.
struct AccountLine: Encodable {
    let facebookID: String
    let name: String
    let currency: String
    let timeZone: String
    let status: String?

    private init(_ summary: AccountSummary) {
        facebookID = summary.facebookID
        name = summary.name
        currency = summary.currency
        timeZone = summary.timeZone
        status = summary.status
    }

    static func show(_ summaries: [AccountSummary], asJSON: Bool) throws {
        let lines = summaries.map { AccountLine($0) }
        guard !asJSON else { return try Output.json(lines) }
        Output.table(
            ["ACCOUNT", "CURRENCY", "TIME ZONE", "STATUS", "NAME"],
            lines.map { [$0.facebookID, $0.currency, $0.timeZone, $0.status ?? "-", $0.name] }
        )
    }
}

/// Connects ad accounts in the operator's name.
struct Connecting {
    let settings: Settings
    let token: OperatorToken
    let options: ConnectionOptions

    /// Connects all of them, says so, and starts their first syncs if that is wanted.
    func connect(_ found: [AccountSummary]) throws {
        let store = Operator.store(settings)
        // Before any account is connected, so that an error changes nothing.
        if let manager = options.manager, try store.signInCandidate(email: manager) == nil {
            throw Exit.failed(
                "no user has the address \(manager): add one with `admirror user add \(manager)`"
            )
        }
        try token.note(in: store)
        for summary in found {
            try connect(summary, store)
            if !options.json {
                let name = Output.printable(summary.name)
                print("connected act_\(summary.facebookID)  \(summary.currency)  \(summary.timeZone)  \(name)")
            }
        }
        if options.json { try AccountLine.show(found, asJSON: true) }
        guard options.sync || options.wait else { return }
        let accounts = try found.map { try store.requireAccount($0.facebookID) }
        let order = try SyncOrder(accounts, isForced: false, settings, store)
        if !options.json { order.printOutcome() }
        try order.finish(wait: options.wait)
    }

    private func connect(_ summary: AccountSummary, _ store: Store) throws {
        let id = try store.addAdAccount(
            facebookID: summary.facebookID,
            name: summary.name,
            currency: summary.currency,
            timeZone: summary.timeZone,
            token: try Operator.seal(token.text, for: summary.facebookID, settings)
        )
        try store.noteApp(settings.facebookAppID ?? "", of: id)
        try store.note(.accountAdded, by: Operator.name, account: summary.facebookID)
        if let manager = options.manager { _ = try store.grant(.manager, on: id, to: manager, leavingOwners: true) }
    }
}
