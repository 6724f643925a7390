package import Model
internal import Postgres

/// How much of an account's history is stored.
package struct HistoryProgress: Sendable, Equatable {
    /// Days to store, today included.
    package let wanted: Int
    /// The first of these days.
    package let since: Day
    /// How many of these days are stored.
    package let held: Int
    /// The reasons why some days cannot be read.
    package let warnings: [String]
}

extension Store {
    /// Stores how many days of an account's results a person requested.
    /// - Returns: Whether the number is larger than before.
    package func requestHistory(of account: AdAccount.ID, days: Int) throws -> Bool {
        let before = try connection.firstRow(
            """
            UPDATE ad_accounts a SET history_days = \(days)::int
            FROM (SELECT id, history_days FROM ad_accounts WHERE id = \(account)::uuid FOR NO KEY UPDATE) before
            WHERE a.id = before.id RETURNING coalesce(before.history_days, 0)
            """
        ) { try $0.integer(0) }
        return days > before ?? days
    }

    /// The number of days of an account's results that people requested, today included; `nil` if
    /// `INSIGHTS_HISTORY_DAYS` applies.
    package func requestedHistory(of account: AdAccount.ID) throws -> Int? {
        try connection.firstRow("SELECT history_days FROM ad_accounts WHERE id = \(account)::uuid") {
            $0.optionalInteger(0)
        } ?? nil
    }

    /// - Parameter usual: the number of days for every account (`INSIGHTS_HISTORY_DAYS`).
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
