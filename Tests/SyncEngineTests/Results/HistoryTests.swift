import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// History is read after runs: it yields to them, and resumes without a second report order.
@Suite struct HistoryTests {
    let sample: Sample
    let connection: Connection
    private static let world = World.with([
        AccountSpec(id: "10000000000005", name: "Shop", campaigns: 8, adSets: 30, ads: 150)
    ])

    init() throws {
        sample = try Sample(world: Self.world)
        connection = sample.database.connect()
        sample.settings = SyncSettings()
        sample.settings.historyBudget = 0
        #expect(try sample.sync() == .done)
        sample.settings.historyBudget = 100_000
        sample.forgetCalls()
    }

    private func states() throws -> [String] {
        try connection.rows(
            "SELECT coalesce(state, 'unread') || ' ' || count(*) FROM insights_days GROUP BY state ORDER BY 1"
        ) { try $0.text(0) }
    }

    private func claim() throws -> ClaimedRun {
        try #require(try sample.store.claimHistory())
    }

    @Test("a run is done when its totals are stored; history follows, and the status has its progress")
    func follows() throws {
        let before = try #require(try sample.store.syncStatus(of: sample.account, interval: 600))
        #expect(before.run?.outcome == "done")
        let first = try #require(try sample.store.historyProgress(of: sample.account, usual: 90))
        #expect(first.wanted == 90 && first.held < 90)
        try sample.readHistory()
        let after = try #require(try sample.store.historyProgress(of: sample.account, usual: 90))
        #expect(after.held == 90 && after.warnings.isEmpty)
        #expect(try states() == ["complete 90"])
        #expect(try sample.store.claimHistory() == nil)
        #expect(try sample.store.secondsUntilHistory() == nil)
    }

