package import Model
internal import Postgres

extension Store {
    /// Makes the parts that were staged the account's data, in one transaction: readers see all of it or none. Parts that
    /// are not among the readings stay as they are.
    /// - Parameters:
    ///   - isSynced: the run has read all objects and the account's days, so that the account counts as synced now.
    ///   - retention: days for which changes of objects are kept.
    /// - Returns: the summary with the number of rows that differed from what we had, and of those that are gone.
    package func commit(
        _ readings: ReadParts,
        of run: ClaimedRun,
        _ summary: RunSummary,
        isSynced: Bool = true,
        retention: Int
    ) throws -> RunSummary {
        let account = run.account.id
        return try connection.transaction {
            try joinBySets()
            var summary = summary
            var changes = Changes()
            for level in Level.allCases { try commit(level, readings, account, &summary, &changes) }
            let isChanged = changes.rows.values.contains { $0 > 0 }
            let listed = isChanged ? Set(readings.objects.filter { $0.value.isListing }.keys) : []
            changes.rows.merge(try followParents(account, listed: listed), uniquingKeysWith: +)
            summary.rowsChanged += changes.rows.values.reduce(0, +)
            if let days = readings.accountDays { changes.days += try commit(days, account) }
            if let days = readings.days {
                changes.days += try commitDays(days, account)
                if !days.readDays.isEmpty { try recordStored(days.list, of: account) }
                try forgetReports(of: days.list, account)
            }
            for (list, error) in readings.failures { try recordFailure(error, of: list, account) }
            changes.forgotten = try connection.execute(
                """
                DELETE FROM object_changes WHERE ad_account_id = \(account)::uuid
                    AND seen_at < now() - make_interval(days => \(retention)::int)
                """
            )
            if !readings.objects.isEmpty || readings.accountDays != nil || readings.days != nil {
                changes.words = try updateDelivery(of: account)
            }
            try update(account, changes, isSynced: isSynced)
            try requireOpen(run)
            try note(SyncProgress(phase: .saving, percent: 99), summary, of: run.id)
            return summary
        }
    }

    /// What a commit changes for readers.
    private struct Changes {
        /// Rows of each level that are new, differ, or are gone.
        var rows: [Level: Int] = [:]
        /// Objects of each level with another word about their delivery.
        var words: [Level: Int] = [:]
        /// Levels whose totals cover other days than before.
        var ranges: Set<Level> = []
        var days = 0
        var forgotten = 0
    }

    /// For the rest of the transaction. The planner knows the staging tables by other accounts' rows, takes this account's
    /// for a handful, and compares each with each, which takes hours for 100,000.
    func joinBySets() throws {
        try connection.execute("SET LOCAL enable_nestloop = off")
        try connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        // Sets of 100,000 rows are sorted and hashed in memory; one child commits one account at a time.
        try connection.execute("SET LOCAL work_mem = '64MB'")
    }

    private func commit(
        _ level: Level,
        _ readings: ReadParts,
        _ account: AdAccount.ID,
        _ summary: inout RunSummary,
        _ changes: inout Changes
    ) throws {
        let (reading, totals) = (readings.objects[level], readings.totals[level])
        guard reading != nil || totals != nil else { return }
        let known = try knownTotals(of: level, account)
        let balance = try totals.map { try self.balance(of: $0, level, account) }
        let doubt = balance == .short ? Self.doubt(of: level) : nil
        // What came damaged has been reported, value by value.
        if totals?.isDamaged == false, balance == .short || balance == .over {
            summary.warnings.append(
                doubt
                    ?? "The totals of the \(level.plural) add up to more than the account's days. They are read again."
            )
        }
        changes.rows[level] = try merge(level, reading, totals, balance, known, account)
        if let reading {
            if reading.isListing {
                // An object that is missing may be one that cannot be read.
                if reading.doubt == nil, reading.leftOut == 0 {
                    let gone = try markGone(level, account)
                    summary.rowsGone += gone
                    changes.rows[level, default: 0] += gone
                } else {
                    try noteMissing(level, account)
                }
            }
            try confirm(level, account)
            try rememberReading(of: .objects(level), reading, account)
            try rememberDamage(of: level, reading, account)
            try recordStored(.objects(level), of: account)
            try deleteStaged(.objects(level), of: account)
        }
        if let totals {
            if known.days != totals.days { changes.ranges.insert(level) }
            try keepEarlyTotals(level, account)
            let isSettled = !totals.isDamaged && balance != .short && balance != .over
            try recordTotals(level, totals, isSettled: isSettled, doubt: doubt, of: account)
            try deleteStaged(.totals(level), of: account)
            try forgetReports(of: .totals(level), account)
        } else {
            try forgetTakenTotals(level, account)
        }
    }

