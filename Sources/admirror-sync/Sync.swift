import ArgumentParser
import FacebookCalls
import GraphAPI
import Model
import Program
import Secrets
import Store
import SyncEngine

/// `admirror-sync`: the sync child. Does the runs that wait, one after the other, and exits.
@main
struct Sync: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admirror-sync",
        abstract: "Syncs ad accounts from Facebook into the database, then exits.",
        discussion: """
            Responders and the command line start it. You can also run it yourself. Settings come from the \
            environment. Exit codes: 0 done, or another process does it; 1 a sync failed; 64 usage; 69 the database does \
            not respond; 75 the account is on hold, or the maximum number of children is running: try again later; \
            78 bad settings.
            """
    )

    @Option(help: "Sync this ad account: AdMirror's id, or Facebook's with or without act_.")
    var account: String?

    @Flag(help: "Sync every account whose data is stale.")
    var due = false

    @Option(help: .hidden)
    var connection: String?

    @Flag(help: .hidden)
    var waiting = false

    @Flag(help: .hidden)
    var detached = false

    func validate() throws {
        guard [account != nil, due, waiting, connection != nil].filter(\.self).count == 1 else {
            throw ValidationError("Use either --account ID or --due.")
        }
    }

    func run() throws {
        MemorySecrecy.begin()
        if detached { Detachment.complete() }
        StopSignal.watch()
        LogLines.bootstrap()
        RequestID.inherit(processEnvironment())
        runProgram("admirror-sync") { try perform() }
    }

    private func perform() throws -> Int32 {
        let settings = try Settings(environment: processEnvironment(), requiring: [.database])
        let store = Store(
            Store.Options(
                url: settings.databaseURL,
                applicationName: "admirror-sync",
                statementTimeout: 600_000,
                responseTimeout: 660_000
            )
        )
        let work = SyncWork(settings: settings, store: store, isDetached: detached)
        try store.forgetFacebookConnections()
        if let connection { return try ConnectionTask(settings: settings, store: store).perform(connection) }
        if let account { return try work.sync(account, isOrdered: detached) }
        if due { try work.orderDueAccounts() }
        return try work.worker().exitCode(first: nil)
    }
}

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
            throw Exit.failed("there is no ad account \(name): `admirror account list` lists all")
        }
        if !isOrdered {
            let interval = settings.syncInterval
            switch try store.requestSync(of: account.id, trigger: .cli, isForced: true, interval: interval) {
            case .held(let hold):
                throw Exit(ExitStatus.tryLater, "\(account.facebookID) is on hold: \(hold.reason.rawValue)")
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
        syncSettings.reachCalls = settings.reachCalls
        syncSettings.picturesBudget = settings.picturesMB << 20
        syncSettings.changesRetention = settings.changesRetention
        // A timer starts due syncs only after its own child has ended.
        syncSettings.historyBudget = isDetached ? 1800 : Double(settings.syncInterval) / 2
        syncSettings.app = settings.facebookAppID ?? ""
        let engine = SyncEngine(
            store: store,
            settings: syncSettings,
            makeClient: makeClient,
            tokenCheck: tokenCheck,
            pictures: FacebookCalls(settings, store).pictures,
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
        case .noSlot: ExitStatus.tryLater
        case .worked(let outcomes): outcomes.allSatisfy { $0 == .done } ? 0 : ExitStatus.failed
        }
    }
}
