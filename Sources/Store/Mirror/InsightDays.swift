package import Model
internal import Postgres

extension Store {
    /// Stores what the account had on each day as a whole.
    /// - Returns: how many days and rows of ads differ from before, or are gone.
    func commit(_ reading: ReadAccountDays, _ account: AdAccount.ID) throws -> Int {
        let changed = try storeAccountDays(reading.days, account)
        let unconfirmed = TextArray(reading.unconfirmed.map(\.description))
        try connection.execute(
            """
            UPDATE insights_days SET is_unconfirmed = day = ANY (\(unconfirmed)::date[])
            WHERE ad_account_id = \(account)::uuid AND day >= \(reading.range?.since)::date
              AND is_unconfirmed <> (day = ANY (\(unconfirmed)::date[]))
            """
        )
        let hasDayEnded = try recordAccountDays(reading, of: account)
        return changed + (hasDayEnded ? 1 : 0)
    }

    /// A day whose numbers are others than before no longer adds up; one without anything has no rows of ads, and is
    /// complete. A day of which nothing is known stays as it was.
    private func storeAccountDays(_ days: [DayTotals], _ account: AdAccount.ID) throws -> Int {
        let changed = try connection.execute(Self.storeAccountDays(days, account))
        let empty = TextArray(days.filter { !$0.hasAnything }.map(\.day.description))
        let gone = try connection.execute(
            "DELETE FROM insights_daily WHERE ad_account_id = \(account)::uuid AND day = ANY (\(empty)::date[])"
        )
        try connection.execute(
            """
            UPDATE insights_days SET state = 'complete', attempts = 0, is_damaged = false, lacks_rows = false,
                error = NULL, missing_campaigns = '{}', results = 0, result_indicator = NULL, result_mix = NULL
            WHERE ad_account_id = \(account)::uuid AND day = ANY (\(empty)::date[])
              AND state IS DISTINCT FROM 'complete'
            """
        )
        return changed + gone
    }

    private static func storeAccountDays(_ days: [DayTotals], _ account: AdAccount.ID) -> Query {
        let metrics = Metric.ofAccountDays
        var values = Values()
        let account = values.add(account, "uuid")
        let lists =
            [values.add(TextArray(days.map(\.day.description)), "date[]")]
            + metrics.map { metric in
                values.add(TextArray(days.map { $0.results[metric]?.description }), "\(metric.type)[]")
            }
        let columns = metrics.columns()
        let differs = metrics.map { "d.\($0.column) <> excluded.\($0.column)" }.joined(separator: " OR ")
        return Query(
            raw: """
                INSERT INTO insights_days AS d (ad_account_id, day, \(columns))
                SELECT \(account), t.* FROM unnest(\(lists.joined(separator: ", "))) AS t (day, \(columns))
                WHERE num_nonnulls(\(Metric.additive.columns("t"))) > 0
                ON CONFLICT (ad_account_id, day) DO UPDATE
                SET \(metrics.map { "\($0.column) = excluded.\($0.column)" }.joined(separator: ", ")), attempts = 0,
                    -- A number that is unknown, or was, says nothing about the ads.
                    state = CASE WHEN d.state = 'complete' AND (\(differs)) THEN 'partial' ELSE d.state END
                WHERE (\(metrics.columns("d"))) IS DISTINCT FROM (\(metrics.columns("excluded")))
                """,
            values.all
        )
    }

