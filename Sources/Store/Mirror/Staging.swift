package import Model
internal import Postgres

// What a run has fetched waits in unlogged tables, page by page, until all of it is there. A run that has to stop, or
// that meets a limit, leaves its pages to the next one.

/// A page's rows.
package enum StagedRows: Sendable {
    case objects(Level, [MirroredObject])
    case totals(Level, [ObjectTotals])
    case days(SyncList, [AdDay])

    /// The objects of a page that is one of objects.
    package var objects: (level: Level, ids: [String])? {
        guard case .objects(let level, let rows) = self else { return nil }
        return (level, rows.map(\.id))
    }

    /// The objects whose response left something open.
    var gaps: [(id: String, gaps: Gaps)] {
        guard case .objects(_, let rows) = self else { return [] }
        return rows.lazy.map { ($0.id, $0.gaps) }.filter { $0.1 != Gaps() }
    }
}

extension Store {
    /// Stores a page, and with it how far its list and the run are: all of it or nothing.
    /// - Parameter repeated: objects of the page that are staged already; the new rows take their place.
    package func stage(
        _ rows: StagedRows,
        _ state: SyncMemory.Staged,
        of list: SyncList,
        _ run: ClaimedRun,
        _ progress: SyncProgress,
        _ summary: RunSummary,
        replacing repeated: (level: Level, ids: [String])? = nil
    ) throws {
        try connection.transaction {
            // What is lost with a crash of the server is fetched again; nothing has to wait for the disk.
            try connection.execute("SET LOCAL synchronous_commit = off")
            if let repeated { try unstage(repeated.ids, of: repeated.level, run.account.id) }
            try copy(rows, run.account.id)
            try stageGaps(rows.gaps, list, run.account.id)
            try connection.execute(
                """
                INSERT INTO staged_lists (ad_account_id, list, request, basis, began_at, cursor, rows, total,
                                          is_complete, latest_update, left_out, damaged)
                VALUES (\(run.account.id)::uuid, \(list.rawValue), \(state.request), \(state.basis),
                        \(state.beganAt.description)::timestamptz, \(state.cursor), \(state.rows)::int,
                        \(state.total)::int, \(state.isComplete)::boolean,
                        \(state.latestUpdate?.description)::timestamptz, \(state.leftOut)::int,
                        \(state.damaged)::int)
                ON CONFLICT (ad_account_id, list) DO UPDATE SET request = excluded.request, basis = excluded.basis,
                    began_at = excluded.began_at, cursor = excluded.cursor, rows = excluded.rows,
                    total = excluded.total, is_complete = excluded.is_complete,
                    latest_update = excluded.latest_update, left_out = excluded.left_out, damaged = excluded.damaged,
                    touched_at = now()
                """
            )
            try note(progress, summary, of: run, progressed: true)
        }
    }

    /// Throws away what is staged of a list.
    package func dropStaged(_ list: SyncList, of account: AdAccount.ID) throws {
        try connection.transaction {
            try connection.execute("SET LOCAL synchronous_commit = off")
            try deleteStaged(list, of: account)
        }
    }

    func deleteStaged(_ list: SyncList, of account: AdAccount.ID) throws {
        switch list {
        case .campaigns, .adSets, .ads:
            let level = Level.allCases.first { SyncList.objects($0) == list } ?? .ad
            try connection.execute(
                "DELETE FROM \(raw: Mirror.of(level).staging) WHERE ad_account_id = \(account)::uuid"
            )
        case .campaignTotals, .adSetTotals, .adTotals:
            let level = Level.allCases.first { SyncList.totals($0) == list } ?? .ad
            try connection.execute(
                "DELETE FROM staged_totals WHERE ad_account_id = \(account)::uuid AND level = \(level.rawValue)"
            )
        case .accountDays:
            return  // comes with one call, and waits for nothing
        case .recentDays, .history:
            try connection.execute(
                "DELETE FROM staged_days WHERE ad_account_id = \(account)::uuid AND list = \(list.rawValue)"
            )
        }
        try connection.execute(
            "DELETE FROM staged_gaps WHERE ad_account_id = \(account)::uuid AND list = \(list.rawValue)"
        )
        try connection.execute(
            "DELETE FROM staged_lists WHERE ad_account_id = \(account)::uuid AND list = \(list.rawValue)"
        )
    }

