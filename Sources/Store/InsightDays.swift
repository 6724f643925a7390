package import Model
internal import Postgres

extension Store {
    /// Stores what the account had on each day as a whole. A day whose numbers are others than before no longer adds up; one
    /// without anything has no rows of ads, and is complete.
    /// - Returns: how many days have other numbers than before, and how many rows of ads are gone.
    func storeAccountDays(_ days: [DayTotals], _ account: AdAccount.ID) throws -> Int {
        let column = { (value: (DayTotals) -> String) in TextArray(days.map(value)) }
        let changed = try connection.execute(
            """
            INSERT INTO insights_days AS d (ad_account_id, day, spent, impressions, clicks, reach, engagement,
                                            conversions, conversion_value)
            SELECT \(account)::uuid, day, spent, impressions, clicks, nullif(reach, -1), engagement, conversions, value
            FROM unnest(\(column(\.day.description))::date[], \(column(\.results.spent.description))::numeric[],
                        \(column { "\($0.results.impressions)" })::bigint[],
                        \(column { "\($0.results.clicks)" })::bigint[], \(column { "\($0.reach ?? -1)" })::bigint[],
                        \(column(\.results.engagement.description))::numeric[],
                        \(column(\.results.conversions.description))::numeric[],
                        \(column(\.results.conversionValue.description))::numeric[])
                AS t (day, spent, impressions, clicks, reach, engagement, conversions, value)
            ON CONFLICT (ad_account_id, day) DO UPDATE SET spent = excluded.spent,
                impressions = excluded.impressions, clicks = excluded.clicks, reach = excluded.reach,
                engagement = excluded.engagement, conversions = excluded.conversions,
                conversion_value = excluded.conversion_value, attempts = 0,
                state = CASE WHEN d.state = 'complete' THEN 'partial' ELSE d.state END
            WHERE (d.spent, d.impressions, d.clicks, d.reach, d.engagement, d.conversions, d.conversion_value)
                IS DISTINCT FROM (excluded.spent, excluded.impressions, excluded.clicks, excluded.reach,
                                  excluded.engagement, excluded.conversions, excluded.conversion_value)
            """
        )
        let empty = TextArray(days.filter { !$0.hasAnything }.map(\.day.description))
        let gone = try connection.execute(
            "DELETE FROM insights_daily WHERE ad_account_id = \(account)::uuid AND day = ANY (\(empty)::date[])"
        )
        try connection.execute(
            """
            UPDATE insights_days SET state = 'complete', attempts = 0
            WHERE ad_account_id = \(account)::uuid AND day = ANY (\(empty)::date[])
              AND state IS DISTINCT FROM 'complete'
            """
        )
        return changed + gone
    }

    /// Makes a staged slice of older days the account's data.
    package func commitHistory(_ reading: DaysReading, of run: ClaimedRun, _ tally: SyncTally) throws {
        try connection.transaction {
            try joinBySets()
            let changed = try commitDays(reading, run.account.id)
            if changed > 0 {
                try connection.execute(
                    """
                    UPDATE ad_accounts SET insights_version = \(raw: DataVersion.raised("insights_version"))
                    WHERE id = \(run.account.id)::uuid
                    """
                )
            }
            try recordStored(.history, of: run.account.id)
            try forgetReports(of: .history, run.account.id)
            try requireOpen(run)
        }
    }

    /// Records what could not be read of days, and why, so that it is not tried again at once. What is stored of the days
    /// stays, and a day that was never read still counts as that.
    private func recordMissing(_ missing: [DaysReading.Missing], _ account: AdAccount.ID) throws {
        for part in missing {
            try connection.execute(
                """
                UPDATE insights_days SET tried_at = now(), error = \(part.error),
                    attempts = attempts + \(part.campaigns == nil ? 1 : 0)::int,
                    missing_campaigns = missing_campaigns || \(TextArray(part.campaigns ?? []))::text[]
                WHERE ad_account_id = \(account)::uuid
                  AND day BETWEEN \(part.days.since)::date AND \(part.days.until)::date
                  AND (\(part.campaigns == nil)::boolean OR state IS DISTINCT FROM 'complete')
                """
            )
        }
    }

    /// Replaces the rows of the days by the staged ones, and marks each day complete or partial.
    /// - Returns: how many rows are new, differ, or are gone.
    func commitDays(_ reading: DaysReading, _ account: AdAccount.ID) throws -> Int {
        let days = TextArray(reading.readDays.map(\.description))
        // Pairs of a day and a campaign whose rows stay as they are.
        let kept = reading.missing.flatMap { part in
            (part.campaigns ?? []).flatMap { campaign in
                part.days.days.map { (day: $0.description, campaign: campaign) }
            }
        }
        let changed = try connection.firstRow(
            Query(
                raw: Self.replaceDays(without: reading.refusedFields),
                account,
                reading.list.rawValue,
                days,
                TextArray(kept.map(\.day)),
                TextArray(kept.map(\.campaign))
            )
        ) { try $0.integer(0) }
        try deleteStaged(reading.list, of: account)
        let stored = try connection.rows(
            """
            SELECT d.day, d.spent, d.impressions, d.clicks, d.reach, d.engagement, d.conversions, d.conversion_value,
                   coalesce(s.spent, 0), coalesce(s.impressions, 0), coalesce(s.clicks, 0), coalesce(s.rows, 0)
            FROM insights_days d
            LEFT JOIN (
                SELECT day, sum(spent) AS spent, sum(impressions)::bigint AS impressions, sum(clicks)::bigint AS clicks,
                       count(*) AS rows
                FROM insights_daily
                WHERE ad_account_id = \(account)::uuid AND day = ANY (\(days)::date[])
                GROUP BY day
            ) s ON s.day = d.day
            WHERE d.ad_account_id = \(account)::uuid AND d.day = ANY (\(days)::date[])
            """
        ) { row in
            (
                day: try row.text(0), totals: try Self.totals(row),
                sum: try ResultsSum(row, from: 8)
            )
        }
        for day in stored {
            let isComplete = reading.addsUp(day.totals, day.sum)
            try connection.execute(
                """
                UPDATE insights_days SET basis = \(reading.bases[day.totals.day]), read_at = now(),
                    state = \(isComplete ? "complete" : "partial"), error = NULL, missing_campaigns = '{}',
                    attempts = CASE WHEN \(isComplete)::boolean THEN 0 ELSE attempts + 1 END
                WHERE ad_account_id = \(account)::uuid AND day = \(day.day)::date
                """
            )
        }
        try recordMissing(reading.missing, account)
        return changed ?? 0
    }