    /// - Returns: how many rows are new, or differ from what was there.
    private func merge(
        _ level: Level,
        _ reading: ReadObjects?,
        _ totals: ReadTotals?,
        _ balance: Balance?,
        _ known: KnownTotals,
        _ account: AdAccount.ID
    ) throws -> Int {
        let sql = Mirror.of(level).statement(
            objects: reading != nil,
            metrics: totals != nil,
            // What the totals of the same days were before is better than nothing.
            keepsMetrics: known.days == totals?.days,
            refused: reading?.refusedFields ?? []
        )
        let missing = totals.map { $0.missingCampaigns.sorted() } ?? known.missingCampaigns
        // An object without a row had nothing only if no row is missing.
        let isBalanced = balance != .short && balance != .unknown
        let areWhole = totals.map { $0.hasAllRows && isBalanced } ?? known.areWhole
        return try connection.firstRow(Query(raw: sql, account, TextArray(missing), areWhole)) {
            try $0.integer(0)
        } ?? 0
    }

    /// Compares the staged totals of a level with what the account had. Where campaigns are missing there is nothing to
    /// compare: what was read without them, campaign by campaign, counts.
    private func balance(of totals: ReadTotals, _ level: Level, _ account: AdAccount.ID) throws -> Balance {
        guard totals.missingCampaigns.isEmpty else { return .even }
        let sum = try connection.firstRow(
            """
            SELECT \(raw: ResultsSum.columns) FROM (
                SELECT DISTINCT ON (id) * FROM staged_totals
                WHERE ad_account_id = \(account)::uuid AND level = \(level.rawValue)
                ORDER BY id, impressions DESC NULLS LAST
            ) t
            """
        ) { try ResultsSum($0, from: 0) }
        return sum.map(totals.balance) ?? .unknown
    }

    private static func doubt(of level: Level) -> String {
        """
        The totals of the \(level.plural) add up to less than the account's days: Facebook did not return all of them. \
        Those without totals keep what they had on the same days. The next syncs read the totals again.
        """
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

    private func update(_ account: AdAccount.ID, _ changes: Changes, isSynced: Bool) throws {
        let raised = { (column: String, isChanged: Bool) in DataVersion.raised(column, if: "\(isChanged)") }
        let campaigns = changes.rows[.campaign] ?? 0
        let adSets = campaigns + (changes.rows[.adSet] ?? 0)
        let ads = adSets + (changes.rows[.ad] ?? 0)
        let differs = { (level: Level) in changes.ranges.contains(level) || changes.words[level] ?? 0 > 0 }
        // Ad sets are shown with their campaign's name, ads with both names.
        try connection.execute(
            """
            UPDATE ad_accounts a SET
                campaigns_version = \(raw: raised("campaigns_version", campaigns > 0 || differs(.campaign))),
                ad_groups_version = \(raw: raised("ad_groups_version", adSets > 0 || differs(.adSet))),
                creatives_version = \(raw: raised("creatives_version", ads > 0 || differs(.ad))),
                insights_version = \(raw: raised("insights_version", changes.days > 0)),
                changes_version = \(raw: raised("changes_version", ads > 0 || changes.forgotten > 0)),
                metrics_since = coalesce(\(raw: Self.totalsDay("since", of: .campaign)), metrics_since),
                metrics_until = coalesce(\(raw: Self.totalsDay("until", of: .campaign)), metrics_until)
            WHERE a.id = \(account)::uuid
            """
        )
        guard isSynced else { return }
        try connection.execute(
            """
            UPDATE ad_accounts a SET last_synced_at = now(), held_until = NULL, held_reason = NULL, failures = 0,
                sync_error = \(raw: Self.partErrors),
                sync_status = CASE WHEN \(raw: Self.partErrors) IS NULL THEN 'idle' ELSE 'error' END
            WHERE a.id = \(account)::uuid
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
