package import Model
internal import Postgres

/// How a list of objects was read.
package struct ObjectReading: Sendable, Equatable {
    /// When all of them, in every status, were begun to be read: then one that is not there is missing. `nil` when only
    /// those were read that were updated.
    package var listedAt: Timestamp?
    /// The latest update that surely was seen, with all before it.
    package var watermark: Timestamp?
    /// Names of Graph fields that Facebook refused: their columns stay as they are.
    package var refusedFields: Set<String>
    /// Why it is not taken for all that there is; `nil` when nothing speaks against it.
    package var doubt: ListingDoubt?

    package var isListing: Bool { listedAt != nil }

    package init(listedAt: Timestamp?, watermark: Timestamp?, refusedFields: Set<String> = []) {
        self.listedAt = listedAt
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
        package var refusedFields: [Level: Set<String>] = [:]
        /// Whether the objects of a level add up to the account.
        package var addsUp: @Sendable (ResultsSum) -> Bool

        package init(days: DayRange, basis: String, addsUp: @escaping @Sendable (ResultsSum) -> Bool) {
            self.days = days
            self.basis = basis
            self.addsUp = addsUp
        }
    }

    package init() {}
}

extension Store {
    /// Makes what was staged the account's data, in one transaction: readers see all of it or none.
    /// - Parameter retention: days for which changes of objects are kept.
    /// - Returns: the tally with the number of rows that differed from what we had, and of those that are gone.
    package func commit(
        _ readings: SyncReadings,
        of run: ClaimedRun,
        _ tally: SyncTally,
        retention: Int
    ) throws -> SyncTally {
        let account = run.account.id
        return try connection.transaction {
            try joinBySets()
            var tally = tally
            let addsUp = try readings.totals.map { try totalsAddUp($0, account) }
            if addsUp == false { tally.warnings.append("the totals do not add up to the account's days") }
            var changed: [Level: Int] = [:]
            for level in Level.allCases {
                changed[level] = try merge(level, readings, account)
                guard let reading = readings.objects[level] else { continue }
                if reading.isListing {
                    if reading.doubt == nil {
                        let gone = try markGone(level, account)
                        tally.rowsGone += gone
                        changed[level, default: 0] += gone
                    } else {
                        try noteMissing(level, account)
                    }
                }
                try confirm(level, account)
                try rememberReading(of: .objects(level), reading, account)
                try deleteStaged(.objects(level), of: account)
                try deleteStaged(.totals(level), of: account)
                if readings.totals != nil { try forgetReports(of: .totals(level), account) }
            }
            let isChanged = changed.values.contains { $0 > 0 }
            let listed = isChanged ? Set(readings.objects.filter { $0.value.isListing }.keys) : []
            changed.merge(try followParents(account, listed: listed), uniquingKeysWith: +)
            tally.rowsChanged = changed.values.reduce(0, +)
            var changedDays = try tell(readings.accountDays, account)
            if let days = readings.recentDays {
                changedDays += try commitDays(days, account)
                try forgetReports(of: .recentDays, account)
            }
            let forgotten = try connection.execute(
                """
                DELETE FROM object_changes WHERE ad_account_id = \(account)::uuid
                    AND seen_at < now() - make_interval(days => \(retention)::int)
                """
            )
            try update(
                readings,
                account,
                changed,
                changedDays: changedDays,
                forgotten: forgotten,
                addsUp: addsUp ?? true
            )
            try requireOpen(run)
            try note(SyncProgress(phase: .saving, percent: 99), tally, of: run.id)
            return tally
        }
    }

    /// For the rest of the transaction. The planner knows the staging tables by other accounts' rows, takes this account's
    /// for a handful, and compares each with each, which takes hours for 100,000.
    func joinBySets() throws {
        try connection.execute("SET LOCAL enable_nestloop = off")
        try connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        // Sets of 100,000 rows are sorted and hashed in memory; one child commits one account at a time.
        try connection.execute("SET LOCAL work_mem = '64MB'")
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

    /// Whether the totals of every level add up to what the account had.
    private func totalsAddUp(_ totals: SyncReadings.Totals, _ account: AdAccount.ID) throws -> Bool {
        let sums = try connection.rows(
            """
            SELECT sum(spent), sum(impressions)::bigint, sum(clicks)::bigint, count(*) FROM (
                SELECT DISTINCT ON (level, id) * FROM staged_totals WHERE ad_account_id = \(account)::uuid
                ORDER BY level, id, impressions DESC
            ) t GROUP BY level
            """
        ) { try ResultsSum($0, from: 0) }
        // A level without a row has nothing.
        let nothing = ResultsSum(spent: .zero, impressions: 0, clicks: 0, rows: 0)
        return (sums + Array(repeating: nothing, count: max(0, Level.allCases.count - sums.count)))
            .allSatisfy(totals.addsUp)
    }

    /// The sync has confirmed every object, also that some are gone, but not those that are only missing.
    private func confirm(_ level: Level, _ account: AdAccount.ID) throws {
        try connection.execute(
            """
            UPDATE \(raw: Mirror.of(level).table) SET last_synced_at = now()
            WHERE ad_account_id = \(account)::uuid AND (missing_since IS NULL OR gone_at IS NOT NULL)
              AND last_synced_at IS DISTINCT FROM now()
            """
        )
    }

    private func update(
        _ readings: SyncReadings,
        _ account: AdAccount.ID,
        _ changed: [Level: Int],
        changedDays: Int,
        forgotten: Int,
        addsUp: Bool
    ) throws {
        let raised = { (column: String, isChanged: Bool, other: String) in
            DataVersion.raised(column, if: isChanged ? "true" : other)
        }
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
                totals_attempts = CASE WHEN \(addsUp)::boolean THEN 0
                    WHEN totals_basis = \(readings.totals?.basis) THEN totals_attempts + 1 ELSE 1 END,
                totals_basis = coalesce(\(readings.totals?.basis), totals_basis),
                campaigns_version = \(raw: raised("campaigns_version", campaigns > 0, "other.range")),
                ad_groups_version = \(raw: raised("ad_groups_version", adSets > 0, "other.range")),
                creatives_version = \(raw: raised("creatives_version", ads > 0, "other.range")),
                insights_version = \(raw: raised("insights_version", changedDays > 0, "false")),
                changes_version = \(raw: raised("changes_version", ads > 0 || forgotten > 0, "false"))
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
        let open: Query =
            run.isHistory
            ? """
            SELECT FROM history_backlogs WHERE ad_account_id = \(run.account.id)::uuid AND claim = \(run.id)::uuid
            FOR UPDATE
            """
            : "SELECT FROM sync_runs WHERE id = \(run.id)::uuid AND finished_at IS NULL FOR UPDATE"
        let isOpen = try connection.execute(open)
        guard isOpen == 1 else {
            throw PostgresError(code: .connectionLost, message: "the sync run was closed by another process")
        }
    }
}
