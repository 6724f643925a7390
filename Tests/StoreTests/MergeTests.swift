import Model
import Postgres
import Store
import TestSupport
import Testing

@Suite struct MergeTests {
    let sample: Sample
    let store: Store
    let connection: Connection

    init() throws {
        sample = try Sample()
        sample.order(#"{"fault":"freeze"}"#)
        store = sample.store
        connection = sample.database.connect()
    }

    private func versions() throws -> [Int] {
        try connection.firstRow(
            "SELECT campaigns_version, ad_groups_version, creatives_version FROM ad_accounts"
        ) { [try $0.integer(0), try $0.integer(1), try $0.integer(2)] } ?? []
    }

    private func contents() throws -> [String] {
        try ["campaigns", "ad_groups", "creatives"].flatMap { table in
            try connection.rows(
                "SELECT (to_jsonb(t) - 'last_synced_at' - 'id')::text FROM \(raw: table) t ORDER BY 1"
            ) { try $0.text(0) }
        }
    }

    /// Does a run with these objects instead of Facebook's.
    @discardableResult
    private func sync(
        campaigns: [[Campaign]] = [],
        metrics: [[ObjectTotals]] = [],
        days: DayRange = DayRange(since: Day(daysSince1970: 20_000), until: Day(daysSince1970: 20_029))
    ) throws -> RunSummary {
        _ = try store.requestSync(of: sample.account, trigger: .manual, isForced: true, interval: 600)
        let run = try #require(try store.claimRun(of: sample.account))
        try stage(campaigns, metrics, run)
        let summary = try commit(run, days)
        try store.finish(run, summary)
        try store.release(run)
        return summary
    }

    private func stage(_ campaigns: [[Campaign]], _ metrics: [[ObjectTotals]], _ run: ClaimedRun) throws {
        let state = SyncMemory.Staged(request: "all", basis: nil, beganAt: Timestamp(seconds: 1_700_000_000))
        for page in campaigns {
            let rows = StagedRows.objects(.campaign, page.map(MirroredObject.campaign))
            try store.stage(rows, state, of: .campaigns, run, SyncProgress(phase: .campaigns), RunSummary())
        }
        for page in metrics {
            let rows = StagedRows.totals(.campaign, page)
            try store.stage(rows, state, of: .campaignTotals, run, SyncProgress(phase: .insights), RunSummary())
        }
    }

    private func commit(_ run: ClaimedRun, _ days: DayRange) throws -> RunSummary {
        var readings = ReadParts()
        // As an incremental reading: a missing object does not count as deleted.
        for level in Level.allCases { readings.objects[level] = ReadObjects(listedAt: nil, watermark: nil) }
        for level in Level.allCases {
            readings.totals[level] = ReadTotals(days: days, basis: "", balance: { _ in .even })
        }
        return try store.commit(readings, of: run, RunSummary(), retention: 90)
    }

    private func campaign(_ id: String, _ name: String, updated: Int = 1_700_000_000) -> Campaign {
        Campaign(
            id: id,
            name: name,
            status: "ACTIVE",
            effectiveStatus: "ACTIVE",
            objective: nil,
            dailyBudget: Amount(decimal: "12.5"),
            lifetimeBudget: nil,
            bidStrategy: nil,
            startsAt: nil,
            endsAt: nil,
            createdAt: Timestamp(seconds: 1_600_000_000),
            updatedAt: Timestamp(seconds: updated)
        )
    }

    private func metrics(_ id: String, spent: String, impressions: Int, clicks: Int) throws -> ObjectTotals {
        var results = Results.nothing
        results[.spend] = .amount(try #require(Amount(decimal: spent)))
        results[.impressions] = .count(impressions)
        results[.clicks] = .count(clicks)
        return ObjectTotals(objectID: id, results: results)
    }

    @Test("a sync without changes changes no row and no version, and confirms every row")
    func unchanged() throws {
        #expect(try sample.sync() == .done)
        let before = (try versions(), try contents())
        #expect(before.1.count == 86)
        for table in ["ad_accounts", "campaigns", "ad_groups", "creatives"] {
            try connection.execute("UPDATE \(raw: table) SET last_synced_at = now() - interval '1 day'")
        }
        #expect(try sample.sync() == .done)
        #expect(try versions() == before.0)
        #expect(try contents() == before.1)
        for table in ["ad_accounts", "campaigns", "ad_groups", "creatives"] {
            let old = try connection.integer(
                "SELECT count(*) FROM \(raw: table) WHERE last_synced_at < now() - interval '1 hour'"
            )
            #expect(old == 0, "\(table)")
        }
        let changed = try connection.rows("SELECT rows_changed FROM sync_runs ORDER BY requested_at") {
            try $0.integer(0)
        }
        #expect(changed == [86, 0])
    }

    @Test(
        "a new name raises the version of its table and of the tables that show it",
        arguments: [
            ("campaigns", "facebook_campaign_id", [1, 1, 1]), ("ad_groups", "facebook_ad_set_id", [0, 1, 1]),
            ("creatives", "facebook_ad_id", [0, 0, 1]),
        ]
    )
    func renamed(_ table: String, _ key: String, _ raised: [Int]) throws {
        try sample.sync()
        let before = try versions()
        let id = try #require(try connection.text("SELECT \(raw: key) FROM \(raw: table) ORDER BY 1 LIMIT 1"))
        sample.order(#"{"fault":"rename","id":"\#(id)","name":"A new name"}"#)
        try sample.sync()
        #expect(try zip(before, versions()).map { $0 < $1 ? 1 : 0 } == raised)
        #expect(try connection.text("SELECT name FROM \(raw: table) WHERE \(raw: key) = \(id)") == "A new name")
        #expect(try connection.integer("SELECT count(*) FROM \(raw: table) WHERE name = 'A new name'") == 1)
    }

    @Test("an object that was on two pages is stored once, in its last state")
    func twoPages() throws {
        let summary = try sync(campaigns: [
            [campaign("1", "Old", updated: 1_700_000_000), campaign("2", "Two")],
            [campaign("1", "New", updated: 1_700_000_001)],
        ])
        #expect(summary.rowsChanged == 2)
        let names = try connection.rows("SELECT name FROM campaigns ORDER BY facebook_campaign_id") { try $0.text(0) }
        #expect(names == ["New", "Two"])
    }

    @Test("without metrics the sums are 0 and the ratios NULL; with metrics they are computed")
    func ratios() throws {
        try sync(
            campaigns: [[campaign("1", "With"), campaign("2", "Without"), campaign("3", "Seen, not clicked")]],
            metrics: [
                [try metrics("1", spent: "10.5", impressions: 3000, clicks: 7)],
                [
                    try metrics("1", spent: "10.5", impressions: 3000, clicks: 7),
                    try metrics("3", spent: "1", impressions: 10, clicks: 0),
                ],
            ]
        )
        let rows = try connection.rows(
            """
            SELECT concat_ws(' ', spent, impressions, clicks, conversions, coalesce(reach::text, '-'),
                coalesce(ctr::text, '-'), coalesce(cpc::text, '-'), coalesce(cpm::text, '-'),
                coalesce(cost_per_conversion::text, '-'), coalesce(frequency::text, '-'))
            FROM campaigns ORDER BY facebook_campaign_id
            """
        ) { try $0.text(0) }
        #expect(rows == ["10.5 3000 7 0 - 0.233333 1.5 3.5 - -", "0 0 0 0 0 - - - - -", "1 10 0 0 - 0 - 100 - -"])
    }

    @Test("delivery that ended becomes zero")
    func zeroAgain() throws {
        try sync(
            campaigns: [[campaign("1", "One")]],
            metrics: [[try metrics("1", spent: "1", impressions: 1, clicks: 1)]]
        )
        #expect(try sync(campaigns: [[campaign("1", "One")]]).rowsChanged == 1)
        #expect(try connection.text("SELECT spent::text || ctr IS NULL FROM campaigns") == "t")
        #expect(try connection.integer("SELECT spent FROM campaigns") == 0)
    }

    @Test("another range of days raises every version, even with the same numbers")
    func otherDays() throws {
        try sync(campaigns: [[campaign("1", "One")]])
        let before = try versions()
        try sync(campaigns: [[campaign("1", "One")]])
        #expect(try versions() == before)
        try sync(
            campaigns: [[campaign("1", "One")]],
            days: DayRange(since: Day(daysSince1970: 20_001), until: Day(daysSince1970: 20_030))
        )
        #expect(try zip(before, versions()).allSatisfy { $0 < $1 })
    }

    @Test("money keeps every decimal place, however large")
    func money() throws {
        try sync(
            campaigns: [[campaign("1", "One")]],
            metrics: [[try metrics("1", spent: "9007199254740.993", impressions: Int.max, clicks: 1)]]
        )
        #expect(try connection.text("SELECT spent FROM campaigns") == "9007199254740.993")
        #expect(try connection.integer("SELECT impressions FROM campaigns") == Int.max)
    }

    @Test("a run that another process has closed stores nothing")
    func closedByAnother() throws {
        _ = try store.requestSync(of: sample.account, trigger: .manual, isForced: true, interval: 600)
        let run = try #require(try store.claimRun(of: sample.account))
        try stage([[campaign("1", "One")]], [], run)
        try connection.execute("UPDATE sync_runs SET finished_at = now(), outcome = 'interrupted'")
        let days = DayRange.lastThirtyDays(until: Day(daysSince1970: 20_000))
        #expect(throws: PostgresError.self) { try commit(run, days) }
        #expect(try connection.integer("SELECT count(*) FROM campaigns") == 0)
        #expect(try connection.text("SELECT last_synced_at FROM ad_accounts") == nil)
    }

    @Test("an object of another account is not taken over and raises no version")
    func otherAccount() throws {
        let other = try store.addAdAccount(facebookID: "42", name: "Other", token: StoredToken(bytes: [1], keyID: "k"))
        try sync(campaigns: [[campaign("1", "One")]])
        try connection.execute("UPDATE campaigns SET ad_account_id = \(other.rawValue)::uuid, name = 'Theirs'")
        let before = try connection.integer("SELECT campaigns_version FROM ad_accounts WHERE name = 'Sample'")
        let summary = try sync(campaigns: [[campaign("1", "One")]])
        #expect(try connection.text("SELECT name FROM campaigns") == "Theirs")
        let after = try connection.integer("SELECT campaigns_version FROM ad_accounts WHERE name = 'Sample'")
        #expect(summary.rowsChanged == 0)
        #expect(after == before)
    }
}
