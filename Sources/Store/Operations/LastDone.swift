internal import Postgres

/// Events that have no row of their own. The database keeps when each last happened, and how often.
package enum Chore: String, Sendable {
    /// A call of the cron URL with the right secret, or `admirror sync --due` on a host.
    case cron
    /// A call of the cron URL whose secret was wrong or missing.
    case cronRefused = "cron_refused"
    /// `admirror prune`.
    case prune
}

extension Store {
    package func recordDone(_ chore: Chore) throws {
        try connection.execute(
            """
            INSERT INTO last_done AS d (what) VALUES (\(chore.rawValue))
            ON CONFLICT (what) DO UPDATE SET at = greatest(d.at, excluded.at), times = d.times + 1
            """
        )
    }

    /// Seconds since it was last done; `nil` for never.
    package func secondsSince(_ chore: Chore) throws -> Double? {
        try connection.firstRow(
            "SELECT extract(epoch FROM now() - at) FROM last_done WHERE what = \(chore.rawValue)"
        ) { $0.optionalDouble(0) } ?? nil
    }

    /// How often it was done, on all hosts together.
    package func timesDone(_ chore: Chore) throws -> Int {
        try connection.firstRow("SELECT times FROM last_done WHERE what = \(chore.rawValue)") { try $0.integer(0) } ?? 0
    }
}
