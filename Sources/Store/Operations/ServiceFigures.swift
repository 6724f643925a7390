package import Model
internal import Postgres

// Figures of the whole service for monitoring. They name no ad account and no person.

/// Sums over all runs with one trigger and outcome, since the database was created.
package struct SyncTotals: Sendable, Equatable {
    /// `read`, `cron`, `manual` or `cli`.
    package let trigger: String
    /// `done`, `failed` or `interrupted`.
    package let outcome: String
    package let runs: Int
    /// From start to end, of all of them.
    package let seconds: Double
    /// Only the counters that are summed, and the seconds of waiting.
    package let summary: RunSummary
}

/// How much of one of Facebook's quotas is used.
package struct QuotaUse: Sendable, Equatable {
    /// `app`, `ads_insights` …: see `GraphAPI.Quota`.
    package let quota: String
    /// Per cent, of the account that uses most of it; 0 without news for an hour.
    package let percent: Double
    /// The number of accounts, or the app as one, on which there is a hold.
    package let holds: Int
    /// Facebook's ids of those accounts; none for the app as one.
    package let heldAccounts: [String]
}

/// The database itself.
package struct DatabaseFigures: Sendable, Equatable {
    /// Bytes on disk.
    package let size: Int
    /// All connections to this database.
    package let connections: Int
}

extension Store {
    package func syncTotals() throws -> [SyncTotals] {
        try connection.rows(
            """
            SELECT trigger, outcome, runs, seconds, \(raw: RunSummaryColumns.sums.names) FROM sync_totals
            ORDER BY trigger, outcome
            """
        ) {
            SyncTotals(
                trigger: try $0.text(0),
                outcome: try $0.text(1),
                runs: try $0.integer(2),
                seconds: $0.optionalDouble(3) ?? 0,
                summary: try RunSummaryColumns.sums.decode($0, from: 4)
            )
        }
    }

    package func quotaUse() throws -> [QuotaUse] {
        try connection.rows(
            """
            SELECT quota, coalesce(max(percent) FILTER (WHERE observed_at > now() - interval '1 hour'), 0),
                   count(*) FILTER (WHERE held_until > now()),
                   array_to_string(array_agg(facebook_account_id ORDER BY facebook_account_id) FILTER (WHERE held_until > now()), ',')
            FROM api_usage GROUP BY quota ORDER BY quota
            """
        ) {
            QuotaUse(
                quota: try $0.text(0),
                percent: $0.optionalDouble(1) ?? 0,
                holds: try $0.integer(2),
                heldAccounts: ($0.optionalText(3) ?? "").split(separator: ",").map(String.init)
            )
        }
    }

    package func databaseFigures() throws -> DatabaseFigures {
        let figures = try connection.firstRow(
            """
            SELECT pg_database_size(current_database()),
                   (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())
            """
        ) { DatabaseFigures(size: try $0.integer(0), connections: try $0.integer(1)) }
        guard let figures else {
            throw PostgresError(code: .badValue, message: "the database returned no information about itself")
        }
        return figures
    }
}
