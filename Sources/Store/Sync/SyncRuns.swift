internal import FoundationEssentials
package import Model
internal import Postgres

/// The result of a request for a sync.
package enum SyncWishOutcome: Sendable, Equatable {
    /// The caller must start a child now; no one else will.
    case started(SyncRun.ID)
    case running(SyncRun.ID)
    case fresh
    case held(Hold)
}

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

extension Store {
    /// Locks the account's row before any of its runs, everywhere, so that there are no deadlocks.
    func lockRow(of account: AdAccount.ID) throws {
        // NO KEY: new rows of a sync's commit refer to the account, and must not keep others waiting.
        try connection.execute("SELECT FROM ad_accounts WHERE id = \(account)::uuid FOR NO KEY UPDATE")
    }

    // MARK: Wishes

    /// Requests a sync of an account. Of concurrent requests on all hosts, one gets `started`.
    /// - Parameter isAwaited: Whether a person waits for this account; `false` if many are requested at once.
    package func requestSync(
        of account: AdAccount.ID,
        trigger: SyncRun.Trigger,
        isForced: Bool,
        isAwaited: Bool = true,
        interval: Int
    ) throws -> SyncWishOutcome? {
        // No person waits for cron's requests.
        let isAwaited = isAwaited && trigger != .cron
        return try connection.transaction {
            // In a statement of its own: the next one then sees what the one before us committed.
            try lockRow(of: account)
            guard var state = try syncState(of: account) else { return nil }
            if let dead = state.unfinished, dead.hasStarted, !dead.isAlive {
                // In any case, a finished run must not look like a running one.
                try endHolder(of: account)
                try closeInterrupted(dead.id, account)
                state.unfinished = nil
            }
            let decision = SyncDecision.decide(state, trigger: trigger, isForced: isForced, interval: interval)
            switch decision {
            case .start:
                return .started(try addRun(account, trigger, isForced, isAwaited))
            case .restart(let run):
                try endStuckHistory(of: account)
                try connection.execute(
                    """
                    UPDATE sync_runs SET requested_at = now(), trigger = \(trigger.rawValue),
                        is_forced = is_forced OR \(isForced)::boolean, is_awaited = is_awaited OR \(isAwaited)::boolean
                    WHERE id = \(run)::uuid
                    """
                )
                return .started(run)
            case .replace(let run):
                try closeInterrupted(run, account)
                return .started(try addRun(account, trigger, isForced, isAwaited))
            case .running(let run):
                if state.unfinished?.hasStarted == false { try raise(run, trigger, isForced, isAwaited) }
                return .running(run)
            case .fresh:
                return .fresh
            case .held(let hold):
                return .held(hold)
            }
        }
    }

    /// The state of every account's syncs, longest unsynced first.
    package func syncStates() throws -> [(id: AdAccount.ID, state: SyncState)] {
        try connection.rows(
            """
            SELECT a.id, \(raw: SyncStateColumns.sql) FROM ad_accounts a \(raw: SyncStateColumns.join)
            ORDER BY a.last_synced_at NULLS FIRST, a.number
            """
        ) { (AdAccount.ID(rawValue: try $0.text(0)), try SyncStateColumns.decode($0, from: 1)) }
    }

    private func syncState(of account: AdAccount.ID) throws -> SyncState? {
        try connection.firstRow(
            """
            SELECT \(raw: SyncStateColumns.sql) FROM ad_accounts a \(raw: SyncStateColumns.join)
            WHERE a.id = \(account)::uuid
            """
        ) { try SyncStateColumns.decode($0, from: 0) }
    }

    private func addRun(
        _ account: AdAccount.ID,
        _ trigger: SyncRun.Trigger,
        _ isForced: Bool,
        _ isAwaited: Bool
    ) throws -> SyncRun.ID {
        let id = try connection.firstRow(
            """
            INSERT INTO sync_runs (ad_account_id, trigger, is_forced, is_awaited)
            VALUES (\(account)::uuid, \(trigger.rawValue), \(isForced)::boolean, \(isAwaited)::boolean) RETURNING id
            """
        ) { SyncRun.ID(rawValue: try $0.text(0)) }
        guard let id else { throw PostgresError(code: .badValue, message: "no id for a sync run") }
        return id
    }

    /// Ends the database session of a sync that holds the account and has given no sign of life for long: its process
    /// hangs, or its host is gone without a word.
    private func endHolder(of account: AdAccount.ID) throws {
        try connection.execute(
            """
            SELECT pg_terminate_backend(l.pid, 2000) FROM ad_accounts a JOIN pg_locks l
                ON \(raw: SyncStateColumns.isAccountLock) WHERE a.id = \(account)::uuid
            """
        )
    }

