package import GraphAPI
package import Model
package import Store

/// Brings one account from the Graph API into the store.
///
/// Pages are staged as they come; when all are there, one transaction makes them the account's data. Until then, and
/// whenever a run ends early, readers have what they had before.
package struct SyncEngine {
    private let store: Store
    private let makeClient: (AdAccount) throws -> GraphClient
    private let isStopping: () -> Bool
    private let report: (SyncEvent) -> Void

    /// - Parameters:
    ///   - makeClient: a client with the account's token. What it throws is told to people as it is.
    ///   - isStopping: asked after each page; `true` ends the run.
    package init(
        store: Store,
        makeClient: @escaping (AdAccount) throws -> GraphClient,
        isStopping: @escaping () -> Bool,
        report: @escaping (SyncEvent) -> Void
    ) {
        self.store = store
        self.makeClient = makeClient
        self.isStopping = isStopping
        self.report = report
    }

    /// Does a run, and records how it ended.
    package func perform(_ run: ClaimedRun) -> SyncRun.Outcome {
        report(.started(run))
        var client: GraphClient?
        do {
            do {
                let graph = try makeClient(run.account)
                client = graph
                let (tally, days) = try fetchAndCommit(run, graph)
                report(.finished(run, tally, days: days))
                return .done
            } catch is Interruption {
                try store.interrupt(run, apiCalls: client?.calls ?? 0)
                report(.interrupted(run))
                return .interrupted
            } catch {
                let failure = SyncFailure(error)
                try store.fail(run, error: failure.message, hold: failure.hold, apiCalls: client?.calls ?? 0)
                report(.failed(run, failure.message))
                return .failed
            }
        } catch {
            report(.lost(run, "\(error)"))
            return .failed
        }
    }

    private func fetchAndCommit(_ run: ClaimedRun, _ graph: GraphClient) throws -> (SyncTally, DayRange) {
        var tally = SyncTally()
        try store.openStaging()
        let account = try graph.adAccount(run.account.facebookID)
        let days = try daysToMeasure(run, account)

        var progress = SyncProgress(phase: .campaigns)
        try advance(run, progress)
        try graph.campaigns(account) { page, total in
            try store.stage(page)
            tally.campaigns += page.count
            progress.count(tally.campaigns, of: total)
            try advance(run, progress)
        }
        progress = SyncProgress(phase: .adSets)
        try advance(run, progress)
        try graph.adSets(account) { page, total in
            try store.stage(page)
            tally.adSets += page.count
            progress.count(tally.adSets, of: total)
            try advance(run, progress)
        }
        progress = SyncProgress(phase: .ads)
        try advance(run, progress)
        try graph.ads(account) { page, total in
            try store.stage(page)
            tally.ads += page.count
            progress.count(tally.ads, of: total)
            try advance(run, progress)
        }
        // At most a row for each object.
        let most = tally.campaigns + tally.adSets + tally.ads
        for level in Level.allCases {
            try graph.metrics(account, level: level, days: days) { page in
                try store.stage(page, level: level)
                tally.insights += page.count
                try advance(run, SyncProgress(phase: .insights, done: tally.insights, total: most))
            }
        }
        try advance(run, SyncProgress(phase: .saving))
        tally.apiCalls = graph.calls
        let facts = AccountFacts(
            name: account.name,
            currency: account.currency,
            timeZone: account.timeZone,
            status: account.status
        )
        return (try store.commitStaged(run, facts: facts, days: days, tally: tally), days)
    }

    /// Facebook counts days in the account's time zone, so "today" is a matter of where the account is.
    private func daysToMeasure(_ run: ClaimedRun, _ account: AccountSummary) throws -> DayRange {
        if let today = try store.today(in: account.timeZone) { return .lastThirtyDays(until: today) }
        report(.warned(run, "the time zone \(account.timeZone) is unknown, counting days in UTC"))
        guard let today = try store.today(in: "UTC") else { throw SyncFailure("PostgreSQL does not know UTC") }
        return .lastThirtyDays(until: today)
    }

    private struct Interruption: Error {}

    private func advance(_ run: ClaimedRun, _ progress: SyncProgress) throws {
        if isStopping() { throw Interruption() }
        try store.note(progress, of: run.id)
        report(.progressed(run, progress))
    }
}
