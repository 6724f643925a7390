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
            SELECT report_id, percent, extract(epoch FROM now() - progressed_at) FROM report_runs
            WHERE ad_account_id = \(account)::uuid AND list = \(list.rawValue) AND since = \(days.since)::date
              AND until = \(days.until)::date AND basis = \(basis) AND ordered_at > now() - interval '1 day'
            """
        ) { ReportRun(id: try $0.text(0), percent: try $0.integer(1), idle: $0.optionalDouble(2) ?? 0) }
    }

    package func remember(
        report: String,
        of list: SyncList,
        _ days: DayRange,
        basis: String,
        _ account: AdAccount.ID
    ) throws {
        try connection.execute(
            """
            INSERT INTO report_runs (ad_account_id, list, since, until, report_id, basis)
            VALUES (\(account)::uuid, \(list.rawValue), \(days.since)::date, \(days.until)::date, \(report), \(basis))
            ON CONFLICT (ad_account_id, list, since, until) DO UPDATE SET report_id = excluded.report_id,
                basis = excluded.basis, ordered_at = now(), percent = 0, progressed_at = now()
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

    /// Forgets the reports of a list: what they told is stored, or they are of no use.
    package func forgetReports(of list: SyncList, _ account: AdAccount.ID) throws {
        try connection.execute(
            "DELETE FROM report_runs WHERE ad_account_id = \(account)::uuid AND list = \(list.rawValue)"
        )
    }
}