    func stageGaps(_ gaps: [(id: String, gaps: Gaps)], _ list: SyncList, _ account: AdAccount.ID) throws {
        guard !gaps.isEmpty else { return }
        try connection.copy(
            into: "staged_gaps (ad_account_id, list, id, unknown, damaged)",
            rows: gaps.lazy.map {
                [
                    account.rawValue, list.rawValue, $0.id, TextArray($0.gaps.unknown).queryText,
                    TextArray($0.gaps.damaged).queryText,
                ]
            }
        )
    }

    func copy(_ rows: StagedRows, _ account: AdAccount.ID) throws {
        let id = account.rawValue
        switch rows {
        case .objects(let level, let objects):
            try connection.copy(
                into: "\(Mirror.of(level).staging) (\(Self.columns(of: level)))",
                rows: objects.lazy.map { Self.fields($0, id) }
            )
        case .totals(let level, let totals):
            try connection.copy(
                into: "staged_totals (ad_account_id, level, id, \(Metric.all.columns()))",
                rows: totals.lazy.map { [id, level.rawValue, $0.objectID] + Metric.all.texts($0.results) }
            )
        case .days(let list, let days):
            try connection.copy(
                into: """
                    staged_days (ad_account_id, list, day, ad_id, ad_set_id, campaign_id, actions, action_values, \
                    \(Metric.ofAdDays.columns()))
                    """,
                rows: days.lazy.map {
                    [
                        id, list.rawValue, $0.day.description, $0.adID, $0.adSetID, $0.campaignID, $0.actions,
                        $0.actionValues,
                    ] + Metric.ofAdDays.texts($0.results)
                }
            )
        }
    }

    /// The columns of the staging tables, in the order of the `fields` below.
    private static func columns(of level: Level) -> String {
        switch level {
        case .campaign:
            """
            ad_account_id, id, name, status, effective_status, objective, daily_budget, lifetime_budget, bid_strategy, \
            starts_at, ends_at, created_at, updated_at, issues, budget_remaining
            """
        case .adSet:
            """
            ad_account_id, id, campaign_id, name, status, effective_status, optimization_goal, daily_budget, \
            lifetime_budget, bid_strategy, bid_amount, starts_at, ends_at, created_at, updated_at, issues, \
            budget_remaining, learning
            """
        case .ad:
            """
            ad_account_id, id, ad_set_id, campaign_id, name, status, effective_status, format, created_at, updated_at, \
            issues, review_feedback, creative_id
            """
        }
    }

    private static func fields(_ object: MirroredObject, _ account: String) -> [String?] {
        switch object {
        case .campaign(let campaign): fields(campaign, account)
        case .adSet(let adSet): fields(adSet, account)
        case .ad(let ad): fields(ad, account)
        }
    }

    private static func fields(_ campaign: Campaign, _ account: String) -> [String?] {
        [
            account, campaign.id, campaign.name, campaign.status, campaign.effectiveStatus, campaign.objective,
            campaign.dailyBudget?.description, campaign.lifetimeBudget?.description, campaign.bidStrategy,
            campaign.startsAt?.description, campaign.endsAt?.description, campaign.createdAt?.description,
            campaign.updatedAt?.description, campaign.issues, campaign.budgetRemaining?.description,
        ]
    }

    private static func fields(_ adSet: AdSet, _ account: String) -> [String?] {
        [
            account, adSet.id, adSet.campaignID, adSet.name, adSet.status, adSet.effectiveStatus,
            adSet.optimizationGoal, adSet.dailyBudget?.description, adSet.lifetimeBudget?.description,
            adSet.bidStrategy, adSet.bidAmount?.description, adSet.startsAt?.description, adSet.endsAt?.description,
            adSet.createdAt?.description, adSet.updatedAt?.description, adSet.issues,
            adSet.budgetRemaining?.description, adSet.learning,
        ]
    }

    private static func fields(_ ad: Ad, _ account: String) -> [String?] {
        [
            account, ad.id, ad.adSetID, ad.campaignID, ad.name, ad.status, ad.effectiveStatus, ad.format,
            ad.createdAt?.description, ad.updatedAt?.description, ad.issues, ad.reviewFeedback, ad.creativeID,
        ]
    }
}
