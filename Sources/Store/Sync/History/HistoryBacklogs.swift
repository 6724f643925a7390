package import Model
internal import Postgres

// History is what a run leaves to be read after it: the results of each ad on days that are not complete. A child claims
// one account's history at a time, under the account's own lock, and gives it back after each slice.

extension Store {
    /// Records the rest of the account's history at the end of a run.
    package func note(historyLeft part: HistoryPart?, of account: AdAccount.ID) throws {
        try connection.execute(
            """
            INSERT INTO history_backlogs AS b (ad_account_id, wanted)
            VALUES (\(account)::uuid, \(part?.rawValue))
            ON CONFLICT (ad_account_id) DO UPDATE SET wanted = excluded.wanted,
                -- What waited for nothing begins to wait now.
                progressed_at = CASE WHEN b.wanted IS NULL THEN now() ELSE b.progressed_at END,
                slice_days = CASE WHEN excluded.wanted IS NULL THEN NULL ELSE b.slice_days END,
                failures = CASE WHEN excluded.wanted IS NULL THEN 0 ELSE b.failures END,
                forced_at = CASE WHEN excluded.wanted IS NOT NULL THEN b.forced_at END,
                warnings = CASE WHEN excluded.wanted IS NOT NULL OR EXISTS (
                    SELECT FROM insights_days d WHERE d.ad_account_id = b.ad_account_id AND \(raw: Self.isBeingRepaired)
                ) THEN b.warnings ELSE '{}' END
            """
        )
    }

    /// Claims the history of an account without a waiting run or a hold: recent days before older ones, then the
    /// account that has waited longest.
    /// - Parameters:
    ///   - account: Only this account's.
    ///   - idleFor: Only history without progress for so many seconds.
    /// - Returns: `nil` if there is none, or other children have all of it.
    package func claimHistory(of account: AdAccount.ID? = nil, idleFor seconds: Double = 0) throws -> ClaimedRun? {
        let candidates: Query = """
            SELECT \(raw: Self.candidateColumns)
            FROM \(raw: Self.claimableHistory)
              AND b.due_at <= now() AND (\(account)::uuid IS NULL OR a.id = \(account)::uuid)
              AND b.progressed_at <= now() - \("\(seconds)")::float8 * interval '1 second'
            ORDER BY b.wanted <> \(HistoryPart.lastDays.rawValue), b.served_at
            LIMIT \(raw: Self.mostCandidates)
            """
        return try claimAccount(among: candidates, begin: beginHistory)
    }

    /// The columns of `claimAccount`'s query, of accounts `a`.
    static let candidateColumns = """
        a.number, a.id, a.facebook_account_id, a.name, a.currency, a.time_zone,
        coalesce(a.facebook_time_zone, a.time_zone)
        """
    /// More than others can claim between the query and our lock.
    static let mostCandidates = "200"

    /// Claims the first of some accounts that no other child works on, for work that follows a run.
    /// - Parameters:
    ///   - candidates: The accounts, the most urgent first.
    ///   - begin: Returns the claim; `nil` if nothing is left to do. Called under the account's lock.
    /// - Returns: `nil` if there is none.
    func claimAccount(
        among candidates: Query,
        begin: (AdAccount.ID) throws -> String?
    ) throws -> ClaimedRun? {
        let candidates = try connection.rows(candidates) { row in
            (
                number: try row.integer(0),
                account: AdAccount(
                    id: AdAccount.ID(rawValue: try row.text(1)),
                    facebookID: try row.text(2),
                    name: try row.text(3),
                    currency: row.optionalText(4),
                    timeZone: try row.text(5),
                    facebookTimeZone: try row.text(6)
                )
            )
        }
        for candidate in candidates where try lock(LockClass.account, candidate.number) {
            if let claim = try begin(candidate.account.id) {
                connection.reopens = false
                return ClaimedRun(
                    id: SyncRun.ID(rawValue: claim),
                    account: candidate.account,
                    trigger: .cron,
                    isForced: false,
                    isHistory: true,
                    lockNumber: candidate.number
                )
            }
            try unlock(LockClass.account, candidate.number)
        }
        return nil
    }

    /// - Returns: `nil` if another child read the slice before this one had the lock, or if the account has an open run
    ///   whose process was killed: its lock is reserved for the next sync request.
    private func beginHistory(of account: AdAccount.ID) throws -> String? {
        try connection.firstRow(
            """
            UPDATE history_backlogs SET claim = gen_random_uuid(), served_at = now(), heartbeat_at = now()
            WHERE ad_account_id = \(account)::uuid AND wanted IS NOT NULL AND due_at <= now() AND NOT EXISTS (
                SELECT FROM sync_runs WHERE ad_account_id = \(account)::uuid AND finished_at IS NULL
                    AND started_at IS NOT NULL)
            RETURNING claim
            """
        ) { try $0.text(0) }
    }

