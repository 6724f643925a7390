package import Model
internal import Postgres

/// What an account had over some days, as Facebook tells it of the account as a whole.
package struct AccountTotals: Sendable {
    package let days: DayRange
    /// By name, as PostgreSQL writes numbers; `nil` where one is undefined.
    package let metrics: [(name: String, value: String?)]
    /// The days that Facebook has returned.
    package let coverage: Coverage

    package static let names = ["spend", "impressions", "clicks", "ctr", "conversions", "conversion_value", "roas"]
}

extension Store {
    /// Sums of the days of accounts that are held, for an overview.
    /// - Parameters:
    ///   - userID: whose accounts.
    ///   - from: the first day, or a moment that is in it; neither for thirty days.
    ///   - to: the last day, or a moment that is in it; neither for today. Each in the account's own time zone.
    /// - Returns: the sums by account.
    package func accountTotals(
        for userID: String,
        from: (day: Day?, moment: Timestamp?),
        to: (day: Day?, moment: Timestamp?)
    ) throws -> [AdAccount.ID: AccountTotals] {
        let isHeld = Coverage.isKnown
        let isWhole = "\(isHeld) AND \(Coverage.isWhole(of: "r.id"))"
        // A sum with an unknown part is unknown.
        let sum = { (column: String) in
            let held = "FILTER (WHERE \(isHeld))"
            return "(CASE WHEN count(d.\(column)) \(held) = count(d.day) \(held) THEN sum(d.\(column)) \(held) END)"
        }
        let totals = try connection.rows(
            """
            SELECT r.id, r.since, r.until,
                   trim_scale(\(raw: sum("spent"))), \(raw: sum("impressions")), \(raw: sum("clicks")),
                   trim_scale(round(\(raw: sum("clicks")) * 100.0 / nullif(\(raw: sum("impressions")), 0), 6)),
                   trim_scale(\(raw: sum("conversions"))), trim_scale(\(raw: sum("conversion_value"))),
                   trim_scale(round(\(raw: sum("conversion_value")) / nullif(\(raw: sum("spent")), 0), 6)),
                   min(d.day) FILTER (WHERE \(raw: isHeld)), max(d.day) FILTER (WHERE \(raw: isHeld)),
                   max(d.day) FILTER (WHERE \(raw: isWhole)),
                   count(d.day) FILTER (WHERE \(raw: isWhole)) = r.until - r.since + 1
            FROM (
                SELECT id, coalesce(since, coalesce(until, today) - 29) AS since,
                       coalesce(until, greatest(since, today)) AS until
                FROM (
                    SELECT a.id, (now() AT TIME ZONE a.time_zone)::date AS today,
                           coalesce(\(from.day)::date, (\(from.moment?.description)::timestamptz AT TIME ZONE a.time_zone)::date)
                               AS since,
                           coalesce(\(to.day)::date, (\(to.moment?.description)::timestamptz AT TIME ZONE a.time_zone)::date)
                               AS until
                    FROM ad_accounts a
                    JOIN account_access x ON x.ad_account_id = a.id AND x.user_id = \(userID)::uuid
                ) asked
            ) r
            LEFT JOIN insights_days d ON d.ad_account_id = r.id AND d.day BETWEEN r.since AND r.until
            GROUP BY r.id, r.since, r.until
            """
        ) { row in
            (
                AdAccount.ID(rawValue: try row.text(0)),
                AccountTotals(
                    days: DayRange(
                        since: Day(try row.text(1)) ?? Day(daysSince1970: 0),
                        until: Day(try row.text(2)) ?? Day(daysSince1970: 0)
                    ),
                    metrics: AccountTotals.names.enumerated().map { ($1, row.optionalText($0 + 3)) },
                    coverage: Coverage(
                        held: row.optionalText(10).flatMap { Day($0) }.flatMap { since in
                            row.optionalText(11).flatMap { Day($0) }.map { DayRange(since: since, until: $0) }
                        },
                        wholeTo: row.optionalText(12).flatMap { Day($0) },
                        isComplete: try row.boolean(13)
                    )
                )
            )
        }
        return Dictionary(uniqueKeysWithValues: totals)
    }
}