    /// Makes a staged slice of older days the account's data.
    package func commitHistory(_ reading: ReadDays, of run: ClaimedRun, _ summary: RunSummary) throws {
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
    private func recordMissing(_ missing: [ReadDays.Missing], _ account: AdAccount.ID) throws {
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
    func commitDays(_ reading: ReadDays, _ account: AdAccount.ID) throws -> Int {
        let days = TextArray(reading.readDays.map(\.description))
        // Pairs of a day and a campaign whose rows stay as they are.
        let kept = reading.missing.flatMap { part in
            (part.campaigns ?? []).flatMap { campaign in
                part.days.days.map { (day: $0.description, campaign: campaign) }
            }
        }
        let keptParts = [TextArray(kept.map(\.day)), TextArray(kept.map(\.campaign))]
        // On a day that lacks rows an ad without one may have had anything: it keeps what it has.
        let incomplete = Set(kept.compactMap { Day($0.day) })
        let staged = try sums(
            Query(raw: Self.stagedSums, account, reading.list.rawValue, days, keptParts[0], keptParts[1])
        )
        let short = Set(staged.filter { reading.balance($0.totals, $0.sum) == .short }.map(\.totals.day))
        let lacking = reading.leftOutDays.union(short)
        let changed = try connection.firstRow(
            Query(
                raw: Self.replaceDays,
                account,
                reading.list.rawValue,
                days,
                keptParts[0],
                keptParts[1],
                TextArray(lacking.map(\.description))
            )
        ) { try $0.integer(0) }
        try deleteStaged(reading.list, of: account)
        try connection.execute(Query(raw: Self.addResults, account, days))
        for day in try sums(Query(raw: Self.storedSums, account, days)) {
            let isDamaged = reading.damagedDays.contains(day.totals.day)
            let balance = reading.balance(day.totals, day.sum)
            let isComplete = !isDamaged && !short.contains(day.totals.day) && balance == .even
            let isLeftOut = reading.leftOutDays.contains(day.totals.day) && balance != .even
            // Where campaigns are missing, these are what the day lacks.
            let isShort = (balance == .short || balance == .unknown) && !incomplete.contains(day.totals.day)
            try connection.execute(
                """
                UPDATE insights_days SET basis = \(reading.bases[day.totals.day]), read_at = now(),
                    state = \(isComplete ? "complete" : "partial"), is_damaged = \(isDamaged)::boolean,
                    lacks_rows = \(isLeftOut)::boolean
                        OR \(isShort)::boolean AND attempts < \(ReadDays.mostDoubts)::int,
                    error = NULL, missing_campaigns = '{}',
                    attempts = CASE WHEN \(isComplete)::boolean THEN 0 ELSE attempts + 1 END
                WHERE ad_account_id = \(account)::uuid AND day = \(day.totals.day.description)::date
                """
            )
        }
        try recordMissing(reading.missing, account)
        return changed ?? 0
    }

    /// What the ads of each day brought by goal, for answers about the account.
    private static let addResults = """
        UPDATE insights_days t SET results = CASE WHEN x.key IS NULL THEN 0 ELSE x.results END,
            result_indicator = x.result_indicator, result_mix = x.result_mix
        FROM unnest($2::date[]) AS k (day) LEFT JOIN (\(ResultSums.sql(
            of: "insights_daily d WHERE d.ad_account_id = $1::uuid AND d.day = ANY ($2::date[])",
            by: "d.day",
            "d"
        ))) x ON x.key = k.day
        WHERE t.ad_account_id = $1::uuid AND t.day = k.day
        """

    /// What the account had on days, beside the sums of their ads.
    private func sums(_ query: Query) throws -> [(totals: DayTotals, sum: ResultsSum)] {
        try connection.rows(query) {
            (totals: try Self.totals($0), sum: try ResultsSum($0, from: 1 + Metric.ofAccountDays.count))
        }
    }

    /// - Parameter source: the sums of the ads by day.
    private static func sums(_ source: String, days: String) -> String {
        """
        SELECT d.day, \(Metric.ofAccountDays.columns("d")),
               CASE WHEN s.day IS NULL THEN 0 ELSE s.spent END,
               CASE WHEN s.day IS NULL THEN 0 ELSE s.impressions END,
               CASE WHEN s.day IS NULL THEN 0 ELSE s.clicks END, coalesce(s.rows, 0)
        FROM insights_days d LEFT JOIN (\(source)) s ON s.day = d.day
        WHERE d.ad_account_id = $1::uuid AND d.day = ANY (\(days)::date[])
        """
    }

    /// Of the ads as they are stored.
    private static let storedSums = sums(
        """
        SELECT day, \(ResultsSum.columns) FROM insights_daily
        WHERE ad_account_id = $1::uuid AND day = ANY ($2::date[]) GROUP BY day
        """,
        days: "$2"
    )

    /// Of the ads as they are staged, and of those that stay as they are.
    private static let stagedSums = """
        WITH kept AS (
            SELECT * FROM unnest($4::date[], $5::text[]) AS k (day, campaign_id)
        ) \(sums(
            """
            SELECT day, \(ResultsSum.columns) FROM (
                (SELECT DISTINCT ON (s.day, s.ad_id) s.day, s.spent, s.impressions, s.clicks FROM staged_days s
                 WHERE s.ad_account_id = $1::uuid AND s.list = $2 AND s.day = ANY ($3::date[])
                   AND NOT EXISTS (SELECT FROM kept k WHERE k.day = s.day AND k.campaign_id = s.campaign_id)
                 ORDER BY s.day, s.ad_id, s.impressions DESC NULLS LAST)
                UNION ALL
                SELECT d.day, d.spent, d.impressions, d.clicks FROM insights_daily d
                JOIN kept k ON k.day = d.day AND k.campaign_id = d.facebook_campaign_id
                WHERE d.ad_account_id = $1::uuid
            ) r GROUP BY day
            """,
            days: "$3"
        ))
        """

    /// Reads a day and its metrics.
    private static func totals(_ row: borrowing Row) throws -> DayTotals {
        DayTotals(
            day: Day(try row.text(0)) ?? Day(daysSince1970: 0),
            results: Metric.ofAccountDays.results(row, from: 1)
        )
    }

    private static let replaceDays: String = {
        let columns = Metric.ofAdDays.map(\.column) + ["actions", "action_values"]
        let names = columns.joined(separator: ", ")
        let updates = columns.map { "\($0) = excluded.\($0), " }.joined()
        let list = { (prefix: String) in columns.map { "\(prefix).\($0)" }.joined(separator: ", ") }
        let stored = { (column: String) in
            """
            SELECT p.\(column) FROM insights_daily p
            WHERE p.ad_account_id = $1::uuid AND p.day = s.day AND p.facebook_ad_id = s.ad_id
            """
        }
        let ad = { (column: String) in
            "SELECT c.\(column) FROM creatives c WHERE c.facebook_ad_id = s.ad_id AND c.ad_account_id = $1::uuid"
        }
        return """
            WITH kept AS (
                -- What could not be read stays as it is.
                SELECT * FROM unnest($4::date[], $5::text[]) AS k (day, campaign_id)
            ), source AS MATERIALIZED (
                -- Pages of insights are cut by row numbers: a row may stand on two of them.
                SELECT DISTINCT ON (s.day, s.ad_id) s.*,
                       -- Where Facebook's row names no parents, those of the stored day count, then the ad's own.
                       coalesce(s.ad_set_id, (\(stored("facebook_ad_set_id"))), (\(ad("facebook_ad_set_id"))))
                           AS parent_id,
                       coalesce(s.campaign_id, (\(stored("facebook_campaign_id"))), (\(ad("facebook_campaign_id"))))
                           AS grandparent_id
                FROM staged_days s
                WHERE s.ad_account_id = $1::uuid AND s.list = $2 AND s.day = ANY ($3::date[])
                  AND NOT EXISTS (SELECT FROM kept k WHERE k.day = s.day AND k.campaign_id = s.campaign_id)
                ORDER BY s.day, s.ad_id, s.impressions DESC NULLS LAST
            ), removed AS (
                DELETE FROM insights_daily d
                WHERE d.ad_account_id = $1::uuid AND d.day = ANY ($3::date[]) AND d.day <> ALL ($6::date[])
                  AND NOT EXISTS (SELECT FROM kept k WHERE k.day = d.day AND k.campaign_id = d.facebook_campaign_id)
                  AND NOT EXISTS (SELECT FROM source s WHERE s.day = d.day AND s.ad_id = d.facebook_ad_id)
                RETURNING 1
            ), stored AS (
                INSERT INTO insights_daily AS d (ad_account_id, day, facebook_ad_id, facebook_ad_set_id,
                    facebook_campaign_id, \(names), fetched_at)
                SELECT $1::uuid, day, ad_id, parent_id, grandparent_id, \(names), now()
                FROM source WHERE parent_id IS NOT NULL AND grandparent_id IS NOT NULL
                ON CONFLICT (ad_account_id, day, facebook_ad_id) DO UPDATE SET
                    facebook_ad_set_id = excluded.facebook_ad_set_id,
                    facebook_campaign_id = excluded.facebook_campaign_id, \(updates)fetched_at = now()
                WHERE (d.facebook_ad_set_id, d.facebook_campaign_id, \(list("d")))
                    IS DISTINCT FROM (excluded.facebook_ad_set_id, excluded.facebook_campaign_id, \(list("excluded")))
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
            SELECT day, \(raw: Metric.ofAccountDays.columns()) FROM insights_days WHERE ad_account_id = \(account)::uuid ORDER BY day
            """,
            Self.totals
        )
        let facts = try connection.firstRow(
            "SELECT name, currency, time_zone FROM ad_accounts WHERE id = \(account)::uuid"
        ) { (name: try $0.text(0), currency: $0.optionalText(1), timeZone: try $0.text(2)) }
        return (days, facts ?? (name: "", currency: nil, timeZone: "UTC"))
    }
}
