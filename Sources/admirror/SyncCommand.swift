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
            var running: [AdAccount] = []
            var started = 0
            var isHeld = false
            for account in accounts {
                let outcome = try store.requestSync(
                    of: account.id,
                    trigger: .cli,
                    isForced: force,
                    interval: settings.syncInterval
                )
                switch outcome {
                case .started:
                    started += 1
                    running.append(account)
                case .running:
                    running.append(account)
                case .fresh:
                    if self.account != nil {
                        print("act_\(account.facebookID) is fresh; --force syncs it all the same")
                    }
                case .held(let hold):
                    isHeld = true
                    printError("act_\(account.facebookID) is held off: \(hold.reason.rawValue)")
                case nil:
                    break
                }
            }
            for _ in 0..<min(started, settings.syncMaxChildren) {
                try SyncChild.start(
                    ["--waiting"],
                    settings: settings,
                    environment: processEnvironment(),
                    inheritsErrorOutput: false
                )
            }
            print("Started \(started) ad account sync\(started == 1 ? "" : "s")")
            if wait && !running.isEmpty { try SyncWatch(store: store, settings: settings, accounts: running).follow() }
            if isHeld { throw ExitCodeError(Program.ExitCode.tryLater, "not every ad account could be synced now") }
        }
    }

    private func chosen(_ store: Store) throws -> [AdAccount] {
        guard let account else { return try store.adAccounts().map(\.account) }
        return [try store.requireAccount(account)]
    }
}

/// Follows running syncs until they are over: a bar on a terminal, a line for each account elsewhere.
private struct SyncWatch {
    let store: Store
    let settings: Settings
    let accounts: [AdAccount]

    func follow() throws {
        var bar = ProgressBar()
        var open = accounts
        var failures: [String] = []
        while !open.isEmpty {
            var text = ""
            var percent = 100 * (accounts.count - open.count)
            for account in open {
                guard let status = try store.syncStatus(of: account.id, interval: settings.syncInterval) else {
                    open.removeAll { $0.id == account.id }  // the account was removed meanwhile
                    continue
                }
                if let run = status.run, status.state.unfinished?.isAlive == true {
                    percent += run.percent
                    if text.isEmpty { text = describe(account, run) }
                } else {
                    open.removeAll { $0.id == account.id }
                    percent += 100
                    if let run = status.run, run.outcome != "done" {
                        failures.append("act_\(account.facebookID): \(run.error ?? "the sync process ended early")")
                    } else if !isTerminal(.error), let run = status.run {
                        print(
                            "act_\(account.facebookID): \(run.campaigns) campaigns, \(run.adSets) ad sets, "
                                + "\(run.ads) ads, \(run.apiCalls) calls"
                        )
                    }
                }
            }
            if isTerminal(.error) { bar.draw(percent: percent / accounts.count, text) }
            if !open.isEmpty { pause(seconds: 0.1) }
        }
        if isTerminal(.error) { bar.finish() }
        guard failures.isEmpty else { throw ExitCodeError.failed(failures.joined(separator: "\n")) }
    }

    private func describe(_ account: AdAccount, _ run: SyncStatus.Run) -> String {
        let counts = run.phaseTotal > 0 ? " \(run.phaseDone)/\(run.phaseTotal)" : ""
        return "act_\(account.facebookID): \(run.phase ?? "waiting")\(counts)"
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
