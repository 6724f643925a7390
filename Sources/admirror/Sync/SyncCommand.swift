import ArgumentParser
import Model
import Program
import Store

struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Start a sync of one ad account, or of all that are due.",
        discussion: """
            The sync runs in the background. --wait waits for its end and shows progress. Exit code 1 means \
            that a sync failed, 75 that an account is on hold.
            """
                + examples([
                    "admirror sync": "Start syncs of stale accounts, and return at once.",
                    "admirror sync --wait --account act_1569761797025413": "One account, with a progress bar.",
                    "admirror sync --wait --force": "All accounts, including fresh ones.",
                ])
    )

    @Option(help: "AdMirror's id of the account, or Facebook's with or without act_.")
    var account: String?

    @Flag(help: "Every ad account whose data is stale. This is the default.")
    var due = false

    @Flag(help: "Sync even if the data is fresh.")
    var force = false

    @Flag(help: "Wait for the end of the sync.")
    var wait = false

    func validate() throws {
        if account != nil && due { throw ValidationError("Use either --account or --due.") }
    }

    func run() throws {
        try Operator.run {
            let settings = try Operator.settings([.database, .tokenEncryptionKey])
            let store = Operator.store(settings)
            let accounts = try chosen(store)
            // `--wait` means that a person is waiting, not a cron job.
            if due && !wait { try store.recordDone(.cron) }
            let order = try SyncOrder(accounts, isForced: force, settings, store)
            if account != nil, let account = order.fresh.first {
                print("act_\(account.facebookID) is fresh: use --force to sync it anyway")
            } else {
                order.printOutcome()
            }
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
            throw Exit.failed("there is no ad account \(name): `admirror account list` lists all")
        }
        return account
    }
}