    @Test("while Facebook makes a report, account and child are free, and nobody orders the report again")
    func unready() throws {
        sample.order(#"{"fault":"report_slow","value":60}"#)
        let lastDays = try claim()
        #expect(sample.engine().readHistory(lastDays) == .stored(next: .olderDays))
        try sample.store.release(lastDays)
        let work = try claim()
        #expect(sample.engine().readHistory(work) == .later(seconds: 1))
        try sample.store.release(work)
        #expect(sample.calls()["POST act/insights"] == 1)
        // Not due yet, but soon.
        #expect(try sample.store.claimHistory() == nil)
        #expect(try sample.store.secondsUntilHistory() ?? 99 < 1)
        // A run of the account is done meanwhile.
        #expect(try sample.store.syncStatus(of: sample.account, interval: 600)?.state.unfinished == nil)
        sample.settings.historyBudget = 0
        #expect(try sample.sync(isForced: false) == .done)
        sample.settings.historyBudget = 100_000
        #expect(sample.calls()["POST act/insights"] == 1)
        sample.clock.now += 60
        try sample.pass(60, movesClock: false)
        let again = try claim()
        #expect(sample.engine().readHistory(again) == .stored(next: .olderDays))
        try sample.store.release(again)
        #expect(sample.calls()["POST act/insights"] == 1)
    }

    @Test("history yields in the middle of a report's pages, and the next child continues with the next page")
    func yields() throws {
        sample.simulator.insightsPageSizeCap = 50
        let lastDays = try claim()
        #expect(sample.engine().readHistory(lastDays) == .stored(next: .olderDays))
        try sample.store.release(lastDays)
        // Without a disturbance.
        let whole = try Sample(world: Self.world)
        whole.settings = SyncSettings()
        whole.simulator.insightsPageSizeCap = 50
        whole.settings.historyBudget = 0
        #expect(try whole.sync() == .done)
        whole.settings.historyBudget = 100_000
        whole.forgetCalls()
        try whole.readHistory()
        let pages = try #require(whole.calls()["GET report/insights"])
        #expect(pages > 10)

        sample.forgetCalls()
        var yieldings = 0
        for _ in 0..<1_000 {
            guard let work = try sample.store.claimHistory() else {
                guard try sample.store.secondsUntilHistory() != nil else { break }
                sample.clock.now += 1
                try sample.pass(1, movesClock: false)
                continue
            }
            // Each call takes a second; after three, a run waits.
            let began = sample.clock.now
            let (simulator, clock) = (sample.simulator, sample.clock)
            let engine = sample.engine(client: { [sample] in
                sample.client(send: { request in
                    clock.now += 1
                    return simulator.respond(to: request)
                })
            })
            if engine.readHistory(work, yields: { clock.now > began + 2.5 }) == .yielded { yieldings += 1 }
            try sample.store.release(work)
        }
        #expect(yieldings > 3)
        #expect(try states() == ["complete 90"])
        // The page that was being read at the yield is requested again, and no other.
        let asked = try #require(sample.calls()["GET report/insights"])
        #expect(asked <= pages + yieldings, "\(asked) of \(pages), \(yieldings) times")
        #expect(sample.calls()["POST act/insights"] == whole.calls()["POST act/insights"])
    }

    @Test("a waiting run is urgent, also one of the same account; a run that another process does is not")
    func urgent() throws {
        let work = try claim()
        #expect(try !sample.store.hasUrgentWork(before: .lastDays))
        try connection.execute("UPDATE ad_accounts SET last_synced_at = last_synced_at - interval '1 hour'")
        let outcome = try sample.database.store().requestSync(
            of: sample.account,
            trigger: .read,
            isForced: false,
            interval: 600
        )
        guard case .started = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        #expect(try sample.store.hasUrgentWork(before: .lastDays))
        // The history child holds its lock until that child has ended.
        let other = sample.database.store()
        #expect(try other.claimRun() == nil)
        #expect(try !other.hasUrgentWork(before: .olderDays))
        try sample.store.leave(work, .yielded, RunSummary())
        try sample.store.release(work)
        let run = try #require(try other.claimRun())
        #expect(run.account.id == sample.account)
        // During the run, nobody reads the account's history.
        #expect(try sample.store.claimHistory() == nil)
    }

    @Test("after a child was killed, the next one takes its claim over, and the first can store nothing more")
    func killed() throws {
        let work = try claim()
        try sample.database.terminateOthers(but: connection)
        let other = sample.database.store()
        let next = try #require(try other.claimHistory())
        #expect(next.account.id == work.account.id && next.id.rawValue != work.id.rawValue)
        // The killed child's work is not stored.
        #expect(sample.engine().readHistory(work) != .stored(next: .olderDays))
        #expect(try states().contains { $0.hasPrefix("unread") })
        #expect(try !sample.store.release(work))
        try other.leave(next, .yielded, RunSummary())
        try other.release(next)
        try sample.readHistory()
        #expect(try states() == ["complete 90"])
    }

    @Test("history is not read while the account has an open run, even if the run's process was killed")
    func deadRun() throws {
        _ = try sample.store.requestSync(of: sample.account, trigger: .manual, isForced: true, interval: 600)
        let dying = sample.database.store()
        _ = try #require(try dying.claimRun())
        dying.close()
        try eventually { try connection.integer(Self.locks) == 0 }
        #expect(try sample.store.claimHistory() == nil)
        #expect(try sample.sync() == .done)
        #expect(try states() == ["complete 90"])
    }

    @Test("a report that fails repeatedly is not ordered for ever, by any number of children")
    func failing() throws {
        sample.order(#"{"fault":"report_fails"}"#)
        try sample.readHistory()
        #expect(try states() == ["complete 90"])
        // Two orders for each slice that is halved until lists work: 30, 15, 7 … days.
        #expect(try #require(sample.calls()["POST act/insights"]) < 60)
        #expect(try connection.integer("SELECT count(*) FROM report_runs") == 0)
    }

    /// Other tests have their own databases on the same server.
    private static let locks: Query = """
        SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    private func eventually(_ condition: () throws -> Bool) throws {
        for _ in 0..<20_000 where try condition() { return }
        Issue.record("it never happened")
    }
}
