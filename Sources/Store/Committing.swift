package import Model
internal import Postgres

/// How a list of objects was read.
package struct ObjectReading: Sendable, Equatable {
    /// Whether it was all of them, in every status: then one that is not there is missing.
    package var isListing: Bool
    /// The latest update that surely was seen, with all before it.
    package var watermark: Timestamp?
    /// Names of Graph fields that Facebook refused: their columns stay as they are.
    package var refusedFields: Set<String>

    package init(isListing: Bool, watermark: Timestamp?, refusedFields: Set<String> = []) {
        self.isListing = isListing
        self.watermark = watermark
        self.refusedFields = refusedFields
    }
}

/// What a run has read, all of it staged.
package struct SyncReadings: Sendable {
    package var objects: [Level: ObjectReading] = [:]
    /// `nil` when the totals were not read.
    package var totals: Totals?
    /// What the account had on each day, days without anything included.
    package var accountDays: [DayTotals] = []
    /// The days of ads that were read; `nil` for none.
    package var recentDays: DaysReading?

    package struct Totals: Sendable {
        package var days: DayRange
        package var basis: String
        package var refusedFields: [Level: Set<String>]

        package init(days: DayRange, basis: String, refusedFields: [Level: Set<String>]) {
            self.days = days
            self.basis = basis
            self.refusedFields = refusedFields
        }
    }

    package init() {}
}

extension Store {
    /// Makes what was staged the account's data, in one transaction: readers see all of it or none.
    /// - Parameters:
    ///   - vanished: decides what becomes of objects that a complete listing has not.
    ///   - retention: days for which changes of objects are kept.
    /// - Returns: the tally with the number of rows that differed from what we had, and of those that are gone.
    package func commit(
        _ readings: SyncReadings,
        of run: ClaimedRun,
        _ tally: SyncTally,
        vanished: (VanishedObjects) -> VanishedObjects.Verdict,
        retention: Int
    ) throws -> SyncTally {
        let account = run.account.id
        return try connection.transaction {
            try joinBySets()
            var tally = tally
            var changed: [Level: Int] = [:]
            for level in Level.allCases {
                changed[level] = try merge(level, readings, account)
                guard let reading = readings.objects[level] else { continue }
                var isWanted = false
                if reading.isListing {
                    let (verdict, gone) = try markMissing(level, account, vanished)
                    isWanted = verdict.wantsListing
                    tally.rowsGone += gone
                    changed[level, default: 0] += gone
                    if let warning = verdict.warning { tally.warnings.append(warning) }
                }
                try confirm(level, account)
                try rememberReading(of: .objects(level), reading, account, wanted: isWanted)
                try deleteStaged(.objects(level), of: account)
                try deleteStaged(.totals(level), of: account)
            }
            tally.rowsChanged = changed.values.reduce(0, +)
            try tell(readings.accountDays, account)
            var changedDays = 0
            if let days = readings.recentDays { changedDays = try commitDays(days, account) }
            try update(readings, account, changed, changedDays: changedDays)
            try connection.execute(
                """
                DELETE FROM object_changes WHERE ad_account_id = \(account)::uuid
                    AND seen_at < now() - make_interval(days => \(retention)::int)
                """
            )
            try requireOpen(run)
            try note(SyncProgress(phase: .saving, percent: 99), tally, of: run.id)
            return tally
        }
    }

    /// For the rest of the transaction. What was staged a moment ago no statistics know: the planner takes it for a few
    /// rows, and compares each with each, which takes hours for 100,000.
    func joinBySets() throws {
        try connection.execute("SET LOCAL enable_nestloop = off")
    }

    /// - Returns: how many rows are new, or differ from what was there.
    private func merge(_ level: Level, _ readings: SyncReadings, _ account: AdAccount.ID) throws -> Int {
        let reading = readings.objects[level]
        let refused = (reading?.refusedFields ?? []).union(readings.totals?.refusedFields[level] ?? [])
        let sql = Mirror.of(level).statement(
            objects: reading != nil,
            metrics: readings.totals != nil,
            refused: refused
        )
        return try connection.firstRow(Query(raw: sql, account)) { try $0.integer(0) } ?? 0
    }

    /// The sync has confirmed every object but those that are missing.
    private func confirm(_ level: Level, _ account: AdAccount.ID) throws {
        try connection.execute(
            """
            UPDATE \(raw: Mirror.of(level).table) SET last_synced_at = now()
            WHERE ad_account_id = \(account)::uuid AND missing_since IS NULL
              AND last_synced_at IS DISTINCT FROM now()
            """
        )
    }

    private func update(
        _ readings: SyncReadings,
        _ account: AdAccount.ID,
        _ changed: [Level: Int],
        changedDays: Int
    ) throws {
        let campaigns = changed[.campaign] ?? 0
        let adSets = campaigns + (changed[.adSet] ?? 0)
        let ads = adSets + (changed[.ad] ?? 0)
        let days = readings.totals?.days
        // Ad sets are shown with their campaign's name, ads with both names.
        try connection.execute(
            """
            UPDATE ad_accounts SET
                sync_status = 'idle', sync_error = NULL, last_synced_at = now(),
                held_until = NULL, held_reason = NULL, failures = 0,
                metrics_since = coalesce(\(days?.since)::date, metrics_since),
                metrics_until = coalesce(\(days?.until)::date, metrics_until),
                totals_basis = coalesce(\(readings.totals?.basis), totals_basis),
                campaigns_version = campaigns_version + (\(campaigns > 0)::boolean OR other.range)::int,
                ad_groups_version = ad_groups_version + (\(adSets > 0)::boolean OR other.range)::int,
                creatives_version = creatives_version + (\(ads > 0)::boolean OR other.range)::int,
                insights_version = insights_version + \(changedDays > 0)::boolean::int
            FROM (
                SELECT \(days != nil)::boolean AND (metrics_since, metrics_until)
                    IS DISTINCT FROM (\(days?.since)::date, \(days?.until)::date) AS range
                FROM ad_accounts WHERE id = \(account)::uuid
            ) other
            WHERE id = \(account)::uuid
            """
        )
    }

    /// - Throws: when another process took us for dead and closed the run: what we hold may be older than what it
    ///   stores.
    func requireOpen(_ run: ClaimedRun) throws {
        let isOpen = try connection.execute(
            "SELECT FROM sync_runs WHERE id = \(run.id)::uuid AND finished_at IS NULL FOR UPDATE"
        )
        guard isOpen == 1 else {
            throw PostgresError(code: .connectionLost, message: "the sync run was closed by another process")
        }
    }
}
