package import Model
internal import Postgres

/// The parts of an account, with their ages and gaps.
package struct SyncParts: Sendable, Equatable {
    /// A list of objects.
    package struct Part: Sendable, Equatable {
        /// When it was last stored, RFC 3339; `nil` for never.
        package var syncedAt: String?
        /// Why the last attempt failed, at least in part.
        package var error: String?

        package init(syncedAt: String? = nil, error: String? = nil) {
            self.syncedAt = syncedAt
            self.error = error
        }
    }

    /// Totals of a level, or the account's days.
    package struct Results: Sendable, Equatable {
        package var part = Part()
        /// The days that they cover.
        package var days: DayRange?
        /// Campaigns whose objects have no totals, because Facebook did not return them.
        package var missingCampaigns: [String] = []

        package init() {}
    }

    /// The days of ads.
    package struct AdDays: Sendable, Equatable {
        package var part = Part()
        /// The first and the last day that is held.
        package var days: DayRange?
        /// Newest first.
        package var missing: [MissingDays] = []
        /// The days whose newer metrics are still to be derived from the actions that are stored with them.
        package var unfilled: DayRange?

        package init() {}
    }

    /// Days in a row that lack the same.
    package struct MissingDays: Sendable, Equatable {
        package enum State: String, Sendable, CaseIterable {
            /// The ads of these days were never read.
            case unread
            /// They were read, and do not add up to what the account had: they are older, or some are missing.
            case partial
        }

        package var days: DayRange
        package var state: State
        package var error: String?
        /// The campaigns that could not be read; none when it is all or unknown.
        package var campaigns: [String]
    }

    package var objects: [Level: Part] = [:]
    package var totals: [Level: Results] = [:]
    package var accountDays = Results()
    package var adDays = AdDays()

    package init() {}

    /// Whether everything is there.
    package var isComplete: Bool {
        let errors = objects.values.map(\.error) + totals.values.map(\.part.error) + [accountDays.part.error]
        return errors.allSatisfy { $0 == nil } && adDays.missing.isEmpty
    }
}

extension Store {
    package func syncParts(of account: AdAccount.ID) throws -> SyncParts {
        var parts = SyncParts()
        for level in Level.allCases {
            parts.objects[level] = SyncParts.Part()
            parts.totals[level] = SyncParts.Results()
        }
        try connection.forEachRow(
            """
            SELECT list, synced_at, coalesce(error, \(raw: Self.damage), doubt), since, until,
                   array_to_string(missing_campaigns, ',')
            FROM sync_lists WHERE ad_account_id = \(account)::uuid
            """
        ) { row in
            let part = SyncParts.Part(syncedAt: row.optionalTimestamp(1), error: row.optionalText(2))
            var results = SyncParts.Results()
            results.part = part
            results.days = Self.range(row, 3)
            results.missingCampaigns = try row.text(5).split(separator: ",").map(String.init)
            switch SyncList(rawValue: try row.text(0)) {
            case .campaigns: parts.objects[.campaign] = part
            case .adSets: parts.objects[.adSet] = part
            case .ads: parts.objects[.ad] = part
            case .campaignTotals: parts.totals[.campaign] = results
            case .adSetTotals: parts.totals[.adSet] = results
            case .adTotals: parts.totals[.ad] = results
            case .accountDays: parts.accountDays = results
            case .recentDays, .history, nil: break
            }
        }
        for (level, count) in try unlistedObjects(of: account) where parts.objects[level]?.error == nil {
            parts.objects[level]?.error = """
                Facebook returned results of \(count) of the account's \(level.plural) that it has not listed. The next \
                listing of all \(level.plural) asks for them again.
                """
        }
        parts.adDays = try adDays(of: account, within: parts.accountDays.days)
        return parts
    }

    /// - Parameter days: The days that syncs read; older ones stay unchanged.
    private func adDays(of account: AdAccount.ID, within days: DayRange?) throws -> SyncParts.AdDays {
        var adDays = SyncParts.AdDays()
        try connection.forEachRow(
            """
            SELECT max(read_at), min(day) FILTER (WHERE state IS NOT NULL), max(day) FILTER (WHERE state IS NOT NULL)
            FROM insights_days WHERE ad_account_id = \(account)::uuid
            """
        ) { row in
            adDays.part.syncedAt = row.optionalTimestamp(0)
            adDays.days = Self.range(row, 1)
        }
        // Days that follow one another and lack the same have the same distance to their number.
        adDays.missing = try connection.rows(
            """
            SELECT min(day), max(day), state, error, campaigns FROM (
                SELECT day, state, error, campaigns,
                       day - (row_number() OVER (PARTITION BY state, error, campaigns ORDER BY day))::int AS island
                FROM (
                    SELECT day, CASE WHEN state IS NULL THEN 'unread' ELSE 'partial' END AS state,
                           coalesce(error, \(raw: Self.damage)) AS error,
                           array_to_string(missing_campaigns, ',') AS campaigns
                    FROM insights_days
                    WHERE ad_account_id = \(account)::uuid AND state IS DISTINCT FROM 'complete'
                      AND \(raw: Metric.additive.mayBeSomething)
                      AND (\(days?.since)::date IS NULL OR day >= \(days?.since)::date)
                ) d
            ) i
            GROUP BY state, error, campaigns, island ORDER BY 2 DESC
            """
        ) { row in
            SyncParts.MissingDays(
                days: Self.range(row, 0) ?? DayRange(since: Day(daysSince1970: 0), until: Day(daysSince1970: 0)),
                state: SyncParts.MissingDays.State(rawValue: try row.text(2)) ?? .unread,
                error: row.optionalText(3),
                campaigns: try row.text(4).split(separator: ",").map(String.init)
            )
        }
        adDays.part.error = adDays.missing.lazy.compactMap(\.error).first
        adDays.unfilled = try unfilledDays(of: account)
        return adDays
    }

    /// Why something that was read is incomplete all the same.
    private static let damage =
        "CASE WHEN is_damaged THEN 'Facebook sent values that cannot be read. The next sync reads them again.' END"

    private static func range(_ row: borrowing Row, _ start: Int) -> DayRange? {
        guard let since = row.optionalText(start).flatMap({ Day($0) }),
            let until = row.optionalText(start + 1).flatMap({ Day($0) })
        else { return nil }
        return DayRange(since: since, until: until)
    }
}
