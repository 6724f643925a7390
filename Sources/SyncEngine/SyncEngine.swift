package import GraphAPI
package import Model
package import Store

/// Syncs one account from the Graph API to the store.
///
/// Pages are staged as they arrive. Complete parts become the account's data in one transaction. If a run ends early,
/// readers keep the previous data, and the next run continues from the staged pages.
package struct SyncEngine {
    private let store: Store
    private let settings: SyncSettings
    private let makeClient: (AdAccount) throws -> GraphClient
    private let tokenCheck: TokenCheck?
    private let pictures: PictureWork?
    private let now: () -> Double
    private let isStopping: () -> Bool
    private let alive: () -> Void
    private let report: (SyncEvent) -> Void
    private let leftOrder = LeftOrder()
    private let creativeMemory = CreativeMemory()

    /// - Parameters:
    ///   - makeClient: Creates a client with the account's token. People see its errors unchanged.
    ///   - tokenCheck: Checks the account's token at Facebook from time to time.
    ///   - pictures: Gets pictures of creatives; `nil` to store none.
    ///   - now: Seconds since 1970, on the client's clock.
    ///   - isStopping: Polled; `true` ends the run.
    ///   - alive: Called while there is progress, for a watchdog.
    package init(
        store: Store,
        settings: SyncSettings = SyncSettings(),
        makeClient: @escaping (AdAccount) throws -> GraphClient,
        tokenCheck: TokenCheck? = nil,
        pictures: PictureWork? = nil,
        now: @escaping () -> Double,
        isStopping: @escaping () -> Bool,
        alive: @escaping () -> Void = {},
        report: @escaping (SyncEvent) -> Void
    ) {
        self.store = store
        self.settings = settings
        self.makeClient = makeClient
        self.tokenCheck = tokenCheck
        self.pictures = pictures
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
                let result = try read(access, run)
                // Older days wait until the account itself is there.
                if result.isSynced {
                    if run.isForced { try store.recordForcedHistory(run) }
                    let history = try HistorySync(access, settings).left()
                    try store.note(historyLeft: history, of: run.account.id)
                    // Names wait until the account itself is there, too. A first sync leaves them to its history.
                    if !result.read.isDisjoint(with: Level.allCases.map(SyncList.totals)) {
                        try CustomConversionNames(access: access).perform(isFirst: history == nil ? nil : false)
                    }
                }
                tokenCheck?.perform(run.account, journal)
                return try end(run, result.failure, isSynced: result.isSynced, journal)
            } catch is Interruption {
                try store.interrupt(run, journal.summary)
                report(.interrupted(run))
                return .interrupted
            } catch {
                // Why a token is refused is what people want to know then.
                if SyncFailure.concernsToken(error) { tokenCheck?.perform(run.account, journal) }
                return try end(run, SyncFailure(error), isSynced: false, journal)
            }
        } catch {
            report(.lost(run, "\(error)"))
            return .failed
        }
    }

    /// Reads the account and commits each part that is complete.
    private func read(_ access: GraphAccess, _ run: ClaimedRun) throws -> SyncResult {
        let result = try AccountSync(access, settings, isForced: run.isForced).perform()
        guard result.isTakenOver, result.isSynced else { return result }
        // Changes since these pages were read follow in the next increment.
        return result.followed(by: try AccountSync(access, settings, isForced: false).perform())
    }

    /// Records the outcome of a run.
    /// - Parameter isSynced: The account's own data is stored, even if parts are missing, so the account does not
    ///   pause.
    private func end(
        _ run: ClaimedRun,
        _ failure: SyncFailure?,
        isSynced: Bool,
        _ journal: RunJournal
    ) throws -> SyncRun.Outcome {
        guard let failure else {
            try store.finish(run, journal.summary)
            report(.finished(run, journal.summary))
            return .done
        }
        if isSynced {
            try store.finish(run, error: failure.message, journal.summary)
        } else {
            try store.fail(run, error: failure.message, hold: failure.hold, journal.summary)
        }
        report(.failed(run, failure.message))
        return .failed
    }

    /// Goes on with an account's history: reads one slice, or comes back for one.
    /// - Parameters:
    ///   - patience: seconds for which more urgent work has to wait, half a second at most.
    ///   - yields: whether more urgent work waits; asked several times a second.
    /// - Returns: how the account was left.
    @discardableResult
    package func readHistory(
        _ work: ClaimedRun,
        patience: Double = 0,
        yields: @escaping () throws -> Bool = { false }
    ) -> HistoryStep {
        alive()
        let journal = RunJournal(work, now: now) { [alive, report] event in
            alive()
            report(event)
        }
        let step = historyStep(work, journal, patience, yields)
        do {
            try store.leave(work, step, journal.summary)
        } catch {
            report(.lost(work, "\(error)"))
        }
        return step
    }

    /// The account's data is there already, so nothing here is a failure of the account: what goes wrong is a warning, and
    /// the next run meets a cause that lasts.
    private func historyStep(
        _ work: ClaimedRun,
        _ journal: RunJournal,
        _ patience: Double,
        _ yields: @escaping () throws -> Bool
    ) -> HistoryStep {
        do {
            let access = GraphAccess(
                store,
                try makeClient(work.account),
                journal,
                settings,
                now: now,
                isStopping: isStopping,
                yields: yields,
                patience: patience
            )
            try access.begin()
            do {
                try CustomConversionNames(access: access).perform(isFirst: true)
                return try HistorySync(access, settings).perform()
            } catch is Yielding {
                leftOrder.leave(access)
                return .yielded
            }
        } catch is Interruption {
            return .yielded
        } catch let pause as ReportUnready {
            return .later(seconds: pause.seconds)
        } catch let error as GraphError {
            guard case .rateLimited(_, let seconds) = error.kind else { return rest(after: error, journal) }
            journal.warn("older days wait: \(error)")
            try? store.hold(Hold(reason: .rateLimited, secondsLeft: seconds), work.account.id)
            return .later(seconds: seconds)
        } catch {
            return rest(after: error, journal)
        }
    }

    /// Resets the watchdog after work that belongs to no run.
    package func noteProgress() { alive() }

    /// Continues an account's creatives: reads some that are not stored yet, and stores some pictures. Nothing here is a failure
    /// of the account: what goes wrong is recorded on the creative, or is a warning.
    /// - Parameter yields: whether more urgent work waits; asked several times a second.
    /// - Returns: Whether anything was done.
    @discardableResult
    package func readCreatives(_ work: ClaimedRun, yields: @escaping () throws -> Bool = { false }) -> Bool {
        alive()
        let journal = RunJournal(work, now: now) { [alive, report] event in
            alive()
            report(event)
        }
        var isDone = false
        do {
            isDone = try creativesStep(work, journal, yields)
        } catch let error as GraphError {
            journal.warn("creatives wait: \(error)")
            if case .rateLimited(_, let seconds) = error.kind {
                try? store.hold(Hold(reason: .rateLimited, secondsLeft: seconds), work.account.id)
            } else {
                try? store.postponeCreatives(of: work.account.id, because: "\(error)")
            }
        } catch is Interruption {
        } catch is Yielding {
            isDone = true
        } catch {
            journal.warn("creatives cannot be read now: \(error)")
            try? store.postponeCreatives(of: work.account.id, because: "\(error)")
        }
        do {
            try store.leaveCreatives(work, journal.summary)
        } catch {
            report(.lost(work, "\(error)"))
        }
        return isDone
    }

    private func creativesStep(
        _ work: ClaimedRun,
        _ journal: RunJournal,
        _ yields: @escaping () throws -> Bool
    ) throws -> Bool {
        let graph = try makeClient(work.account)
        let access = GraphAccess(
            store,
            graph,
            journal,
            settings,
            now: now,
            isStopping: isStopping,
            yields: yields
        )
        try access.begin()
        return try CreativeSync(access, settings, pictures, creativeMemory).perform()
    }

    /// Whether history was left while Facebook was asked for a report, and has not answered yet.
    package var awaitsOrder: Bool { leftOrder.isOpen }

    /// Waits so many seconds for that answer.
    package func takeOrder(within seconds: Double) {
        leftOrder.take(within: seconds)
    }

    private func rest(after error: any Error, _ journal: RunJournal) -> HistoryStep {
        journal.warn("older days cannot be read now: \(error)")
        return .later(seconds: Self.restAfterErrors)
    }

    /// Seconds for which an account's history rests after an error that is not about its data.
    private static let restAfterErrors = 600.0
}

/// The run received a request to stop.
struct Interruption: Error {}
