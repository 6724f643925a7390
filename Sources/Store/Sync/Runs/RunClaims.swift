package import Model
internal import Postgres

/// Work on an account that this process holds: a run or its history. No other process syncs the account until this one
/// releases it or loses its connection.
package struct ClaimedRun: Sendable {
    /// The run's; that of the claim for history.
    package let id: SyncRun.ID
    package let account: AdAccount
    package let trigger: SyncRun.Trigger
    /// The run reads everything, whatever is known.
    package let isForced: Bool
    /// Older days that are read after a run, without a row in `sync_runs`.
    package var isHistory = false
    /// The second number of the account's advisory lock.
    let lockNumber: Int
}

// The order of waiting runs, over all accounts and hosts.

extension Store {
    /// Claims the most urgent waiting run that no other child has claimed.
    /// - Parameters:
    ///   - account: Only a run of this account.
    ///   - awaitedOnly: Only a run that a person waits for, or that has waited for long.
    package func claimRun(of account: AdAccount.ID? = nil, awaitedOnly: Bool = false) throws -> ClaimedRun? {
        let waiting = try connection.rows(
            """
            SELECT r.id, r.trigger, a.number, a.id, a.facebook_account_id, a.name, a.currency, a.time_zone, r.is_forced,
                   coalesce(a.facebook_time_zone, a.time_zone)
            FROM ad_accounts a \(raw: SyncStateColumns.join)
            WHERE \(raw: SyncStateColumns.isClaimable)
              AND (\(account)::uuid IS NULL OR a.id = \(account)::uuid)
              AND (NOT \(awaitedOnly)::boolean OR \(raw: Self.isAwaited))
            ORDER BY \(raw: Self.rank), a.last_synced_at NULLS FIRST, r.requested_at
            -- More than can be taken by others between this look and our lock.
            LIMIT 200
            """
        ) { row in
            ClaimedRun(
                id: SyncRun.ID(rawValue: try row.text(0)),
                account: AdAccount(
                    id: AdAccount.ID(rawValue: try row.text(3)),
                    facebookID: try row.text(4),
                    name: try row.text(5),
                    currency: row.optionalText(6),
                    timeZone: try row.text(7),
                    facebookTimeZone: try row.text(9)
                ),
                trigger: SyncRun.Trigger(rawValue: try row.text(1)) ?? .read,
                isForced: try row.boolean(8),
                lockNumber: try row.integer(2)
            )
        }
        for run in waiting where try lock(LockClass.account, run.lockNumber) {
            if try begin(run) {
                connection.reopens = false
                return run
            }
            try unlock(LockClass.account, run.lockNumber)
        }
        return nil
    }

    /// A person waits for the run `r`, or it has waited so long that it is as urgent.
    private static let isAwaited = """
        (r.trigger <> 'cron' AND r.is_awaited OR r.waits_since < now() - interval '10 minutes')
        """

    /// People's requests come first, then readers', due accounts, and first syncs. Within a rank the account with the
    /// oldest sync comes first.
    private static let rank = """
        CASE WHEN NOT \(isAwaited) THEN CASE WHEN a.last_synced_at IS NULL THEN 4 ELSE 3 END
             WHEN r.is_awaited AND r.trigger = 'manual' THEN 0
             WHEN r.is_awaited AND r.trigger = 'cli' THEN 1
             ELSE 2 END
        """

    /// - Returns: `false` when another process did the run between our look and our lock.
    private func begin(_ run: ClaimedRun) throws -> Bool {
        try connection.transaction {
            try lockRow(of: run.account.id)
            let isOurs =
                try connection.execute(
                    """
                    UPDATE sync_runs SET started_at = now(), heartbeat_at = now(), phase = 'account', percent = 0
                    WHERE id = \(run.id)::uuid AND started_at IS NULL AND finished_at IS NULL
                    """
                ) == 1
            if isOurs {
                try connection.execute(
                    "UPDATE ad_accounts SET sync_status = 'syncing' WHERE id = \(run.account.id)::uuid"
                )
            }
            return isOurs
        }
    }

    package func hasWaitingRuns() throws -> Bool {
        try connection.firstRow(
            """
            SELECT EXISTS (
                SELECT FROM ad_accounts a \(raw: SyncStateColumns.join) WHERE \(raw: SyncStateColumns.isClaimable)
            )
            """
        ) { try $0.boolean(0) } ?? false
    }

    /// Lets the account go, after the run was finished or failed.
    /// - Returns: `false` when the connection was lost meanwhile, and with it everything that this process held.
    @discardableResult
    package func release(_ run: ClaimedRun) throws -> Bool {
        connection.reopens = true
        return try unlock(LockClass.account, run.lockNumber)
    }
}
