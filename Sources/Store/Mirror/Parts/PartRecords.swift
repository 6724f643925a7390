package import Model
internal import Postgres

// What is remembered about each part of an account: when it was stored, its days, and why it could not be read.

/// The stored totals of a level.
struct KnownTotals {
    /// The days that they cover; `nil` when there are none.
    var days: DayRange?
    /// Whether an object without totals had nothing.
    var areWhole = false
    /// Campaigns whose objects have no totals.
    var missingCampaigns: [String] = []
}

extension Store {
    /// The ids of the account's campaigns, including those that wait for their commit.
    package func campaignIDs(of account: AdAccount.ID) throws -> [String] {
        try connection.rows(
            """
            SELECT facebook_campaign_id FROM campaigns WHERE ad_account_id = \(account)::uuid
            UNION SELECT id FROM staged_campaigns WHERE ad_account_id = \(account)::uuid ORDER BY 1
            """
        ) { try $0.text(0) }
    }

    /// Records that a part was stored. Its last failure is forgotten, unless it fails in the same commit.
    func recordStored(_ list: SyncList, days: DayRange? = nil, of account: AdAccount.ID) throws {
        try connection.execute(
            """
            INSERT INTO sync_lists AS l (ad_account_id, list, synced_at, since, until)
            VALUES (\(account)::uuid, \(list.rawValue), now(), \(days?.since)::date, \(days?.until)::date)
            ON CONFLICT (ad_account_id, list) DO UPDATE SET synced_at = now(), error = NULL, failed_at = NULL,
                failures = 0, since = coalesce(excluded.since, l.since), until = coalesce(excluded.until, l.until)
            """
        )
    }

    /// Records which totals a level has now.
    /// - Parameters:
    ///   - isSettled: another reading of the same days would bring nothing else.
    ///   - doubt: why they may not be all.
    func recordTotals(
        _ level: Level,
        _ totals: ReadTotals,
        isSettled: Bool,
        doubt: String?,
        of account: AdAccount.ID
    ) throws {
        let list = SyncList.totals(level)
        let missing = TextArray(totals.missingCampaigns.sorted())
        try connection.execute(
            """
            INSERT INTO sync_lists (ad_account_id, list) VALUES (\(account)::uuid, \(list.rawValue))
            ON CONFLICT (ad_account_id, list) DO NOTHING
            """
        )
        try connection.execute(
            """
            UPDATE sync_lists SET synced_at = now(), since = \(totals.days.since)::date,
                until = \(totals.days.until)::date, missing_campaigns = \(missing)::text[],
                is_damaged = \(totals.isDamaged)::boolean, doubt = \(doubt),
                attempts = CASE WHEN \(isSettled)::boolean THEN 0 WHEN basis = \(totals.basis) THEN attempts + 1 ELSE 1 END,
                basis = \(totals.basis)
            WHERE ad_account_id = \(account)::uuid AND list = \(list.rawValue)
            """
        )
        guard totals.missingCampaigns.isEmpty else { return }
        try recordStored(list, of: account)
    }

    /// Records which days of the account were read, and why some of them may not be all.
    /// - Returns: whether another day has ended since the last reading.
    func recordAccountDays(_ reading: ReadAccountDays, of account: AdAccount.ID) throws -> Bool {
        let list = SyncList.accountDays
        let lastDay = try connection.firstRow(
            "SELECT until FROM sync_lists WHERE ad_account_id = \(account)::uuid AND list = \(list.rawValue)"
        ) { $0.optionalText(0).flatMap { Day($0) } }
        try recordStored(list, days: reading.range, of: account)
        try connection.execute(
            """
            UPDATE sync_lists SET doubt = \(reading.doubt),
                attempts = CASE WHEN \(reading.doubt == nil)::boolean THEN 0 ELSE attempts + 1 END
            WHERE ad_account_id = \(account)::uuid AND list = \(list.rawValue)
            """
        )
        return lastDay != reading.range?.until
    }

    /// Records why a part, or some of it, could not be read. What is stored of it stays.
    func recordFailure(_ error: String, of list: SyncList, _ account: AdAccount.ID) throws {
        try connection.execute(
            """
            INSERT INTO sync_lists AS l (ad_account_id, list, error, failed_at, failures)
            VALUES (\(account)::uuid, \(list.rawValue), \(error), now(), 1)
            ON CONFLICT (ad_account_id, list) DO UPDATE SET error = excluded.error, failed_at = now(),
                failures = l.failures + 1
            """
        )
    }

    /// Reads what is stored of a level's totals.
    func knownTotals(of level: Level, _ account: AdAccount.ID) throws -> KnownTotals {
        try connection.firstRow(
            """
            SELECT since, until, since IS NOT NULL AND NOT is_damaged AND doubt IS NULL,
                   array_to_string(missing_campaigns, ',')
            FROM sync_lists WHERE ad_account_id = \(account)::uuid AND list = \(SyncList.totals(level).rawValue)
            """
        ) { row in
            var known = KnownTotals()
            if let since = row.optionalText(0).flatMap({ Day($0) }),
                let until = row.optionalText(1).flatMap({ Day($0) })
            {
                known.days = DayRange(since: since, until: until)
            }
            known.areWhole = try row.boolean(2)
            known.missingCampaigns = try row.text(3).split(separator: ",").map(String.init)
            return known
        } ?? KnownTotals()
    }

    /// The days that a level's totals cover; SQL of `ad_accounts a`. A level whose totals were never read has none.
    static func totalsDay(_ column: String, of level: Level) -> String {
        let lists = "FROM sync_lists l WHERE l.ad_account_id = a.id AND l.list = '\(SyncList.totals(level).rawValue)'"
        let fallback = column == "since" ? "a.metrics_since" : "a.metrics_until"
        return "CASE WHEN EXISTS (SELECT \(lists)) THEN (SELECT l.\(column) \(lists)) ELSE \(fallback) END"
    }

    /// Describes the parts of the account that could not be read, in one text; NULL if there are none. SQL about
    /// `ad_accounts a`. Only the last three days count: older ones are reported as missing.
    static let partErrors = """
        (SELECT string_agg(DISTINCT e.error, ' ') FROM (
             SELECT l.error FROM sync_lists l WHERE l.ad_account_id = a.id AND l.error IS NOT NULL
             UNION ALL
             SELECT d.error FROM insights_days d WHERE d.ad_account_id = a.id AND d.error IS NOT NULL
                 AND d.state IS DISTINCT FROM 'complete'
                 AND d.day > (SELECT max(n.day) - 3 FROM insights_days n WHERE n.ad_account_id = a.id)
         ) e)
        """
}
