import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// The order in which a child works over all accounts.
@Suite struct OrderTests {
    private static let count = 5
    let shops: Shops
    private var sample: Sample { shops.sample }
    private var accounts: [AdAccount.ID] { shops.accounts }
    private var connection: Connection { shops.connection }

    init() throws {
        shops = try Shops(Self.count)
    }

    /// A worker's steps, a word for each: `first 3`, `days 3`.
    private final class Steps {
        var words: [String] = []
    }

    /// - Parameter during: called with each event, before it is recorded.
    private func worker(
        slots: Int = 1,
        _ steps: Steps,
        during: @escaping (SyncEvent) -> Void = { _ in }
    ) -> SyncWorker {
        let names = Dictionary(uniqueKeysWithValues: zip(accounts.map(\.rawValue), 0...))
        let name = { (run: ClaimedRun) in names[run.account.id.rawValue] ?? -1 }
        return shops.worker(slots: slots) { event in
            during(event)
            switch event {
            case .started(let run): steps.words.append("run \(name(run))")
            case .read(let run, .history, _, _): steps.words.append("days \(name(run))")
            case .failed(_, let error): steps.words.append(error)
            case .warned(let run, let text): steps.words.append("\(name(run)) \(text)")
            default: break
            }
        }
    }

    private func ask(_ account: Int, _ trigger: SyncRun.Trigger) throws {
        try shops.ask(accounts[account], trigger)
    }

    @Test("first all totals, then all accounts' last days, then older ones, account after account")
    func firstSyncs() throws {
        for account in accounts.indices { try ask(account, .cron) }
        let steps = Steps()
        var turns: [AdAccount.ID] = []
        let child = worker(steps) { event in
            guard case .progressed(let run, _) = event, run.isHistory, turns.last != run.account.id else { return }
            turns.append(run.account.id)
        }
        #expect(try child.work(first: nil) == .worked(Array(repeating: .done, count: Self.count)))
        #expect(steps.words.prefix(Self.count) == ["run 0", "run 1", "run 2", "run 3", "run 4"])
        let days = Array(steps.words.dropFirst(Self.count))
        #expect(Set(days.prefix(Self.count)) == Set((0..<Self.count).map { "days \($0)" }), "\(days)")
        // The older ones of no account wait until those of another are complete.
        #expect(Set(turns.dropFirst(Self.count).prefix(Self.count)).count == Self.count, "\(turns)")
        #expect(try shops.daysLeft() == 0)
        #expect(try connection.integer("SELECT count(*) FROM history_backlogs WHERE wanted IS NOT NULL") == 0)
    }

    @Test("an account that is read during others' history is synced before any further day of it")
    func readFirst() throws {
        sample.order(#"{"fault":"report_slow","value":30}"#)
        for account in accounts.indices { try ask(account, .cron) }
        let steps = Steps()
        var isAsked = false
        let asking = worker(steps) { event in
            // A report of older days is being made.
            guard case .progressed(let run, _) = event, run.isHistory, !isAsked,
                steps.words.count > 2 * Self.count
            else { return }
            isAsked = true
            #expect(throws: Never.self) {
                try shops.age(accounts[2])
                try ask(2, .read)
            }
            steps.words.append("asked")
        }
        #expect(try asking.work(first: nil) == .worked(Array(repeating: .done, count: Self.count + 1)))
        let asked = try #require(steps.words.firstIndex(of: "asked"))
        #expect(steps.words.dropFirst(asked + 1).first == "run 2", "\(steps.words)")
        #expect(steps.words.dropFirst(asked + 2).contains { $0.hasPrefix("days") })
    }

    @Test("on a busy host, history without progress for a quarter of an hour gets a turn between runs")
    func starving() throws {
        for account in accounts.indices { try ask(account, .cron) }
        let steps = Steps()
        #expect(try worker(steps).work(first: nil) == .worked(Array(repeating: .done, count: Self.count)))
        try shops.forgetHistory(of: accounts[4])
        try connection.execute("UPDATE ad_accounts SET last_synced_at = now() - interval '1 hour'")
        for account in 0..<4 { try ask(account, .cron) }
        steps.words = []
        var turns: [(account: AdAccount.ID, runs: Int)] = []
        let busy = worker(steps) { event in
            guard case .progressed(let run, _) = event, run.isHistory else { return }
            turns.append((run.account.id, steps.words.count { $0.hasPrefix("run") }))
        }
        #expect(try busy.work(first: nil) == .worked(Array(repeating: .done, count: 4)))
        let first = try #require(turns.first)
        #expect(first.account == accounts[4] && first.runs == 1, "\(turns)")
        let left = try connection.integer(
            "SELECT count(*) FROM insights_days WHERE state IS DISTINCT FROM 'complete' AND impressions > 0"
        )
        #expect(left == 0, "\(steps.words)")
    }

    @Test("one of three slots is reserved for awaited runs, and half of the slots read no history")
    func shares() throws {
        for account in accounts.indices { try ask(account, .cron) }
        let others = (0..<2).map { _ in sample.database.store() }
        for other in others {
            _ = try #require(try other.acquireSlot(for: .background, host: "test", of: 2))
        }
        let steps = Steps()
        // Two children do background work: a third leaves that work alone.
        #expect(try worker(slots: 3, steps).work(first: nil) == .worked([]))
        try ask(3, .read)
        #expect(try worker(slots: 3, steps).work(first: nil) == .worked([.done]))
        #expect(steps.words == ["run 3"])
        others[0].close()
        _ = try #require(try others[1].acquireSlot(for: .history, host: "test", of: 1))
        try eventually { try connection.integer(Self.locks) == 2 }
        #expect(try worker(slots: 3, steps).work(first: nil) == .worked(Array(repeating: .done, count: 4)))
        #expect(steps.words.allSatisfy { $0.hasPrefix("run") })
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
