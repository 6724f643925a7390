package import Model
internal import Postgres

extension Store {
    /// Stores what the account had on each day as a whole. A day whose numbers are others than before no longer adds up; one
    /// without anything has no rows of ads, and is complete.
    /// - Returns: how many days have other numbers than before, and how many rows of ads are gone.
    func storeAccountDays(_ days: [DayTotals], _ account: AdAccount.ID) throws -> Int {
        let column = { (value: (DayTotals) -> String?) in TextArray(days.map(value)) }
        let changed = try connection.execute(
            """
            INSERT INTO insights_days AS d (ad_account_id, day, spent, impressions, clicks, reach, engagement,
                                            conversions, conversion_value)
            SELECT \(account)::uuid, t.*
            FROM unnest(\(column(\.day.description))::date[], \(column(\.results.spent?.description))::numeric[],
                        \(column(\.results.impressions?.description))::bigint[],
                        \(column(\.results.clicks?.description))::bigint[],
                        \(column(\.reach?.description))::bigint[],
                        \(column(\.results.engagement?.description))::numeric[],
                        \(column(\.results.conversions?.description))::numeric[],
                        \(column(\.results.conversionValue?.description))::numeric[])
                AS t (day, spent, impressions, clicks, reach, engagement, conversions, value)
            ON CONFLICT (ad_account_id, day) DO UPDATE SET spent = excluded.spent,
                impressions = excluded.impressions, clicks = excluded.clicks, reach = excluded.reach,
                engagement = excluded.engagement, conversions = excluded.conversions,
                conversion_value = excluded.conversion_value, attempts = 0,
                -- A number that is unknown, or was, says nothing about the ads.
                state = CASE WHEN d.state = 'complete' AND (
                        d.spent <> excluded.spent OR d.impressions <> excluded.impressions
                        OR d.clicks <> excluded.clicks OR d.reach <> excluded.reach
                        OR d.engagement <> excluded.engagement OR d.conversions <> excluded.conversions
                        OR d.conversion_value <> excluded.conversion_value
                    ) THEN 'partial' ELSE d.state END
            -- A day of which nothing is known stays as it was.
            WHERE num_nonnulls(excluded.spent, excluded.impressions, excluded.clicks, excluded.engagement) > 0
              AND (d.spent, d.impressions, d.clicks, d.reach, d.engagement, d.conversions, d.conversion_value)
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
                raw: Self.replaceDays,
                account,
                reading.list.rawValue,
                days,
                TextArray(kept.map(\.day)),
                TextArray(kept.map(\.campaign)),
                TextArray(reading.damagedDays.map(\.description))
            )
        ) { try $0.integer(0) }
        try deleteStaged(reading.list, of: account)
        let stored = try connection.rows(
            """
            SELECT d.day, d.spent, d.impressions, d.clicks, d.reach, d.engagement, d.conversions, d.conversion_value,
                   CASE WHEN s.day IS NULL THEN 0 ELSE s.spent END,
                   CASE WHEN s.day IS NULL THEN 0 ELSE s.impressions END,
                   CASE WHEN s.day IS NULL THEN 0 ELSE s.clicks END, coalesce(s.rows, 0)
            FROM insights_days d
            LEFT JOIN (
                SELECT day, \(raw: ResultsSum.columns)
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
            let isDamaged = reading.damagedDays.contains(day.totals.day)
            let isComplete = !isDamaged && reading.addsUp(day.totals, day.sum)
            try connection.execute(
                """
                UPDATE insights_days SET basis = \(reading.bases[day.totals.day]), read_at = now(),
                    state = \(isComplete ? "complete" : "partial"), is_damaged = \(isDamaged)::boolean,
                    error = NULL, missing_campaigns = '{}',
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
                spent: money(row, 1),
                impressions: row.optionalInteger(2),
                clicks: row.optionalInteger(3),
                engagement: money(row, 5),
                conversions: money(row, 6),
                conversionValue: money(row, 7)
            )
        )
    }

    private static func money(_ row: borrowing Row, _ column: Int) -> Money? {
        row.optionalText(column).flatMap { Money(decimal: $0) }
    }

    private static let replaceDays: String = {
        let columns = [
            "spent", "impressions", "clicks", "engagement", "conversions", "conversion_value", "actions",
            "action_values",
        ]
        let updates = columns.map { "\($0) = excluded.\($0), " }.joined()
        let list = { (prefix: String) in columns.map { "\(prefix).\($0)" }.joined(separator: ", ") }
        return """
            WITH kept AS (
                -- What could not be read stays as it is.
                SELECT * FROM unnest($4::date[], $5::text[]) AS k (day, campaign_id)
            ), source AS MATERIALIZED (
                -- Pages of insights are cut by row numbers: a row may stand on two of them.
                SELECT DISTINCT ON (day, ad_id) * FROM staged_days s
                WHERE ad_account_id = $1::uuid AND list = $2 AND day = ANY ($3::date[])
                  AND NOT EXISTS (SELECT FROM kept k WHERE k.day = s.day AND k.campaign_id = s.campaign_id)
                ORDER BY day, ad_id, impressions DESC NULLS LAST
            ), removed AS (
                -- On a day with damaged rows an ad without a row may have had anything.
                DELETE FROM insights_daily d
                WHERE d.ad_account_id = $1::uuid AND d.day = ANY ($3::date[]) AND d.day <> ALL ($6::date[])
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
                    facebook_campaign_id = excluded.facebook_campaign_id, \(updates)fetched_at = now()
                WHERE (\(list("d"))) IS DISTINCT FROM (\(list("excluded")))
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM removed) + (SELECT count(*) FROM stored)
            """
    }()
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
