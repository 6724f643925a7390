import Model
import Postgres
import Store
import TestSupport
import Testing

@Suite struct PruneTests {
    let sample: Sample
    let store: Store
    private let retention = Retention(insights: 100, syncRuns: 30, audit: 400)

    /// An account whose own day differs from UTC's for half of the time, with results on the first day that is kept and
    /// on the last that is not, and three runs: two ended long ago.
    init() throws {
        sample = try Sample()
        store = sample.store
        try sample.database.connect().runScript(
            """
            UPDATE ad_accounts SET time_zone = 'Pacific/Kiritimati';
            INSERT INTO insights_days (ad_account_id, day, spent, impressions, clicks, engagement, conversions, conversion_value)
            SELECT id, (now() AT TIME ZONE time_zone)::date - age, 1, 1, 1, 0, 0, 0 FROM ad_accounts, unnest('{99,100}'::int[]) age;
            INSERT INTO insights_daily (ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id, spent,
                                        impressions, clicks, engagement, conversions, conversion_value, fetched_at)
            SELECT ad_account_id, day, ad, '2', '3', 1, 1, 1, 0, 0, 0, now() FROM insights_days, unnest('{7,8}'::text[]) ad;
            INSERT INTO sync_runs (ad_account_id, trigger, requested_at, started_at, finished_at, outcome)
            SELECT id, 'cron', at, at, at + interval '5 minutes', 'done'
            FROM ad_accounts, unnest(ARRAY[now() - interval '40 days', now() - interval '31 days', now() - interval '29 days']) at;
            INSERT INTO audit_events (at, event, actor, address)
            SELECT now() - age * interval '1 day', 'signed_in', 'ada@example.com', '' FROM unnest('{401,399}'::int[]) age;
            """
        )
    }

    private func counts() throws -> [Int] {
        try ["insights_daily", "insights_days", "sync_runs", "audit_events"].map {
            try sample.database.connect().integer("SELECT count(*) FROM \(raw: $0)") ?? -1
        }
    }

    @Test("days that somebody requested stay")
    func requested() throws {
        _ = try store.requestHistory(of: sample.account, days: 101)
        #expect(try store.prunable(retention).insights == 0)
        #expect(try store.prune(retention).insights == 0)
        _ = try store.requestHistory(of: sample.account, days: 30)
        #expect(try store.prune(retention).insights == 3)
    }

    @Test(
        "rows past their retention are removed by the account's own days, and only they; a second run finds none"
    )
    func prune() throws {
        #expect(try store.prunable(retention) == PrunedRows(insights: 3, syncRuns: 2, audit: 1))
        #expect(try counts() == [4, 2, 3, 2])
        var steps: [[Int]] = []
        #expect(
            try store.prune(retention) { steps.append([$0, $1]) } == PrunedRows(insights: 3, syncRuns: 2, audit: 1)
        )
        #expect(steps == [[1, 1]])
        #expect(try counts() == [2, 1, 1, 1])
        #expect(
            try sample.database.connect().integer(
                """
                SELECT count(*) FROM insights_days d JOIN ad_accounts a ON a.id = d.ad_account_id
                WHERE d.day = (now() AT TIME ZONE a.time_zone)::date - 99
                """
            ) == 1
        )
        #expect(try store.prune(retention) == PrunedRows())
        #expect(try (0...60).contains(store.secondsSince(.prune) ?? -1))
    }

    @Test("responses over the removed days are invalidated; those of accounts without removed days are not")
    func versions() throws {
        let version = { try sample.database.connect().integer("SELECT insights_version FROM ad_accounts") ?? -1 }
        let before = try version()
        _ = try store.prune(Retention(insights: 101, syncRuns: 30, audit: 400))
        #expect(try version() == before)
        _ = try store.prune(retention)
        #expect(try version() > before)
    }

    @Test("an account's last run stays, however old, and so does a current one")
    func lastRun() throws {
        try sample.database.connect().runScript(
            """
            UPDATE sync_runs SET requested_at = requested_at - interval '1 year', finished_at = finished_at - interval '1 year';
            INSERT INTO sync_runs (ad_account_id, trigger, requested_at, started_at)
            SELECT id, 'read', now() - interval '3 years', now() - interval '3 years' FROM ad_accounts;
            """
        )
        #expect(try store.prune(retention).syncRuns == 2)
        #expect(try counts()[2] == 2)
    }

    @Test("counting the rows to remove takes no longer for an account with very many runs")
    func many() throws {
        // Comparing each run with each would exceed the statement timeout.
        try sample.database.connect().runScript(
            """
            INSERT INTO sync_runs (ad_account_id, trigger, requested_at, started_at, finished_at, outcome)
            SELECT id, 'cron', at, at, at, 'done'
            FROM ad_accounts, generate_series(1, 80000) n, LATERAL (SELECT now() - interval '50 days' - n * interval '1 minute' AS at) t;
            ANALYZE sync_runs
            """
        )
        #expect(try store.prunable(retention).syncRuns == 80_002)
    }
}
