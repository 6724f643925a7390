package import Model
internal import Postgres

// Reports that Facebook makes in the background.

/// A report that was ordered, and not read yet.
package struct ReportRun: Sendable, Equatable {
    /// Facebook's id.
    package let id: String
    /// How much of it was made, and for how many seconds that is so.
    package let percent: Int
    package let idle: Double
    /// Seconds since it was ordered, and how many times a report of the same was ordered.
    package let age: Double
    package let orders: Int
}

/// The range of days of an ordered report, and the account's figures for them at that time.
package struct ReportedDays: Sendable, Equatable {
    package let days: DayRange
    package let basis: String
}

extension Store {
    /// The report ordered before for these days, while the account has on them what it had then.
    package func report(
        of list: SyncList,
        _ days: DayRange,
        basis: String,
        _ account: AdAccount.ID
    ) throws -> ReportRun? {
        try connection.firstRow(
            """
            SELECT report_id, percent, extract(epoch FROM now() - progressed_at), extract(epoch FROM now() - ordered_at),
                   orders
            FROM report_runs
            WHERE ad_account_id = \(account)::uuid AND list = \(list.rawValue) AND since = \(days.since)::date
              AND until = \(days.until)::date AND basis = \(basis) AND ordered_at > now() - interval '1 day'
            """
        ) { row in
            ReportRun(
                id: try row.text(0),
                percent: try row.integer(1),
                idle: row.optionalDouble(2) ?? 0,
                age: row.optionalDouble(3) ?? 0,
                orders: try row.integer(4)
            )
        }
    }

    /// The days of the last report that was ordered for a list and not read yet, if it is not too old.
    package func reportedDays(of list: SyncList, _ account: AdAccount.ID) throws -> ReportedDays? {
        try connection.firstRow(
            """
            SELECT since, until, basis FROM report_runs
            WHERE ad_account_id = \(account)::uuid AND list = \(list.rawValue) AND ordered_at > now() - interval '1 day'
            ORDER BY ordered_at DESC LIMIT 1
            """
        ) { row in
            guard let since = Day(try row.text(0)), let until = Day(try row.text(1)) else { return nil }
            return ReportedDays(days: DayRange(since: since, until: until), basis: try row.text(2))
        } ?? nil
    }

    /// - Parameter orders: how many times it was ordered.
    package func remember(
        report: String,
        of list: SyncList,
        _ days: DayRange,
        basis: String,
        orders: Int,
        _ account: AdAccount.ID
    ) throws {
        try connection.execute(
            """
            INSERT INTO report_runs (ad_account_id, list, since, until, report_id, basis, orders)
            VALUES (\(account)::uuid, \(list.rawValue), \(days.since)::date, \(days.until)::date, \(report), \(basis),
                    \(orders)::int)
            ON CONFLICT (ad_account_id, list, since, until) DO UPDATE SET report_id = excluded.report_id,
                basis = excluded.basis, ordered_at = now(), percent = 0, progressed_at = now(), orders = excluded.orders
            """
        )
    }

    package func note(percent: Int, ofReport report: String, _ account: AdAccount.ID) throws {
        try connection.execute(
            """
            UPDATE report_runs SET percent = \(percent)::int, progressed_at = now()
            WHERE ad_account_id = \(account)::uuid AND report_id = \(report)
            """
        )
    }

    /// Forgets the reports of a list, because their data is stored or useless.
    package func forgetReports(of list: SyncList, _ account: AdAccount.ID) throws {
        try connection.execute(
            "DELETE FROM report_runs WHERE ad_account_id = \(account)::uuid AND list = \(list.rawValue)"
        )
    }
}
