internal import Postgres

/// The state of a database, for `admirror doctor`.
package struct DatabaseCondition: Sendable, Equatable {
    /// `15.18 (Debian 15.18-0+deb12u1)`
    package let version: String
    /// 15
    package let majorVersion: Int
    /// It takes no writes: a standby, or one that was made read-only.
    package let isReadOnly: Bool
    /// Seconds by which a standby is behind: since the last transaction that it has replayed; `nil` for a primary, and 0 for one
    /// that its primary sends to, and that has replayed all of it.
    package let replicaLag: Double?
    /// Tables that we may not both read and change.
    package let forbiddenTables: [String]
    /// Seconds since 1970, by the database's clock.
    package let now: Double
}

extension Store {
    package func databaseCondition() throws -> DatabaseCondition {
        let condition = try connection.firstRow(
            """
            SELECT current_setting('server_version'), current_setting('server_version_num')::int / 10000,
                   current_setting('transaction_read_only') = 'on',
                   CASE WHEN NOT pg_is_in_recovery() THEN NULL
                        -- Without a receiver it has replayed all that came, and knows nothing of what did not.
                        WHEN EXISTS (SELECT FROM pg_stat_wal_receiver)
                             AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                        ELSE extract(epoch FROM now() - coalesce(pg_last_xact_replay_timestamp(),
                                                                 pg_postmaster_start_time())) END,
                   (SELECT coalesce(string_agg(c.relname, ',' ORDER BY c.relname), '') FROM pg_class c
                    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
                      AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                               AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))),
                   extract(epoch FROM clock_timestamp())
            """
        ) {
            DatabaseCondition(
                version: try $0.text(0),
                majorVersion: try $0.integer(1),
                isReadOnly: try $0.boolean(2),
                replicaLag: $0.optionalDouble(3),
                forbiddenTables: try $0.text(4).split(separator: ",").map(String.init),
                now: $0.optionalDouble(5) ?? 0
            )
        }
        guard let condition else {
            throw PostgresError(code: .badValue, message: "the database returned no information about itself")
        }
        return condition
    }
}
