import FacebookCalls
import GraphAPI
import Model
import Program
import Secrets
import Store
import SyncEngine

/// The work that the arguments request.
struct SyncWork {
    let settings: Settings
    let store: Store
    /// Whether the child continues in the background after its parent has ended.
    let isDetached: Bool
    let journal = SyncJournal()

    /// - Parameter isOrdered: A run already waits, so none is requested.
    func sync(_ name: String, isOrdered: Bool) throws -> Int32 {
        guard let account = try store.adAccount(AccountReference(name)) else {
            printError("admirror-sync: there is no ad account \(name): `admirror account list` lists all")
            return ExitCode.failed
        }
        if !isOrdered {
            let interval = settings.syncInterval
            switch try store.requestSync(of: account.id, trigger: .cli, isForced: true, interval: interval) {
            case .held(let hold):
                printError("admirror-sync: \(account.facebookID) is on hold: \(hold.reason.rawValue)")
                return ExitCode.tryLater
            case .running:
                journal.note("another process already syncs the account", account)
            case .started, .fresh, nil:
                break
            }
        }
        return try worker().exitCode(first: account.id)
    }

    /// Requests due syncs, and starts as many more children as are allowed: this process is one of them.
    func orderDueAccounts() throws {
        try store.recordDone(.cron)
        let interval = settings.syncInterval
        let started = try store.syncStates().count { account, _ in
            // As for cron: failed accounts pause.
            if case .started = try store.requestSync(of: account, trigger: .cron, isForced: false, interval: interval) {
                true
            } else {
                false
            }
        }
        let starter = SyncStarter(settings, environment: processEnvironment(), inheritsErrorOutput: true)
        try starter.start(.waitingRuns(max(1, min(started, settings.syncMaxChildren)) - 1))
    }

    func worker() -> SyncWorker {
        var syncSettings = SyncSettings()
        syncSettings.listingInterval = Double(settings.syncListing)
        syncSettings.historyDays = settings.insightsHistory
        syncSettings.changesRetention = settings.changesRetention
        // A timer starts due syncs only after its own child has ended.
        syncSettings.historyBudget = isDetached ? 1800 : Double(settings.syncInterval) / 2
        syncSettings.app = settings.facebookAppID ?? ""
        let engine = SyncEngine(
            store: store,
            settings: syncSettings,
            makeClient: makeClient,
            tokenCheck: tokenCheck,
            now: secondsSince1970,
            isStopping: { StopSignal.isReceived },
            alive: Watchdog.reset,
            report: journal.report
        )
        return SyncWorker(
            store: store,
            engine: engine,
            host: hostName(),
            slots: settings.syncMaxChildren,
            historyBudget: syncSettings.historyBudget,
            now: secondsSince1970,
            pause: pause(seconds:),
            isStopping: { StopSignal.isReceived }
        )
    }

    private func makeClient(_ account: AdAccount) throws -> GraphClient {
        try FacebookCalls(settings, store).client(token: try token(of: account).text)
    }

    private var tokenCheck: TokenCheck? {
        FacebookCalls(settings, store).app.map { TokenCheck(store: store, app: $0, token: token) }
    }

    private func token(of account: AdAccount) throws -> (text: String, stored: StoredToken) {
        // The problem is recorded on the run, where people look for the reason of a failed sync.
        guard let cipher = settings.tokenCipher else {
            throw Missing(description: "TOKEN_ENCRYPTION_KEY is not set where the sync runs")
        }
        guard let stored = try store.token(of: account.id) else {
            throw Missing(
                description: "the ad account has no Facebook token: set one with `admirror account set-token`"
            )
        }
        return (try cipher.open(stored.sealed, account: account.facebookID), stored)
    }
}

private struct Missing: Error, CustomStringConvertible {
    let description: String
}

extension SyncWorker {
    func exitCode(first account: AdAccount.ID?) throws -> Int32 {
        switch try work(first: account) {
        case .noSlot: ExitCode.tryLater
        case .worked(let outcomes): outcomes.allSatisfy { $0 == .done } ? 0 : ExitCode.failed
        }
    }
}
