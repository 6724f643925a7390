package import Model
internal import Postgres

// What a child leaves to the next one about an account's history.

extension Store {
    /// Records that a child is alive.
    /// - Parameter progressed: Whether data arrived from Facebook.
    func recordHistory(_ work: ClaimedRun, progressed: Bool) throws {
        try connection.execute(
            """
            UPDATE history_backlogs SET heartbeat_at = now(),
                progressed_at = CASE WHEN \(progressed)::boolean THEN now() ELSE progressed_at END
            WHERE ad_account_id = \(work.account.id)::uuid AND claim = \(work.id)::uuid
            """
        )
    }

    /// The most days in the account's next slice, how many days in a row could not be read, and the seconds since the
    /// last forced sync and since the last run began.
    package func historyLimits(
        of account: AdAccount.ID
    ) throws -> (sliceDays: Int?, failures: Int, forcedAge: Double?, runAge: Double?) {
        try connection.firstRow(
            """
            SELECT b.slice_days, coalesce(b.failures, 0), extract(epoch FROM now() - b.forced_at),
                   (SELECT extract(epoch FROM now() - max(started_at)) FROM sync_runs WHERE ad_account_id = a.id)
            FROM ad_accounts a LEFT JOIN history_backlogs b ON b.ad_account_id = a.id WHERE a.id = \(account)::uuid
            """
        ) {
            (
                sliceDays: $0.optionalInteger(0), failures: try $0.integer(1), forcedAge: $0.optionalDouble(2),
                runAge: $0.optionalDouble(3)
            )
        } ?? (nil, 0, nil, nil)
    }

    /// Records that a run was forced, so that days read before are read again.
    package func recordForcedHistory(_ run: ClaimedRun) throws {
        try connection.execute(
            """
            INSERT INTO history_backlogs (ad_account_id, forced_at)
            SELECT ad_account_id, started_at FROM sync_runs WHERE id = \(run.id)::uuid
            ON CONFLICT (ad_account_id) DO UPDATE SET forced_at = excluded.forced_at
            """
        )
    }

    /// Remembers for the next child that slices of the account have to be smaller, or that days cannot be read.
    package func remember(sliceDays: Int?, failures: Int, _ account: AdAccount.ID) throws {
        try connection.execute(
            """
            UPDATE history_backlogs SET slice_days = \(sliceDays)::int, failures = \(failures)::int
            WHERE ad_account_id = \(account)::uuid
            """
        )
    }
}
