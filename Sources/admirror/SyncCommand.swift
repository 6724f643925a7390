import ArgumentParser
import Model
import Program
import Store

struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Start a sync of one ad account, or of all that are due.",
        discussion: """
            The sync goes on in the background; --wait stays until it is over and shows how far it is. Exit code 1 says \
            that a sync failed, 75 that Facebook holds an account off.
            """
                + examples([
                    "admirror sync": "Start what is stale, and come back at once.",
                    "admirror sync --wait --account act_1569761797025413": "One account, with a progress bar.",
                    "admirror sync --wait --force": "Everything anew, also what is fresh.",
                ])
    )

    @Option(help: "This ad account: its own id, or its Facebook id with or without act_.")
    var account: String?

    @Flag(help: "Every ad account whose data is stale (what happens without --account, too).")
    var due = false

    @Flag(help: "Also when the data is fresh.")
    var force = false

    @Flag(help: "Wait until the sync is over.")
    var wait = false

    func validate() throws {
        if account != nil && due { throw ValidationError("Give either --account or --due.") }
    }

    func run() throws {
        try Operator.run {
            let settings = try Operator.settings([.database, .tokenEncryptionKey])
            let store = Operator.store(settings)
            let accounts = try chosen(store)
            // Who waits is a person.
            if due && !wait { try store.noteDone(.cron) }
            let order = try SyncOrder(accounts, isForced: force, settings, store)
            if account != nil, let account = order.fresh.first {
                print("act_\(account.facebookID) is fresh; --force syncs it all the same")
            }
            order.tell()
            try order.finish(wait: wait)
        }
    }

    private func chosen(_ store: Store) throws -> [AdAccount] {
        guard let account else { return try store.adAccounts().map(\.account) }
        return [try store.requireAccount(account)]
    }
}

extension Store {
    /// - Throws: when there is no such account.
    func requireAccount(_ name: String) throws -> AdAccount {
        guard let account = try adAccount(AccountReference(name)) else {
            throw ExitCodeError.failed("there is no ad account \(name): `admirror account list` shows those there are")
        }
        return account
    }
}
