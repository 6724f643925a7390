internal import Postgres

/// What leaves no row of its own, and of which one wants to know when it last happened.
package enum Chore: String, Sendable {
    /// A call of the cron URL with the right secret, or of what does the same on the host itself.
    case cron
    /// `admirror prune`.
    case prune
}

extension Store {
    package func noteDone(_ chore: Chore) throws {
        try connection.execute(
            """
            INSERT INTO last_done AS d (what) VALUES (\(chore.rawValue))
            ON CONFLICT (what) DO UPDATE SET at = greatest(d.at, excluded.at)
            """
        )
    }

    /// Seconds since it was last done; `nil` for never.
    package func secondsSince(_ chore: Chore) throws -> Double? {
        try connection.firstRow(
            "SELECT extract(epoch FROM now() - at) FROM last_done WHERE what = \(chore.rawValue)"
        ) { $0.optionalDouble(0) } ?? nil
    }
}
