internal import Model
internal import Postgres

// The columns from which a `SyncState` is read, wherever an account `a` stands beside its unfinished run `r`.

/// Advisory locks are kept in two numbers: what kind of thing is locked, and which.
enum LockClass {
    /// One sync of an account; the second number is `ad_accounts.number`. ("ADMI")
    static let account = 1_094_995_273
    /// One sync child of a host; the second number is made of the host's name and a slot. ("ADMS")
    static let child = 1_094_995_283
}

enum SyncStateColumns {
    static let join = "LEFT JOIN sync_runs r ON r.ad_account_id = a.id AND r.finished_at IS NULL"

    /// A run that waits is alive while any child is at work, since each does all that waits before it ends; and for this
    /// many seconds without one: longer than a busy host takes to start it.
    private static let patience = 10

    /// Six columns. A started run lives exactly as long as its process holds the account's lock.
    static let sql = """
        extract(epoch FROM now() - a.last_synced_at),
        CASE WHEN a.held_until > now() THEN a.held_reason END,
        CASE WHEN a.held_until > now() AND isfinite(a.held_until) THEN extract(epoch FROM a.held_until - now()) END,
        r.id,
        r.started_at IS NOT NULL,
        CASE WHEN r.id IS NULL THEN false
             WHEN r.started_at IS NULL THEN
                 r.requested_at > now() - interval '\(patience) seconds' OR \(isLocked(LockClass.child))
             ELSE \(isLocked(LockClass.account, "AND l.objid = a.number::bigint::oid"))
        END
        """

    private static func isLocked(_ kind: Int, _ condition: String = "") -> String {
        """
        EXISTS (SELECT FROM pg_locks l
                WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = \(kind) \(condition)
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """
    }

    /// Reads the six columns, the first of which is column `start`.
    static func decode(_ row: borrowing Row, from start: Int) throws -> SyncState {
        var state = SyncState(age: row.optionalText(start).flatMap { Double($0) })
        if let reason = row.optionalText(start + 1).flatMap({ Hold.Reason(rawValue: $0) }) {
            state.hold = Hold(
                reason: reason,
                secondsLeft: row.optionalText(start + 2).flatMap { Double($0) } ?? .infinity
            )
        }
        if let id = row.optionalText(start + 3) {
            state.unfinished = SyncState.Unfinished(
                id: SyncRun.ID(rawValue: id),
                hasStarted: try row.boolean(start + 4),
                isAlive: try row.boolean(start + 5)
            )
        }
        return state
    }
}
