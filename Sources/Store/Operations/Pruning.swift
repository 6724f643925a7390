internal import Model
internal import Postgres

/// Days to keep.
package struct Retention: Sendable, Equatable {
    /// Results of ads and accounts, counted back from the account's own today.
    package var insights: Int
    /// Syncs that have ended.
    package var syncRuns: Int
    /// The audit log; 90 or more.
    package var audit: Int

    package init(insights: Int, syncRuns: Int, audit: Int) {
        self.insights = insights
        self.syncRuns = syncRuns
        self.audit = audit
    }
}

/// Rows that were removed, or would be.
package struct PrunedRows: Sendable, Equatable {
    /// `insights_daily` and `insights_days`.
    package var insights = 0
    package var syncRuns = 0
    package var audit = 0
    /// Creatives that no ad has, and pictures that no creative has.
    package var creatives = 0

    package init(insights: Int = 0, syncRuns: Int = 0, audit: Int = 0, creatives: Int = 0) {
        self.insights = insights
        self.syncRuns = syncRuns
        self.audit = audit
        self.creatives = creatives
    }
}

extension Store {
    /// Counts data that is older than its retention.
    package func prunable(_ retention: Retention) throws -> PrunedRows {
        let counts = try connection.firstRow(
            """
            SELECT (SELECT count(*) FROM ad_accounts a JOIN insights_daily d ON d.ad_account_id = a.id
                    WHERE d.day < \(raw: Self.firstDay("a", retention))),
                   (SELECT count(*) FROM ad_accounts a JOIN insights_days d ON d.ad_account_id = a.id
                    WHERE d.day < \(raw: Self.firstDay("a", retention))),
                   (SELECT count(*) FROM sync_runs r WHERE \(raw: Self.isOld("r", retention))),
                   (SELECT count(*) FROM audit_events WHERE at < now() - make_interval(days => \(retention.audit)::int)),
                   (SELECT count(*) FROM ad_creatives k WHERE \(raw: Self.isUnused("k", retention.insights)))
            """
        ) {
            PrunedRows(
                insights: try $0.integer(0) + $0.integer(1),
                syncRuns: try $0.integer(2),
                audit: try $0.integer(3),
                creatives: try $0.integer(4)
            )
        }
        return counts ?? PrunedRows()
    }

    /// Removes data that is older than its retention, one account at a time, so that no sync waits long. An
    /// interruption loses no progress.
    /// - Parameter progress: Receives the number of finished accounts and their total.
    package func prune(_ retention: Retention, progress: (Int, Int) -> Void = { _, _ in }) throws -> PrunedRows {
        var pruned = PrunedRows()
        let accounts = try adAccounts().map(\.account.id)
        for (index, account) in accounts.enumerated() {
            pruned.insights += try pruneInsights(of: account, retention)
            pruned.syncRuns += try connection.execute(
                """
                DELETE FROM sync_runs r WHERE r.ad_account_id = \(account)::uuid AND \(raw: Self.isOld("r", retention))
                """
            )
            pruned.creatives += try pruneCreatives(of: account, after: retention.insights)
            progress(index + 1, accounts.count)
        }
        pruned.audit = try pruneAudit(olderThan: retention.audit)
        try recordDone(.prune)
        return pruned
    }

    private func pruneInsights(of account: AdAccount.ID, _ retention: Retention) throws -> Int {
        try connection.transaction {
            // Deleted days take this lock, see `forget_running_sums`. Everybody takes it before the account's row.
            try connection.execute(
                """
                SELECT pg_advisory_xact_lock(\(LockClass.runningSums)::int, number) FROM ad_accounts
                WHERE id = \(account)::uuid
                """
            )
            // Before its rows, as everywhere: who removes the account, or commits a sync of it, waits for us, or we for them.
            try lockRow(of: account)
            var removed = 0
            for table in ["insights_daily", "insights_days"] {
                removed += try connection.execute(
                    """
                    DELETE FROM \(raw: table) d USING ad_accounts a
                    WHERE a.id = \(account)::uuid AND d.ad_account_id = \(account)::uuid
                      AND d.day < \(raw: Self.firstDay("a", retention))
                    """
                )
            }
            try connection.execute(
                """
                DELETE FROM running_sums r USING ad_accounts a
                WHERE a.id = \(account)::uuid AND r.ad_account_id = \(account)::uuid
                  AND r.day < \(raw: Self.firstDay("a", retention))
                """
            )
            // The first month that is kept loses a day every day. It is added up day by day when somebody asks for it.
            try connection.execute(
                """
                DELETE FROM unsummed_months m USING ad_accounts a
                WHERE a.id = \(account)::uuid AND m.ad_account_id = \(account)::uuid
                  AND m.month < \(raw: Self.firstDay("a", retention))
                """
            )
            // Sums of such days are other sums now.
            if removed > 0 { _ = try revalidate(.insights, of: account) }
            return removed
        }
    }

    /// The first day that an account `a` keeps.
    private static func firstDay(_ a: String, _ retention: Retention) -> String {
        // The history that people requested is kept.
        "((now() AT TIME ZONE \(a).time_zone)::date - (greatest(\(retention.insights), \(a).history_days) - 1))"
    }

    /// Whether a run `r` ended too long ago. The last one of each account stays, because it shows the account's state.
    /// (!) Not "EXISTS a later one": PostgreSQL would join each run of an account with each other one, which takes
    /// minutes for some 100,000.
    private static func isOld(_ r: String, _ retention: Retention) -> String {
        """
        \(r).finished_at < now() - interval '\(retention.syncRuns) days'
        AND \(r).requested_at < (SELECT max(n.requested_at) FROM sync_runs n WHERE n.ad_account_id = \(r).ad_account_id)
        """
    }
}