    private static func totals(_ row: borrowing Row) throws -> DayTotals {
        DayTotals(
            day: Day(try row.text(0)) ?? Day(daysSince1970: 0),
            reach: row.optionalInteger(4),
            results: Results(
                spent: try money(row, 1),
                impressions: try row.integer(2),
                clicks: try row.integer(3),
                engagement: try money(row, 5),
                conversions: try money(row, 6),
                conversionValue: try money(row, 7)
            )
        )
    }

    private static func money(_ row: borrowing Row, _ column: Int) throws -> Money {
        Money(decimal: try row.text(column)) ?? .zero
    }

    /// - Parameter refused: names of Graph fields whose columns stay as they are.
    private static func replaceDays(without refused: Set<String>) -> String {
        let kept = Set(refused.flatMap { dayColumns[$0] ?? [] })
        let columns = ["engagement", "conversions", "conversion_value", "actions", "action_values"]
            .filter { !kept.contains($0) }
        let updates = columns.map { "\($0) = excluded.\($0), " }.joined()
        let compared = ["spent", "impressions", "clicks"] + columns
        let list = { (prefix: String) in compared.map { "\(prefix).\($0)" }.joined(separator: ", ") }
        return """
            WITH kept AS (
                -- What could not be read stays as it is.
                SELECT * FROM unnest($4::date[], $5::text[]) AS k (day, campaign_id)
            ), source AS MATERIALIZED (
                -- Pages of insights are cut by row numbers: a row may stand on two of them.
                SELECT DISTINCT ON (day, ad_id) * FROM staged_days s
                WHERE ad_account_id = $1::uuid AND list = $2 AND day = ANY ($3::date[])
                  AND NOT EXISTS (SELECT FROM kept k WHERE k.day = s.day AND k.campaign_id = s.campaign_id)
                ORDER BY day, ad_id, impressions DESC
            ), removed AS (
                DELETE FROM insights_daily d
                WHERE d.ad_account_id = $1::uuid AND d.day = ANY ($3::date[])
                  AND NOT EXISTS (SELECT FROM kept k WHERE k.day = d.day AND k.campaign_id = d.facebook_campaign_id)
                  AND NOT EXISTS (SELECT FROM source s WHERE s.day = d.day AND s.ad_id = d.facebook_ad_id)
                RETURNING 1
            ), stored AS (
                INSERT INTO insights_daily AS d (ad_account_id, day, facebook_ad_id, facebook_ad_set_id,
                    facebook_campaign_id, spent, impressions, clicks, engagement, conversions, conversion_value, actions,
                    action_values, fetched_at)
                SELECT $1::uuid, day, ad_id, ad_set_id, campaign_id, spent, impressions, clicks, engagement, conversions,
                       conversion_value, actions, action_values, now()
                FROM source
                ON CONFLICT (ad_account_id, day, facebook_ad_id) DO UPDATE SET
                    facebook_ad_set_id = excluded.facebook_ad_set_id,
                    facebook_campaign_id = excluded.facebook_campaign_id, spent = excluded.spent,
                    impressions = excluded.impressions, clicks = excluded.clicks, \(updates)fetched_at = now()
                WHERE (\(list("d"))) IS DISTINCT FROM (\(list("excluded")))
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM removed) + (SELECT count(*) FROM stored)
            """
    }

    private static let dayColumns = [
        "actions": ["engagement", "conversions", "actions"], "action_values": ["conversion_value", "action_values"],
    ]
}

extension Store {
    /// How many ads had anything on the busiest of the days that are there.
    package func adsPerDay(of account: AdAccount.ID) throws -> Int {
        try connection.firstRow(
            """
            SELECT coalesce(max(ads), 0) FROM (
                SELECT count(*) AS ads FROM insights_daily
                WHERE ad_account_id = \(account)::uuid AND day > (
                    SELECT max(day) - 7 FROM insights_daily WHERE ad_account_id = \(account)::uuid
                )
                GROUP BY day
            ) days
            """
        ) { try $0.integer(0) } ?? 0
    }

    /// What an account had on each day as a whole, oldest first, and the account itself.
    package func accountDays(
        of account: AdAccount.ID
    ) throws -> (
        days: [DayTotals], account: (name: String, currency: String?, timeZone: String)
    ) {
        let days = try connection.rows(
            """
            SELECT day, spent, impressions, clicks, reach, engagement, conversions, conversion_value
            FROM insights_days WHERE ad_account_id = \(account)::uuid ORDER BY day
            """,
            Self.totals
        )
        let facts = try connection.firstRow(
            "SELECT name, currency, time_zone FROM ad_accounts WHERE id = \(account)::uuid"
        ) { (name: try $0.text(0), currency: $0.optionalText(1), timeZone: try $0.text(2)) }
        return (days, facts ?? (name: "", currency: nil, timeZone: "UTC"))
    }
}
