package import GraphAPI
package import Model
package import Store

/// Brings one account from the Graph API into the store.
///
/// Pages are staged as they come; when all are there, one transaction makes them the account's data. Until then, and
/// whenever a run ends early, readers have what they had before, and the next run goes on from the pages that are there.
package struct SyncEngine {
    private let store: Store
    private let settings: SyncSettings
    private let makeClient: (AdAccount) throws -> GraphClient
    private let tokenCheck: TokenCheck?
    private let now: () -> Double
    private let isStopping: () -> Bool
    private let alive: () -> Void
    private let report: (SyncEvent) -> Void

    /// - Parameters:
    ///   - makeClient: a client with the account's token. What it throws is told to people as it is.
    ///   - tokenCheck: asks Facebook about the account's token, now and then.
    ///   - now: seconds since 1970, by the clock of the client.
    ///   - isStopping: asked again and again; `true` ends the run.
    ///   - alive: called again and again while there is progress, for a watchdog.
    package init(
        store: Store,
        settings: SyncSettings = SyncSettings(),
        makeClient: @escaping (AdAccount) throws -> GraphClient,
        tokenCheck: TokenCheck? = nil,
        now: @escaping () -> Double,
        isStopping: @escaping () -> Bool,
        alive: @escaping () -> Void = {},
        report: @escaping (SyncEvent) -> Void
    ) {
        self.store = store
        self.settings = settings
        self.makeClient = makeClient
        self.tokenCheck = tokenCheck
        self.now = now
        self.isStopping = isStopping
        self.alive = alive
        self.report = report
    }

    /// Does a run, and records how it ended.
    package func perform(_ run: ClaimedRun) -> SyncRun.Outcome {
        alive()
        report(.started(run))
        let journal = RunJournal(run, now: now) { [alive, report] event in
            alive()
            report(event)
        }
        do {
            do {
                let graph = try makeClient(run.account)
                let access = GraphAccess(store, graph, journal, settings, now: now, isStopping: isStopping)
                try access.begin()
                if try AccountSync(access, settings, isForced: run.isForced).perform() {
                    // What changed since those pages were read is one increment away.
                    _ = try AccountSync(access, settings, isForced: false).perform()
                }
                try readHistory(access, journal)
                tokenCheck?.perform(run.account, journal)
                try store.finish(run, journal.tally)
                report(.finished(run, journal.tally))
                return .done
            } catch is Interruption {
                try store.interrupt(run, journal.tally)
                report(.interrupted(run))
                return .interrupted
            } catch {
                // Why a token is refused is what people want to know then.
                if SyncFailure.concernsToken(error) { tokenCheck?.perform(run.account, journal) }
                let failure = SyncFailure(error)
                try store.fail(run, error: failure.message, hold: failure.hold, journal.tally)
                report(.failed(run, failure.message))
                return .failed
            }
        } catch {
            report(.lost(run, "\(error)"))
            return .failed
        }
    }

    /// The account's data is there already: a limit that is met now holds the account off, and is no failure.
    private func readHistory(_ access: GraphAccess, _ journal: RunJournal) throws {
        do {
            try HistorySync(access, settings).perform()
        } catch let error as GraphError {
            guard case .rateLimited(_, let seconds) = error.kind else { throw error }
            journal.warn("older days wait: \(error)")
            try store.hold(Hold(reason: .rateLimited, secondsLeft: seconds), access.run.account.id)
        }
    }
}

/// The run was told to end.
struct Interruption: Error {}
