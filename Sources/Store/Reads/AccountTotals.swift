package import Model
internal import Postgres

/// What an account had over some days, as Facebook reports it for the whole account.
package struct AccountTotals: Sendable {
    package let days: DayRange
    /// By name, as PostgreSQL writes numbers; `nil` where one is undefined.
    package let metrics: [(name: String, value: String?)]
    /// The days that Facebook has returned.
    package let coverage: Coverage

    package static let names = ["spend", "impressions", "clicks", "ctr", "conversions", "conversion_value", "roas"]

    /// The values of `names`, over the days `d` of an account. A sum with an unknown part is unknown.
    fileprivate static let columns = names.compactMap { Field.named($0) }.map { field in
        let sum = { (metric: Metric) in
            let held = "FILTER (WHERE \(Coverage.isKnown))"
            let column = "d.\(metric.column)"
            return "(CASE WHEN count(\(column)) \(held) = count(d.day) \(held) THEN sum(\(column)) \(held) END)"
        }
        if case .formula(let formula) = field.source { return formula.sql(field.metrics, sum) }
        return "trim_scale(\(sum(field.metrics[0])))"
    }
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
        let totals = try connection.rows(
            """
            SELECT r.id, r.since, r.until,
                   min(d.day) FILTER (WHERE \(raw: isHeld)), max(d.day) FILTER (WHERE \(raw: isHeld)),
                   max(d.day) FILTER (WHERE \(raw: isWhole)),
                   count(d.day) FILTER (WHERE \(raw: isWhole)) = r.until - r.since + 1,
                   \(raw: AccountTotals.columns.joined(separator: ", "))
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
                    metrics: AccountTotals.names.enumerated().map { ($1, row.optionalText($0 + 7)) },
                    coverage: Coverage(
                        held: row.optionalText(3).flatMap { Day($0) }.flatMap { since in
                            row.optionalText(4).flatMap { Day($0) }.map { DayRange(since: since, until: $0) }
                        },
                        wholeTo: row.optionalText(5).flatMap { Day($0) },
                        isComplete: try row.boolean(6)
                    )
                )
            )
        }
        return Dictionary(uniqueKeysWithValues: totals)
    }
}