    /// The most urgent part of the history that was claimed.
    package func historyPart(of work: ClaimedRun) throws -> HistoryPart {
        let part = try connection.firstRow(
            "SELECT wanted FROM history_backlogs WHERE ad_account_id = \(work.account.id)::uuid"
        ) { HistoryPart(rawValue: $0.optionalText(0) ?? "") }
        return (part ?? nil) ?? .olderDays
    }

    /// Gives an account's history back, and counts what the work has cost.
    package func leave(_ work: ClaimedRun, _ step: HistoryStep, _ summary: RunSummary) throws {
        var (isStored, next, seconds) = (false, HistoryPart?.none, 0.0)
        switch step {
        case .stored(let part): (isStored, next) = (true, part)
        case .later(let pause): seconds = pause
        case .yielded: break
        }
        try connection.transaction {
            try countHistory(work, summary)
            try connection.execute(
                """
                UPDATE history_backlogs SET claim = NULL,
                    wanted = CASE WHEN \(isStored)::boolean THEN \(next?.rawValue) ELSE wanted END,
                    due_at = now() + \("\(seconds)")::float8 * interval '1 second',
                    warnings = (warnings || ARRAY(
                        SELECT w FROM unnest(\(TextArray(summary.storedWarnings))::text[]) w WHERE NOT w = ANY (warnings)
                    ))[1:20]
                WHERE ad_account_id = \(work.account.id)::uuid AND claim = \(work.id)::uuid
                """
            )
        }
    }

    func countHistory(_ work: ClaimedRun, _ summary: RunSummary) throws {
        var values = Values()
        let sums = RunSummaryColumns.sums.numbers(summary, &values)
        let sql = """
            INSERT INTO sync_totals AS t (trigger, outcome, runs, seconds, \(sums.map(\.name).joined(separator: ", ")))
            SELECT 'history', 'done', 1, extract(epoch FROM now() - served_at), \(sums.map(\.value).joined(separator: ", "))
            FROM history_backlogs
            WHERE ad_account_id = \(values.add(work.account.id, "uuid")) AND claim = \(values.add(work.id, "uuid"))
            ON CONFLICT (trigger, outcome) DO UPDATE SET
                runs = t.runs + 1, seconds = t.seconds + excluded.seconds,
                \(sums.map { "\($0.name) = t.\($0.name) + excluded.\($0.name)" }.joined(separator: ", "))
            """
        try connection.execute(Query(raw: sql, values.all))
    }

    /// Seconds until the next account's history is due; `nil` if there is none for this child.
    package func secondsUntilHistory() throws -> Double? {
        try connection.firstRow(
            """
            SELECT extract(epoch FROM min(b.due_at) - now()) FROM \(raw: Self.claimableHistory)
              AND NOT EXISTS (SELECT FROM pg_locks l WHERE \(raw: SyncStateColumns.isAccountLock))
            """
        ) { $0.optionalDouble(0) } ?? nil
    }

    /// Whether anything waits that is more urgent than this part of an account's history: a run that this child could
    /// claim; or, before everything but last days, the last days of another account.
    package func hasUrgentWork(before part: HistoryPart) throws -> Bool {
        try connection.firstRow(
            """
            SELECT EXISTS (
                SELECT FROM ad_accounts a \(raw: SyncStateColumns.join)
                WHERE \(raw: SyncStateColumns.isClaimable)
                  -- Its own child gives that account back by itself.
                  AND NOT EXISTS (
                    SELECT FROM pg_locks l WHERE \(raw: SyncStateColumns.isAccountLock) AND l.pid <> pg_backend_pid()
                  )
            ) OR \(part != .lastDays)::boolean AND EXISTS (
                SELECT FROM \(raw: Self.claimableHistory)
                  AND b.due_at <= now() AND b.wanted = \(HistoryPart.lastDays.rawValue)
                  AND NOT EXISTS (SELECT FROM pg_locks l WHERE \(raw: SyncStateColumns.isAccountLock))
            )
            """
        ) { try $0.boolean(0) } ?? false
    }

    /// Backlogs `b` of accounts `a` with something left that no run waits for and nothing holds off.
    private static let claimableHistory = """
        history_backlogs b JOIN ad_accounts a ON a.id = b.ad_account_id \(SyncStateColumns.join)
        WHERE b.wanted IS NOT NULL AND r.id IS NULL AND (\(SyncStateColumns.heldReason)) IS NULL
        """

    /// Ends the database session of a child that works at an account's history and has given no sign of life for a minute:
    /// it hangs, and a run of the account waits for its lock.
    func endStuckHistory(of account: AdAccount.ID) throws {
        try connection.execute(
            """
            SELECT pg_terminate_backend(l.pid, 2000) FROM ad_accounts a
            JOIN history_backlogs b ON b.ad_account_id = a.id AND b.claim IS NOT NULL
                AND b.heartbeat_at < now() - interval '1 minute'
            JOIN pg_locks l ON \(raw: SyncStateColumns.isAccountLock) WHERE a.id = \(account)::uuid
            """
        )
    }
}
