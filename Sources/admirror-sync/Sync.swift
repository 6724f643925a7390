import ArgumentParser
import Program
import Store

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
        let code = Self.exitCode { try perform() }
        if code != 0 { exitProcess(code) }
    }

    private static func exitCode(_ body: () throws -> Int32) -> Int32 {
        do {
            return try body()
        } catch let error as any StoreError where error.isUnavailable {
            printError("admirror-sync: the database does not respond: \(error)")
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
