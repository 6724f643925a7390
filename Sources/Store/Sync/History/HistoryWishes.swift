package import Model
internal import Postgres

/// How much of an account's history is held.
package struct HistoryProgress: Sendable, Equatable {
    /// Days to hold, today included.
    package let wanted: Int
    /// The first of them.
    package let since: Day
    /// How many of them are held.
    package let held: Int
    /// Why some cannot be read.
    package let warnings: [String]
}

extension Store {
    /// Stores for how many days a person requested the results of an account.
    /// - Returns: Whether these are more than before.
    package func wishHistory(of account: AdAccount.ID, days: Int) throws -> Bool {
        let before = try connection.firstRow(
            """
            UPDATE ad_accounts a SET history_days = \(days)::int
            FROM (SELECT id, history_days FROM ad_accounts WHERE id = \(account)::uuid FOR NO KEY UPDATE) before
            WHERE a.id = before.id RETURNING coalesce(before.history_days, 0)
            """
        ) { try $0.integer(0) }
        return days > before ?? days
    }

    /// For how many days people requested the results of an account, today included; `nil` if `INSIGHTS_HISTORY_DAYS`
    /// applies.
    package func wishedHistory(of account: AdAccount.ID) throws -> Int? {
        try connection.firstRow("SELECT history_days FROM ad_accounts WHERE id = \(account)::uuid") {
            $0.optionalInteger(0)
        } ?? nil
    }

    /// - Parameter usual: days that every account has.
    package func historyProgress(of account: AdAccount.ID, usual: Int) throws -> HistoryProgress? {
        try connection.firstRow(
            """
            SELECT h.days, h.today - h.days + 1, (
                SELECT array_to_string(b.warnings, E'\n') FROM history_backlogs b WHERE b.ad_account_id = \(account)::uuid
            ), (
                SELECT count(*) FROM insights_days d
                WHERE d.ad_account_id = \(account)::uuid AND d.day BETWEEN h.today - h.days + 1 AND h.today
                  AND (\(raw: Coverage.isHeld))
            )
            FROM (
                SELECT greatest(history_days, \(usual)::int) AS days, (now() AT TIME ZONE time_zone)::date AS today
                FROM ad_accounts WHERE id = \(account)::uuid
            ) h
            """
        ) { row in
            HistoryProgress(
                wanted: try row.integer(0),
                since: Day(try row.text(1)) ?? Day(daysSince1970: 0),
                held: try row.integer(3),
                warnings: (row.optionalText(2) ?? "").split(separator: "\n").map(String.init)
            )
        }
    }
}
