package import Model
internal import Postgres

/// Everything that `GET /api/sync/status` returns about an account.
package struct SyncStatus: Sendable {
    package struct Run: Sendable {
        package let id: String
        package let trigger: String
        package let requestedAt: String?
        package let startedAt: String?
        package let finishedAt: String?
        package let outcome: String?
        package let error: String?
        package let phase: String?
        package let phaseDone: Int
        package let phaseTotal: Int
        package let percent: Int
        /// Without the version and the phases.
        package let summary: RunSummary
    }

    /// The ages of a level's objects.
    package struct Freshness: Sendable {
        package let level: Level
        package let total: Int
        package let fresh: Int
        package let neverSynced: Int
    }

    /// The account's row: `idle`, `syncing` or `error`.
    package let recorded: String
    package let error: String?
    package let state: SyncState
    package let lastSyncedAt: String?
    /// When the next read or cron call would start a sync: not before the data is stale and the hold over. `nil` when
    /// that is now, or when only a person can end the hold.
    package let nextSyncAt: String?
    /// The current run, or else the last one.
    package let run: Run?
    /// In the order of the levels.
    package let freshness: [Freshness]
    /// How completely Facebook has listed the objects of each level.
    package let listings: [ListingState]
    package let token: TokenState
    package let parts: SyncParts
    /// Fields that Facebook refuses.
    package let unavailable: [UnavailableField]
    /// Objects with values that could not be read yet.
    package let damagedObjects: Int
}

extension Store {
    /// - Parameter interval: seconds after which a row is stale.
    package func syncStatus(of account: AdAccount.ID, interval: Int) throws -> SyncStatus? {
        let row = try connection.firstRow(
            """
            SELECT a.sync_status, a.sync_error, a.last_synced_at,
                   CASE WHEN a.held_until = 'infinity' THEN NULL ELSE greatest(
                       a.last_synced_at + make_interval(secs => \(interval)::int),
                       \(raw: SyncStateColumns.heldUntil)) END,
                   \(raw: SyncStateColumns.sql), \(raw: TokenStateColumns.sql)
            FROM ad_accounts a \(raw: SyncStateColumns.join) \(raw: TokenStateColumns.join) WHERE a.id = \(account)::uuid
            """
        ) { row in
            (
                recorded: try row.text(0), error: row.optionalText(1), lastSyncedAt: row.optionalTimestamp(2),
                nextSyncAt: row.optionalTimestamp(3), state: try SyncStateColumns.decode(row, from: 4),
                token: try TokenStateColumns.decode(row, from: 10)
            )
        }
        guard let row else { return nil }
        // Reads the run after the state. A run commits its end before its process releases the lock. If the lock is
        // free, the run has therefore recorded its end, unless it was killed.
        return SyncStatus(
            recorded: row.recorded,
            error: row.error,
            state: row.state,
            lastSyncedAt: row.lastSyncedAt,
            nextSyncAt: row.nextSyncAt,
            run: try syncRuns(of: account, limit: 1).first,
            freshness: try Level.allCases.map { try freshness($0, account, interval) },
            listings: try listingStates(of: account),
            token: row.token,
            parts: try syncParts(of: account),
            unavailable: try unavailableFields(of: account),
            damagedObjects: try damagedObjects(of: account)
        )
    }

    private func freshness(_ level: Level, _ account: AdAccount.ID, _ interval: Int) throws -> SyncStatus.Freshness {
        let counts = try connection.firstRow(
            """
            SELECT count(*), count(*) FILTER (WHERE last_synced_at > now() - make_interval(secs => \(interval)::int)),
                   count(*) FILTER (WHERE last_synced_at IS NULL)
            FROM \(raw: Mirror.of(level).table) WHERE ad_account_id = \(account)::uuid
            """
        ) {
            SyncStatus.Freshness(
                level: level,
                total: try $0.integer(0),
                fresh: try $0.integer(1),
                neverSynced: try $0.integer(2)
            )
        }
        return counts ?? SyncStatus.Freshness(level: level, total: 0, fresh: 0, neverSynced: 0)
    }
}