    /// A run that waits is done as soon, and as thoroughly, as the most demanding of its wishes asks.
    private func raise(_ run: SyncRun.ID, _ trigger: SyncRun.Trigger, _ isForced: Bool, _ isAwaited: Bool) throws {
        try connection.execute(
            """
            UPDATE sync_runs SET is_forced = is_forced OR \(isForced)::boolean,
                is_awaited = is_awaited OR \(isAwaited)::boolean,
                trigger = CASE WHEN array_position(\(raw: Self.urgency), \(trigger.rawValue))
                    < array_position(\(raw: Self.urgency), trigger) THEN \(trigger.rawValue) ELSE trigger END
            WHERE id = \(run)::uuid AND started_at IS NULL
            """
        )
    }

    /// People's wishes before readers' before cron's.
    private static let urgency = "'{manual,cli,read,cron}'::text[]"

    private func closeInterrupted(_ run: SyncRun.ID, _ account: AdAccount.ID) throws {
        try connection.execute(
            """
            UPDATE sync_runs SET finished_at = now(), outcome = 'interrupted', error = 'the sync process ended early'
            WHERE id = \(run)::uuid AND finished_at IS NULL
            """
        )
        try connection.execute(
            """
            UPDATE ad_accounts SET sync_status = CASE WHEN sync_error IS NULL THEN 'idle' ELSE 'error' END
            WHERE id = \(account)::uuid AND sync_status = 'syncing'
            """
        )
    }

    /// Closes a run for which no child could be started.
    package func abandon(_ run: SyncRun.ID, because error: String) throws {
        try connection.execute(
            """
            UPDATE sync_runs SET finished_at = now(), outcome = 'failed', error = \(error)
            WHERE id = \(run)::uuid AND finished_at IS NULL AND started_at IS NULL
            """
        )
    }

    // MARK: Work

    /// Writes down how far a run is. It is a sign of life as well.
    package func note(_ progress: SyncProgress, _ tally: SyncTally, of run: SyncRun.ID) throws {
        try connection.execute(
            """
            UPDATE sync_runs SET heartbeat_at = now(), phase = \(progress.phase.rawValue),
                phase_done = \(progress.done)::int, phase_total = \(min(progress.total, Int(Int32.max)))::int,
                percent = \(progress.percent)::int,
                campaigns = \(tally.campaigns)::int, ad_sets = \(tally.adSets)::int, ads = \(tally.ads)::int,
                insights = \(tally.insights)::int, rows_seen = \(tally.rowsSeen)::int,
                rows_changed = \(tally.rowsChanged)::int, rows_gone = \(tally.rowsGone)::int,
                api_calls = \(tally.apiCalls)::int, retries = \(tally.retries)::int, waits = \(tally.waits)::int,
                wait_seconds = \("\(tally.waitSeconds)")::float8, warnings = \(TextArray(tally.storedWarnings))::text[],
                repaired_texts = \(tally.defects.repaired)::int, unknown_fields = \(tally.defects.unknown)::int,
                left_out_rows = \(tally.defects.leftOut)::int, api_version = \(tally.apiVersion), phases = \(try Self.json(tally.phases))::jsonb
            WHERE id = \(run)::uuid
            """
        )
    }

    private static func json(_ phases: [SyncTally.Phase]) throws -> String {
        struct Written: Encodable {
            let phase: String
            let startedAt: String
            let finishedAt: String?
            let rows: Int
        }
        let written = phases.map {
            Written(
                phase: $0.name,
                startedAt: Timestamp.text(milliseconds: $0.startedAt),
                finishedAt: $0.finishedAt.map(Timestamp.text(milliseconds:)),
                rows: $0.rows
            )
        }
        return String(decoding: try JSONEncoder().encode(written), as: UTF8.self)
    }

    /// Records that a run has done all that it could.
    /// - Parameter error: Why some parts could not be read. The run then counts as failed, but the account does not
    ///   pause: the other parts are stored.
    package func finish(_ run: ClaimedRun, error: String? = nil, _ tally: SyncTally) throws {
        let outcome: SyncRun.Outcome = error == nil ? .done : .failed
        try connection.transaction {
            try note(SyncProgress(phase: .saving, percent: 100), tally, of: run.id)
            try connection.execute(
                """
                UPDATE sync_runs SET finished_at = now(), outcome = \(outcome.rawValue), error = \(error)
                WHERE id = \(run.id)::uuid AND finished_at IS NULL
                """
            )
        }
    }

