import GraphAPI
import GraphSimulator
import Model
import Postgres
import Store
import SyncEngine
import TestSupport

/// Several connected accounts, on which children do runs and read history. The clock moves only while a child waits.
struct Shops {
    let sample: Sample
    let accounts: [AdAccount.ID]
    let connection: Connection

    init(_ count: Int) throws {
        let specs = (0..<count).map {
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

    /// A child with its own connection.
    func worker(
        slots: Int = 1,
        historyBudget: Double = 100_000,
        client: (() -> GraphClient)? = nil,
        isStopping: @escaping () -> Bool = { false },
        report: @escaping (SyncEvent) -> Void
    ) -> SyncWorker {
        let store = sample.database.store()
        let (clock, database) = (sample.clock, sample.database)
        let engine = SyncEngine(
            store: store,
            settings: sample.settings,
            makeClient: { [sample] _ in client?() ?? sample.client() },
            now: { clock.now },
            isStopping: isStopping,
            report: report
        )
        return SyncWorker(
            store: store,
            engine: engine,
            host: "test",
            slots: slots,
            historyBudget: historyBudget,
            now: { clock.now },
            pause: { seconds in
                // A wait for the database ends at once.
                clock.now += seconds
                let passed = "interval '1 second' * \(seconds)"
                _ = try? database.connect().execute("UPDATE history_backlogs SET due_at = due_at - \(raw: passed)")
            },
            isStopping: isStopping
        )
    }

    func ask(_ account: AdAccount.ID, _ trigger: SyncRun.Trigger) throws {
        _ = try sample.database.store().requestSync(of: account, trigger: trigger, isForced: false, interval: 600)
    }

    /// Makes an account's data old enough for another sync.
    func age(_ account: AdAccount.ID) throws {
        try connection.execute(
            "UPDATE ad_accounts SET last_synced_at = now() - interval '1 hour' WHERE id = \(account)::uuid"
        )
    }

    /// Deletes the account's days of ads: its history has waited for them for more than a quarter of an hour.
    func forgetHistory(of account: AdAccount.ID) throws {
        try connection.execute(
            "UPDATE insights_days SET state = NULL, basis = NULL, read_at = NULL WHERE ad_account_id = \(account)::uuid"
        )
        try connection.execute("DELETE FROM insights_daily WHERE ad_account_id = \(account)::uuid")
        try connection.execute(
            """
            UPDATE history_backlogs SET wanted = 'older_days', progressed_at = now() - interval '16 minutes'
            WHERE ad_account_id = \(account)::uuid
            """
        )
    }

    /// The number of incomplete days.
    func daysLeft() throws -> Int? {
        try connection.integer("SELECT count(*) FROM insights_days WHERE state IS DISTINCT FROM 'complete'")
    }
}
