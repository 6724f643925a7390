internal import Model
internal import Postgres

// The columns of a `SyncState`, for statements with an account `a` and its unfinished run `r`.

enum SyncStateColumns {
    static let join = """
        LEFT JOIN sync_runs r ON r.ad_account_id = a.id AND r.finished_at IS NULL
        LEFT JOIN LATERAL (
            -- What any process has learned: a hold of the whole app binds all of its accounts.
            SELECT max(u.held_until) AS until FROM api_usage u
            WHERE u.app_id = a.facebook_app_id AND u.facebook_account_id IN ('', a.facebook_account_id)
              AND u.held_until > now()
        ) known_hold ON true
        """

    /// A waiting run counts as alive for so many seconds: longer than a busy host needs to start a child for it; and
    /// longer while any child works, since each handles all waiting runs before it ends. After that another child
    /// starts, which finds no slot if there are enough.
    private static let patience = 10
    private static let patienceWithChildren = 60

    /// Minutes after which a process that gave no sign of life counts as hanging, though it still holds its lock. Its own
    /// watchdog ends it sooner, unless it is stopped, or its host is gone without a word.
    private static let heartbeatMinutes = 15

    /// Until when the account is held off; NULL when it is not.
    static let heldUntil = "greatest(CASE WHEN a.held_until > now() THEN a.held_until END, known_hold.until)"

    /// Why; the longer hold counts.
    static let heldReason = """
        CASE WHEN a.held_until > now() AND a.held_until >= coalesce(known_hold.until, '-infinity') THEN a.held_reason
             WHEN known_hold.until IS NOT NULL THEN 'RATE_LIMITED' END
        """

    /// Whether the run `r` waits for a child. A run whose account was put on hold after the request keeps waiting.
    static let isClaimable = """
        r.started_at IS NULL AND r.id IS NOT NULL AND (\(heldReason)) IS DISTINCT FROM 'RATE_LIMITED'
        """

    /// Six columns. A started run lives exactly as long as its process holds the account's lock.
    static let sql = """
        extract(epoch FROM now() - a.last_synced_at),
        \(heldReason),
        CASE WHEN isfinite(\(heldUntil)) THEN extract(epoch FROM \(heldUntil) - now()) END,
        r.id,
        r.started_at IS NOT NULL,
        CASE WHEN r.id IS NULL THEN false
             WHEN r.started_at IS NULL THEN
                 r.requested_at > now() - interval '\(patience) seconds' OR (
                     r.requested_at > now() - interval '\(patienceWithChildren) seconds'
                     AND EXISTS (SELECT FROM pg_locks l WHERE \(isLock(LockClass.child)))
                 )
             ELSE r.heartbeat_at > now() - interval '\(heartbeatMinutes) minutes'
                 AND EXISTS (SELECT FROM pg_locks l WHERE \(isAccountLock))
        END
        """

    /// Whether the lock `l` is that of the account `a`.
    static let isAccountLock = "\(isLock(LockClass.account)) AND l.objid = a.number::bigint::oid"

    /// Whether the lock `l` is of this kind.
    static func isLock(_ kind: Int) -> String {
        """
        l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = \(kind)
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """
    }

    /// Reads the six columns from column `start` on.
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
