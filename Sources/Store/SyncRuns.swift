package import Model
internal import Postgres

/// What came of a wish for a sync.
package enum SyncWishOutcome: Sendable, Equatable {
    /// The caller must start a child now; nobody else will.
    case started(SyncRun.ID)
    case running(SyncRun.ID)
    case fresh
    case held(Hold)
}

/// A run that this process holds: nobody else syncs the account until it is finished or the connection falls.
package struct ClaimedRun: Sendable {
    package let id: SyncRun.ID
    package let account: AdAccount
    package let trigger: SyncRun.Trigger
    /// The second number of the account's advisory lock.
    let lockNumber: Int
}

extension Store {
    // MARK: Wishes

    /// Asks for a sync of an account. Of any number of wishes at once, on any number of hosts, one is `started`.
    package func requestSync(
        of account: AdAccount.ID,
        trigger: SyncRun.Trigger,
        isForced: Bool,
        interval: Int
    ) throws -> SyncWishOutcome? {
        try connection.transaction {
            // NO KEY: new rows of a sync's commit refer to the account, and must not keep wishes waiting.
            // The lock first, in a statement of its own: the next one then sees what the one before us committed.
            try connection.execute("SELECT FROM ad_accounts WHERE id = \(account)::uuid FOR NO KEY UPDATE")
            guard let state = try syncState(of: account) else { return nil }
            let decision = SyncDecision.decide(state, trigger: trigger, isForced: isForced, interval: interval)
            switch decision {
            case .start:
                return .started(try addRun(account, trigger))
            case .restart(let run):
                try connection.execute(
                    """
                    UPDATE sync_runs SET requested_at = now(), trigger = \(trigger.rawValue) WHERE id = \(run)::uuid
                    """
                )
                return .started(run)
            case .replace(let run):
                try closeInterrupted(run)
                return .started(try addRun(account, trigger))
            case .running(let run):
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

    private func addRun(_ account: AdAccount.ID, _ trigger: SyncRun.Trigger) throws -> SyncRun.ID {
        let id = try connection.firstRow(
            """
            INSERT INTO sync_runs (ad_account_id, trigger) VALUES (\(account)::uuid, \(trigger.rawValue)) RETURNING id
            """
        ) { SyncRun.ID(rawValue: try $0.text(0)) }
        guard let id else { throw PostgresError(code: .badValue, message: "no id for a sync run") }
        return id
    }

    private func closeInterrupted(_ run: SyncRun.ID) throws {
        try connection.execute(
            """
            UPDATE sync_runs SET finished_at = now(), outcome = 'interrupted', error = 'the sync process ended early'
            WHERE id = \(run)::uuid AND finished_at IS NULL
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

    /// Takes a run that waits, if there is one that nobody else takes: people's before readers' before cron's, the one
    /// that has waited longest first.
    /// - Parameter account: only a run of this account.
    package func claimRun(of account: AdAccount.ID? = nil) throws -> ClaimedRun? {
        let waiting = try connection.rows(
            """
            SELECT r.id, r.trigger, a.number, a.id, a.facebook_account_id, a.name, a.currency, a.time_zone
            FROM sync_runs r JOIN ad_accounts a ON a.id = r.ad_account_id
            WHERE r.finished_at IS NULL AND r.started_at IS NULL
              AND (\(account)::uuid IS NULL OR a.id = \(account)::uuid)
            ORDER BY array_position('{manual,cli,read,cron}'::text[], r.trigger), r.requested_at
            """
        ) { row in
            ClaimedRun(
                id: SyncRun.ID(rawValue: try row.text(0)),
                account: AdAccount(
                    id: AdAccount.ID(rawValue: try row.text(3)),
                    facebookID: try row.text(4),
                    name: try row.text(5),
                    currency: row.optionalText(6),
                    timeZone: try row.text(7)
                ),
                trigger: SyncRun.Trigger(rawValue: try row.text(1)) ?? .read,
                lockNumber: try row.integer(2)
            )
        }
        for run in waiting where try lock(LockClass.account, run.lockNumber) {
            if try begin(run) { return run }
            try unlock(LockClass.account, run.lockNumber)
        }
        return nil
    }

    /// - Returns: `false` when another process did the run between our look and our lock.
    private func begin(_ run: ClaimedRun) throws -> Bool {
        try connection.transaction {
            let isOurs =
                try connection.execute(
                    """
                    UPDATE sync_runs SET started_at = now(), phase = 'account', percent = 0
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

    package func note(_ progress: SyncProgress, of run: SyncRun.ID) throws {
        try connection.execute(
            """
            UPDATE sync_runs SET phase = \(progress.phase.rawValue), phase_done = \(progress.done)::int,
                phase_total = \(min(progress.total, Int(Int32.max)))::int, percent = \(progress.percent)::int
            WHERE id = \(run)::uuid
            """
        )
    }

    /// Records what went wrong, on the run and on the account, which then rests for a while.
    /// - Parameters:
    ///   - error: for people; without secrets.
    ///   - hold: what Facebook wants; without one, the pause doubles with each failure, from a minute to an hour.
    package func fail(_ run: ClaimedRun, error: String, hold: Hold?, apiCalls: Int) throws {
        try connection.transaction {
            let isOpen =
                try connection.execute(
                    """
                    UPDATE sync_runs SET finished_at = now(), outcome = 'failed', error = \(error),
                        api_calls = \(apiCalls)::int
                    WHERE id = \(run.id)::uuid AND finished_at IS NULL
                    """
                ) == 1
            guard isOpen else { return }
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

    /// Records that a run was told to end. The account keeps what it had, and rests no longer than before.
    package func interrupt(_ run: ClaimedRun, apiCalls: Int) throws {
        try connection.transaction {
            try connection.execute(
                """
                UPDATE sync_runs SET finished_at = now(), outcome = 'interrupted', error = 'the sync was told to stop',
                    api_calls = \(apiCalls)::int
                WHERE id = \(run.id)::uuid AND finished_at IS NULL
                """
            )
            try connection.execute(
                """
                UPDATE ad_accounts SET sync_status = CASE WHEN sync_error IS NULL THEN 'idle' ELSE 'error' END
                WHERE id = \(run.account.id)::uuid
                """
            )
        }
    }

    /// Lets the account go, after the run was finished or failed.
    package func release(_ run: ClaimedRun) throws {
        try unlock(LockClass.account, run.lockNumber)
    }

    /// Takes one of the host's places for sync children; the place is free again when the connection falls.
    /// - Returns: the place's number for `releaseChildPlace`; `nil` when all are taken.
    package func takeChildPlace(host: String, places: Int) throws -> Int? {
        for place in 0..<places {
            let number =
                try connection.firstRow("SELECT hashtext(\(host) || ':' || \(place)::text)") { try $0.integer(0) } ?? 0
            if try lock(LockClass.child, number) { return number }
        }
        return nil
    }

    package func releaseChildPlace(_ number: Int) throws {
        try unlock(LockClass.child, number)
    }

    package func hasWaitingRuns() throws -> Bool {
        try connection.firstRow(
            "SELECT EXISTS (SELECT FROM sync_runs WHERE finished_at IS NULL AND started_at IS NULL)"
        ) { try $0.boolean(0) } ?? false
    }

    private func lock(_ kind: Int, _ number: Int) throws -> Bool {
        try connection.firstRow("SELECT pg_try_advisory_lock(\(kind)::int, \(number)::int)") { try $0.boolean(0) }
            ?? false
    }

    private func unlock(_ kind: Int, _ number: Int) throws {
        try connection.execute("SELECT pg_advisory_unlock(\(kind)::int, \(number)::int)")
    }
}
