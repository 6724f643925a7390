import Model
import Program
import Store

/// Syncs that the operator wants, and the children that do them.
struct SyncOrder {
    /// Accounts without a new sync, because their data is fresh.
    private(set) var fresh: [AdAccount] = []
    /// How many were started.
    private(set) var started = 0
    private var running: [AdAccount] = []
    private var isHeld = false
    private let settings: Settings
    private let store: Store

    /// Starts what can be started.
    init(_ accounts: [AdAccount], isForced: Bool, _ settings: Settings, _ store: Store) throws {
        self.settings = settings
        self.store = store
        for account in accounts {
            let outcome = try store.requestSync(
                of: account.id,
                trigger: .cli,
                isForced: isForced,
                isAwaited: accounts.count == 1,
                interval: settings.syncInterval
            )
            switch outcome {
            case .started:
                started += 1
                running.append(account)
            case .running:
                running.append(account)
            case .fresh:
                fresh.append(account)
            case .held(let hold):
                isHeld = true
                printError("act_\(account.facebookID) is on hold: \(hold.reason.rawValue)")
            case nil:
                break
            }
        }
        let starter = SyncStarter(settings, environment: processEnvironment(), inheritsErrorOutput: false)
        try starter.start(.waitingRuns(started))
    }

    func printOutcome() {
        print(started > 0 ? "Started \(started) ad account sync\(started == 1 ? "" : "s")" : "Started no sync\(reason)")
        flushOutput()
    }

    /// Why no sync started. A hold has its own line already.
    private var reason: String {
        switch (running.count, fresh.count) {
        case (1, _): ": one ad account is already syncing"
        case (2..., _): ": \(running.count) ad accounts are already syncing"
        case (_, 1...): ": \(isHeld ? "the other data" : "all data") is fresh"
        default: isHeld ? "" : ": no ad account is connected"
        }
    }

    /// - Parameter wait: stays until all of them are over.
    /// - Throws: when one failed, or Facebook holds one off.
    func finish(wait: Bool) throws {
        if wait && !running.isEmpty { try SyncWatch(store: store, settings: settings, accounts: running).follow() }
        if isHeld { throw Exit(ExitStatus.tryLater, "some ad accounts did not sync") }
    }
}
