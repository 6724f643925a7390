import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// In which order a child works over all accounts.
@Suite struct OrderTests {
    private static let count = 5
    let sample: Sample
    let accounts: [AdAccount.ID]
    let connection: Connection

    init() throws {
        let specs = (0..<Self.count).map {
            AccountSpec(id: "1000000000010\($0)", name: "Shop \($0)", campaigns: 4, adSets: 12, ads: 50)
        }
        sample = try Sample(world: .with(specs))
        connection = sample.database.connect()
        sample.settings = SyncSettings()
        let store = sample.store
        accounts =
            try [sample.account]
            + specs.dropFirst().map {
                try store.addAdAccount(facebookID: $0.id, name: $0.name, token: StoredToken(bytes: [1], keyID: "key"))
            }
    }

    /// What a worker did, a word for each step: `first 3`, `days 3`.
    private final class Steps {
        var words: [String] = []
    }

    /// - Parameter during: called with each event, before it is written down.
    private func worker(
        slots: Int = 1,
        _ steps: Steps,
        during: @escaping (SyncEvent) -> Void = { _ in }
    ) -> SyncWorker {
        let store = sample.database.store()
        let (clock, names) = (sample.clock, Dictionary(uniqueKeysWithValues: zip(accounts.map(\.rawValue), 0...)))
        let database = sample.database
        let name = { (run: ClaimedRun) in names[run.account.id.rawValue] ?? -1 }
        let engine = SyncEngine(
            store: store,
            settings: sample.settings,
            makeClient: { [sample] _ in sample.client() },
            now: { clock.now },
            isStopping: { false },
            report: { event in
                during(event)
                switch event {
                case .started(let run): steps.words.append("run \(name(run))")
                case .read(let run, .history, _, _): steps.words.append("days \(name(run))")
                case .failed(_, let error): steps.words.append(error)
                case .warned(let run, let text): steps.words.append("\(name(run)) \(text)")
                default: break
                }
            }
        )
        return SyncWorker(
            store: store,
            engine: engine,
            host: "test",
            slots: slots,
            historyBudget: 100_000,
            now: { clock.now },
            pause: { seconds in
                // What the database waits for comes at once.
                clock.now += seconds
                let passed = "interval '1 second' * \(seconds)"
                _ = try? database.connect().execute("UPDATE history_backlogs SET due_at = due_at - \(raw: passed)")
            },
            isStopping: { false }
        )
    }

    private func ask(_ account: Int, _ trigger: SyncRun.Trigger) throws {
        _ = try sample.database.store().requestSync(
            of: accounts[account],
            trigger: trigger,
            isForced: false,
            interval: 600
        )
    }

    @Test("first all totals, then everybody's last days, then older ones, account after account")
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
        let left = try connection.integer("SELECT count(*) FROM insights_days WHERE state IS DISTINCT FROM 'complete'")
        #expect(left == 0)
        #expect(try connection.integer("SELECT count(*) FROM history_backlogs WHERE wanted IS NOT NULL") == 0)
    }

    @Test("an account that is read while others' history is under way is synced before any further day of it")
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
                try connection.execute(
                    "UPDATE ad_accounts SET last_synced_at = now() - interval '1 hour' WHERE id = \(accounts[2])::uuid"
                )
                try ask(2, .read)
            }
            steps.words.append("asked")
        }
        #expect(try asking.work(first: nil) == .worked(Array(repeating: .done, count: Self.count + 1)))
        let asked = try #require(steps.words.firstIndex(of: "asked"))
        #expect(steps.words.dropFirst(asked + 1).first == "run 2", "\(steps.words)")
        #expect(steps.words.dropFirst(asked + 2).contains { $0.hasPrefix("days") })
    }

    @Test("on a host that is never idle, history without progress for a quarter of an hour gets a turn between runs")
    func starving() throws {
        for account in accounts.indices { try ask(account, .cron) }
        let steps = Steps()
        #expect(try worker(steps).work(first: nil) == .worked(Array(repeating: .done, count: Self.count)))
        try connection.execute(
            """
            UPDATE insights_days SET state = NULL, basis = NULL, read_at = NULL WHERE ad_account_id = \(accounts[4])::uuid
            """
        )
        try connection.execute("DELETE FROM insights_daily WHERE ad_account_id = \(accounts[4])::uuid")
        try connection.execute(
            """
            UPDATE history_backlogs SET wanted = 'older_days', progressed_at = now() - interval '16 minutes'
            WHERE ad_account_id = \(accounts[4])::uuid
            """
        )
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

    @Test("one of three slots is left for those who wait, and half of them read no history")
    func shares() throws {
        for account in accounts.indices { try ask(account, .cron) }
        let others = (0..<2).map { _ in sample.database.store() }
        for other in others {
            _ = try #require(try other.acquireSlot(for: .background, host: "test", of: 2))
        }
        let steps = Steps()
        // Two children do what nobody waits for: a third leaves it alone.
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

    /// Other tests have databases of their own on the same server.
    private static let locks: Query = """
        SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    private func eventually(_ condition: () throws -> Bool) throws {
        for _ in 0..<20_000 where try condition() { return }
        Issue.record("it never happened")
    }
}