    /// Puts the account on hold without an error, because its data is complete.
    package func hold(_ hold: Hold, _ account: AdAccount.ID) throws {
        try connection.execute(
            """
            UPDATE ad_accounts SET held_reason = \(hold.reason.rawValue),
                held_until = now() + \("\(hold.secondsLeft)")::float8 * interval '1 second'
            WHERE id = \(account)::uuid
            """
        )
    }

    /// Records what went wrong, on the run and on the account, which then rests for a while.
    /// - Parameters:
    ///   - error: for people; without secrets.
    ///   - hold: what Facebook wants; without one, the pause doubles with each failure, from a minute to an hour.
    package func fail(_ run: ClaimedRun, error: String, hold: Hold?, _ tally: SyncTally) throws {
        try connection.transaction {
            try lockRow(of: run.account.id)
            guard try end(run, .failed, error, tally) else { return }
            let seconds = (hold?.secondsLeft).map { $0.isFinite ? "\($0)" : "Infinity" }
            try connection.execute(
                """
                UPDATE ad_accounts SET sync_status = 'error', sync_error = \(error), failures = failures + 1,
                    held_reason = \((hold?.reason ?? .retryLater).rawValue),
                    held_until = CASE
                        WHEN \(seconds) = 'Infinity' THEN 'infinity'
                        ELSE now() + coalesce(\(seconds)::float8, least(60 * 2 ^ least(failures, 10), 3600))
                            * interval '1 second' END
                WHERE id = \(run.account.id)::uuid
                """
            )
        }
    }

    /// Records that a run received a request to stop. The account keeps its data, and its pause does not grow.
    package func interrupt(_ run: ClaimedRun, _ tally: SyncTally) throws {
        try connection.transaction {
            try lockRow(of: run.account.id)
            guard try end(run, .interrupted, "the sync received a request to stop", tally) else { return }
            try connection.execute(
                """
                UPDATE ad_accounts SET sync_status = CASE WHEN sync_error IS NULL THEN 'idle' ELSE 'error' END
                WHERE id = \(run.account.id)::uuid
                """
            )
        }
    }

    /// - Returns: `false` when another process has closed the run.
    private func end(_ run: ClaimedRun, _ outcome: SyncRun.Outcome, _ error: String, _ tally: SyncTally) throws -> Bool
    {
        try connection.execute(
            """
            UPDATE sync_runs SET finished_at = now(), outcome = \(outcome.rawValue), error = \(error),
                rows_seen = \(tally.rowsSeen)::int, api_calls = \(tally.apiCalls)::int,
                retries = \(tally.retries)::int, waits = \(tally.waits)::int,
                wait_seconds = \("\(tally.waitSeconds)")::float8, warnings = \(TextArray(tally.storedWarnings))::text[],
                repaired_texts = \(tally.defects.repaired)::int, unknown_fields = \(tally.defects.unknown)::int,
                left_out_rows = \(tally.defects.leftOut)::int, api_version = \(tally.apiVersion), phases = \(try Self.json(tally.phases))::jsonb
            WHERE id = \(run.id)::uuid AND finished_at IS NULL
            """
        ) == 1
    }

    /// Writes down which app's quota the account's calls count against.
    package func noteApp(_ app: String, of account: AdAccount.ID) throws {
        try connection.execute(
            """
            UPDATE ad_accounts SET facebook_app_id = \(app)
            WHERE id = \(account)::uuid AND facebook_app_id <> \(app)
            """
        )
    }

    /// Lets the account go, after the run was finished or failed.
    /// - Returns: `false` when the connection was lost meanwhile, and with it everything that this process held.
    @discardableResult
    package func release(_ run: ClaimedRun) throws -> Bool {
        connection.reopens = true
        return try unlock(LockClass.account, run.lockNumber)
    }

    func lock(_ kind: Int, _ number: Int) throws -> Bool {
        try connection.firstRow("SELECT pg_try_advisory_lock(\(kind)::int, \(number)::int)") { try $0.boolean(0) }
            ?? false
    }

    /// - Returns: `false` when it was not held.
    @discardableResult
    func unlock(_ kind: Int, _ number: Int) throws -> Bool {
        try connection.firstRow("SELECT pg_advisory_unlock(\(kind)::int, \(number)::int)") { try $0.boolean(0) }
            ?? false
    }
}
