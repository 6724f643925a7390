package import Model
internal import Postgres

/// The result of a request for a sync.
package enum SyncRequestOutcome: Sendable, Equatable {
    /// The caller must start a child now; no one else will.
    case started(SyncRun.ID)
    case running(SyncRun.ID)
    case fresh
    case held(Hold)
}

extension Store {
    /// Requests a sync of an account. Of concurrent requests on all hosts, one gets `started`.
    /// - Parameter isAwaited: Whether a person waits for this account; `false` if many are requested at once.
    package func requestSync(
        of account: AdAccount.ID,
        trigger: SyncRun.Trigger,
        isForced: Bool,
        isAwaited: Bool = true,
        interval: Int
    ) throws -> SyncRequestOutcome? {
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

    /// Gives a waiting run the urgency and thoroughness of its most demanding request.
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

    /// People's requests come before readers', and readers' before cron's.
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
}
