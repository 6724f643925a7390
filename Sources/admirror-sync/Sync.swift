import ArgumentParser
import GraphAPI
import HTTPClient
import Logging
import Model
import Postgres
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
            Responders and the operator's command line start it; it can be run by hand as well. Settings come from the \
            environment. Exit codes: 0 done, or somebody else does it; 1 a sync failed; 64 usage; 69 the database does \
            not answer; 75 Facebook holds the account off, or as many children as allowed are at work: try again later; \
            78 bad settings.
            """
    )

    @Option(help: "Sync this ad account: its own id, or its Facebook id with or without act_.")
    var account: String?

    @Flag(help: "Sync every account whose data is stale.")
    var due = false

    @Flag(help: .hidden)
    var waiting = false

    @Flag(help: .hidden)
    var detached = false

    func validate() throws {
        guard [account != nil, due, waiting].filter(\.self).count == 1 else {
            throw ValidationError("Give either --account ID or --due.")
        }
    }

    func run() throws {
        if detached { Detachment.complete() }
        StopSignal.watch()
        LogLines.bootstrap()
        let code = Self.exitCode { try perform() }
        if code != 0 { exitProcess(code) }
    }

    private static func exitCode(_ body: () throws -> Int32) -> Int32 {
        do {
            return try body()
        } catch let error as PostgresError where error.isUnavailable {
            printError("admirror-sync: the database does not answer: \(error)")
            return ExitCode.unavailable
        } catch let error as SettingsError {
            printError("admirror-sync: \(error)")
            return ExitCode.badSettings
        } catch let error as Schema.Mismatch {
            printError("admirror-sync: \(error)")
            return ExitCode.badSettings
        } catch {
            printError("admirror-sync: \(error)")
            return ExitCode.failed
        }
    }

    private func perform() throws -> Int32 {
        let settings = try Settings(environment: processEnvironment(), requiring: [.database])
        let store = Store(
            Connection.Options(
                url: settings.databaseURL,
                applicationName: "admirror-sync",
                statementTimeout: 600_000,
                responseTimeout: 660_000
            )
        )
        let work = SyncWork(settings: settings, store: store)
        if let account { return try work.sync(account, isOrdered: detached) }
        if due { try work.orderDueAccounts() }
        return try work.worker().exitCode(first: nil)
    }
}

/// What the arguments come to.
private struct SyncWork {
    let settings: Settings
    let store: Store
    let journal = SyncJournal()

    /// - Parameter isOrdered: a run waits for us already; nobody else is to be asked.
    func sync(_ name: String, isOrdered: Bool) throws -> Int32 {
        guard let account = try store.adAccount(AccountReference(name)) else {
            printError("admirror-sync: there is no ad account \(name): `admirror account list` shows those there are")
            return ExitCode.failed
        }
        if !isOrdered {
            let interval = settings.syncInterval
            switch try store.requestSync(of: account.id, trigger: .cli, isForced: true, interval: interval) {
            case .held(let hold):
                printError("admirror-sync: \(account.facebookID) is held off: \(hold.reason.rawValue)")
                return ExitCode.tryLater
            case .running:
                journal.note("another process syncs the account already", account)
            case .started, .fresh, nil:
                break
            }
        }
        return try worker().exitCode(first: account.id)
    }

    func orderDueAccounts() throws {
        for (account, _) in try store.syncStates() {
            _ = try store.requestSync(of: account, trigger: .cli, isForced: false, interval: settings.syncInterval)
        }
    }

    func worker() -> SyncWorker {
        let engine = SyncEngine(
            store: store,
            makeClient: makeClient,
            isStopping: { StopSignal.isReceived },
            report: journal.tell
        )
        return SyncWorker(
            store: store,
            engine: engine,
            host: hostName(),
            places: settings.syncMaxChildren,
            isStopping: { StopSignal.isReceived }
        )
    }

    private func makeClient(_ account: AdAccount) throws -> GraphClient {
        // What is missing is recorded on the run, where people look for the reason of a failed sync.
        guard let key = settings.tokenEncryptionKey else {
            throw Missing(description: "TOKEN_ENCRYPTION_KEY is not set where the sync runs")
        }
        guard let stored = try store.token(of: account.id) else {
            throw Missing(description: "the ad account has no Facebook token: `admirror account set-token` sets one")
        }
        let sealed = TokenCipher.Sealed(bytes: stored.bytes, keyID: stored.keyID)
        let token = try TokenCipher(key: key).open(sealed, account: account.facebookID)
        let client = try HTTPClient(baseURL: settings.facebookGraphURL)
        return GraphClient(
            GraphClient.Credentials(
                version: settings.facebookAPIVersion,
                token: token,
                appSecret: settings.facebookAppSecret
            ),
            send: { try client.send($0) },
            sleep: { pause(seconds: $0) }
        )
    }
}

private struct Missing: Error, CustomStringConvertible {
    let description: String
}

extension SyncWorker {
    fileprivate func exitCode(first account: AdAccount.ID?) throws -> Int32 {
        switch try work(first: account) {
        case .noPlace: ExitCode.tryLater
        case .worked(let outcomes): outcomes.allSatisfy { $0 == .done } ? 0 : ExitCode.failed
        }
    }
}
