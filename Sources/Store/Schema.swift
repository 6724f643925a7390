internal import Postgres

/// The database's tables, made by numbered migrations that are part of the program.
package enum Schema {
    /// A schema that this program does not know, and so must not touch.
    package struct Mismatch: Error, CustomStringConvertible {
        package let found: Int
        package let known: Int

        package var description: String {
            found < known
                ? "the database schema is at version \(found), this program needs \(known): run `admirror migrate`"
                : "the database schema is at version \(found), this program knows only \(known): install a newer AdMirror"
        }
    }

    /// In order. A migration that has been released never changes; new ones go to the end.
    static let migrations: [(version: Int, name: String, sql: [UInt8])] = [
        (1, "people_and_accounts", PackageResources.m0001_people_and_accounts_sql),
        (2, "mirrored_objects", PackageResources.m0002_mirrored_objects_sql),
        (3, "sync_runs", PackageResources.m0003_sync_runs_sql),
        (4, "sync_engine", PackageResources.m0004_sync_engine_sql),
        (5, "reads", PackageResources.m0005_reads_sql),
        (6, "access", PackageResources.m0006_access_sql),
        (7, "facebook_connections", PackageResources.m0007_facebook_connections_sql),
        (8, "abuse", PackageResources.m0008_abuse_sql),
        (9, "operations", PackageResources.m0009_operations_sql),
        (10, "counted_events", PackageResources.m0010_counted_events_sql),
        (11, "coverage", PackageResources.m0011_coverage_sql),
        (12, "listing_doubts", PackageResources.m0012_listing_doubts_sql),
        (13, "time_zones", PackageResources.m0013_time_zones_sql),
        (14, "object_ids", PackageResources.m0014_object_ids_sql),
        (15, "history_backlogs", PackageResources.m0015_history_backlogs_sql),
        (16, "graph_versions", PackageResources.m0016_graph_versions_sql),
        (17, "parts", PackageResources.m0017_parts_sql),
        (18, "unknown_values", PackageResources.m0018_unknown_values_sql),
        (19, "damaged_accounts", PackageResources.m0019_damaged_accounts_sql),
        (20, "link_clicks", PackageResources.m0020_link_clicks_sql),
        (21, "unreadable_rows", PackageResources.m0021_unreadable_rows_sql),
        (22, "results", PackageResources.m0022_results_sql),
        (23, "rankings", PackageResources.m0023_rankings_sql),
        (24, "results_by_goal", PackageResources.m0024_results_by_goal_sql),
        (25, "running_sums", PackageResources.m0025_running_sums_sql),
        (26, "conversion_events", PackageResources.m0026_conversion_events_sql),
        (27, "delivery", PackageResources.m0027_delivery_sql),
        (28, "custom_conversions", PackageResources.m0028_custom_conversions_sql),
        (29, "periods", PackageResources.m0029_periods_sql),
        (30, "creatives", PackageResources.m0030_creatives_sql),
    ]

    package static var knownVersion: Int { migrations.last?.version ?? 0 }

    /// Applies missing migrations, each in its own transaction. Safe to run twice and concurrently: the second caller
    /// waits for the first and finds nothing to do. A migration that waits for a table longer than half a second begins
    /// anew, so that reads and syncs which go on meanwhile wait no longer either.
    /// - Parameter last: The version at which to stop; by default the newest.
    /// - Returns: The names of the applied migrations.
    package static func migrate(_ options: Store.Options, through last: Int = .max) throws -> [String] {
        let connection = Connection(options.connection)
        var applied: [String] = []
        for migration in migrations where migration.version <= last {
            try patiently(connection) {
                try connection.execute("SELECT pg_advisory_xact_lock(\(raw: "1094995277"))")  // "ADMM"
                try connection.runScript(
                    """
                    CREATE TABLE IF NOT EXISTS schema_migrations (
                        version int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
                    """
                )
                let current = try version(connection)
                guard current <= knownVersion else { throw Mismatch(found: current, known: knownVersion) }
                guard current < migration.version else { return }
                try connection.execute("SET LOCAL lock_timeout = '500ms'")
                try connection.runScript(String(decoding: migration.sql, as: UTF8.self))
                try connection.execute(
                    "INSERT INTO schema_migrations (version, name) VALUES (\(migration.version)::int, \(migration.name))"
                )
                applied.append(migration.name)
            }
        }
        return applied
    }

    /// Begins a transaction anew, for ten minutes at most, while others hold locks that it needs.
    private static func patiently(_ connection: Connection, _ body: () throws -> Void) throws {
        for _ in 0..<300 {
            do {
                return try connection.transaction(body)
            } catch let error as PostgresError where error.code == .lockNotAvailable || error.code == .deadlockDetected
            {
                try connection.execute("SELECT pg_sleep(1.5)")
            }
        }
        try connection.transaction(body)
    }

    static func requireKnown(_ connection: Connection) throws {
        let found: Int
        do {
            found = try version(connection)
        } catch let error as PostgresError where error.code == .undefinedTable {
            found = 0
        }
        guard found == knownVersion else { throw Mismatch(found: found, known: knownVersion) }
    }

    private static func version(_ connection: Connection) throws -> Int {
        try connection.firstRow("SELECT coalesce(max(version), 0) FROM schema_migrations") { try $0.integer(0) } ?? 0
    }
}
