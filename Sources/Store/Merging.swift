package import Model
internal import Postgres

/// What Facebook says of an account itself.
package struct AccountFacts: Sendable, Equatable {
    package var name: String
    package var currency: String
    package var timeZone: String
    package var status: String?

    package init(name: String, currency: String, timeZone: String, status: String?) {
        self.name = name
        self.currency = currency
        self.timeZone = timeZone
        self.status = status
    }
}

/// What a run brought.
package struct SyncTally: Sendable, Equatable {
    package var campaigns = 0
    package var adSets = 0
    package var ads = 0
    package var insights = 0
    package var apiCalls = 0
    package var rowsChanged = 0

    package init() {}
}

/// How a staging table becomes rows of a mirrored one.
private struct Merge {
    let staging: String
    let target: String
    let level: Level
    /// Target column to staging column; the first is the key.
    let columns: [(target: String, staged: String)]

    static let campaigns = Merge(
        staging: "staged_campaigns",
        target: "campaigns",
        level: .campaign,
        columns: [("facebook_campaign_id", "id"), ("objective", "objective")] + budgets + common
    )
    static let adSets = Merge(
        staging: "staged_ad_sets",
        target: "ad_groups",
        level: .adSet,
        columns: [
            ("facebook_ad_set_id", "id"), ("facebook_campaign_id", "campaign_id"),
            ("optimization_goal", "optimization_goal"),
        ] + budgets + common
    )
    static let ads = Merge(
        staging: "staged_ads",
        target: "creatives",
        level: .ad,
        columns: [
            ("facebook_ad_id", "id"), ("facebook_ad_set_id", "ad_set_id"), ("facebook_campaign_id", "campaign_id"),
            ("format", "format"),
        ] + common
    )

    private static let budgets = [("daily_budget", "daily_budget"), ("lifetime_budget", "lifetime_budget")]
    private static let common = [
        ("name", "name"), ("status", "status"), ("effective_status", "effective_status"),
        ("created_at", "created_at"), ("updated_at", "updated_at"),
    ]
    /// No row from Facebook means no delivery, so nobody was reached either.
    static let metrics = [
        ("spent", "0"), ("impressions", "0"), ("clicks", "0"), ("reach", "0"), ("frequency", "NULL"),
        ("engagement", "0"), ("conversions", "0"), ("conversion_value", "0"),
    ]
}

extension Store {
    /// Makes what was staged the account's data, in one transaction: readers see all of it or none.
    /// - Parameters:
    ///   - days: what the staged metrics cover.
    ///   - tally: what was fetched.
    /// - Returns: the tally with the number of rows that differed from what we had.
    package func commitStaged(
        _ run: ClaimedRun,
        facts: AccountFacts,
        days: DayRange,
        tally: SyncTally
    ) throws -> SyncTally {
        try connection.transaction {
            let campaigns = try merge(.campaigns, run.account.id)
            let adSets = try merge(.adSets, run.account.id)
            let ads = try merge(.ads, run.account.id)
            var tally = tally
            tally.rowsChanged = campaigns + adSets + ads
            let isOtherRange =
                try connection.firstRow(
                    """
                    SELECT (metrics_since, metrics_until) IS DISTINCT FROM (\(days.since)::date, \(days.until)::date)
                    FROM ad_accounts WHERE id = \(run.account.id)::uuid
                    """
                ) { try $0.boolean(0) } ?? true
            // Ad sets are shown with their campaign's name, ads with both names.
            try connection.execute(
                """
                UPDATE ad_accounts SET
                    name = \(facts.name), currency = \(facts.currency), time_zone = \(facts.timeZone),
                    status = \(facts.status), sync_status = 'idle', sync_error = NULL, last_synced_at = now(),
                    held_until = NULL, held_reason = NULL, failures = 0,
                    metrics_since = \(days.since)::date, metrics_until = \(days.until)::date,
                    campaigns_version = campaigns_version + \(isOtherRange || campaigns > 0)::boolean::int,
                    ad_groups_version = ad_groups_version + \(isOtherRange || campaigns + adSets > 0)::boolean::int,
                    creatives_version = creatives_version + \(isOtherRange || tally.rowsChanged > 0)::boolean::int
                WHERE id = \(run.account.id)::uuid
                """
            )
            try finish(run, tally)
            return tally
        }
    }

    private func finish(_ run: ClaimedRun, _ tally: SyncTally) throws {
        let isOurs =
            try connection.execute(
                """
                UPDATE sync_runs SET finished_at = now(), outcome = 'done', percent = 100,
                    campaigns = \(tally.campaigns)::int, ad_sets = \(tally.adSets)::int, ads = \(tally.ads)::int,
                    insights = \(tally.insights)::int, rows_changed = \(tally.rowsChanged)::int,
                    api_calls = \(tally.apiCalls)::int
                WHERE id = \(run.id)::uuid AND finished_at IS NULL
                """
            ) == 1
        // Another process took us for dead and closed the run: what we hold may be older than what it stores.
        guard isOurs else {
            throw PostgresError(code: .connectionLost, message: "the sync run was closed by another process")
        }
    }

    /// - Returns: how many rows are new, or differ from what was there.
    private func merge(_ merge: Merge, _ account: AdAccount.ID) throws -> Int {
        let key = merge.columns[0].target
        let targets = merge.columns.map(\.target) + Merge.metrics.map(\.0)
        let compared = targets.dropFirst()
        let list = { (prefix: String) in compared.map { "\(prefix)\($0)" }.joined(separator: ", ") }
        let count = try connection.firstRow(
            """
            WITH metrics AS (
                SELECT DISTINCT ON (id) * FROM staged_metrics WHERE level = \(merge.level.rawValue) ORDER BY id
            ), source AS MATERIALIZED (
                -- An object may stand on two pages when others were added between them: the newer one counts.
                SELECT DISTINCT ON (s.id)
                    \(raw: merge.columns.map { "s.\($0.staged) AS \($0.target)" }.joined(separator: ", ")),
                    \(raw: Merge.metrics.map { "CASE WHEN m.id IS NULL THEN \($0.1) ELSE m.\($0.0) END AS \($0.0)" }
                        .joined(separator: ", "))
                FROM \(raw: merge.staging) s LEFT JOIN metrics m ON m.id = s.id
                ORDER BY s.id, s.updated_at DESC NULLS LAST
            ), differing AS (
                SELECT count(*) AS rows FROM source s LEFT JOIN \(raw: merge.target) t ON t.\(raw: key) = s.\(raw: key)
                WHERE t.\(raw: key) IS NULL OR (t.ad_account_id = \(account)::uuid
                    AND (\(raw: list("s."))) IS DISTINCT FROM (\(raw: list("t."))))
            ), stored AS (
                INSERT INTO \(raw: merge.target) AS t
                    (ad_account_id, last_synced_at, \(raw: targets.joined(separator: ", ")))
                SELECT \(account)::uuid, now(), \(raw: targets.joined(separator: ", ")) FROM source
                ON CONFLICT (\(raw: key)) DO UPDATE SET last_synced_at = excluded.last_synced_at,
                    \(raw: compared.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
                WHERE t.ad_account_id = excluded.ad_account_id
            )
            SELECT rows FROM differing
            """
        ) { try $0.integer(0) }
        return count ?? 0
    }
}
