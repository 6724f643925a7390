import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// Days that were stored by a release without columns for their results.
@Suite struct FillTests {
    let shop: ShopDays

    init() throws {
        shop = try ShopDays()
        #expect(try shop.sample.sync() == .done)
    }

    /// Makes all days of ads look as that release left them.
    private func forget(_ columns: [String]) throws {
        try shop.connection.execute(
            "UPDATE insights_daily SET \(raw: columns.map { "\($0) = NULL" }.joined(separator: ", "))"
        )
        try shop.connection.execute(
            "INSERT INTO unfilled_days (ad_account_id, day) SELECT ad_account_id, max(day) FROM insights_daily GROUP BY 1"
        )
    }

    private func fill(most: Int) throws -> Int {
        let store = try shop.sample.database.store()
        var steps = 0
        while try store.fillDay(most: most) { steps += 1 }
        return steps
    }

    @Test(
        "what comes from actions is derived from those that are stored, in steps that can stop anywhere",
        arguments: [3, 5000]
    )
    func derived(most: Int) throws {
        let before = try shop.stored()
        let rows = before.count
        let version = "SELECT insights_version FROM ad_accounts"
        let old = try shop.connection.integer(Query(raw: version))
        try forget(Array(FacebookResults.derived))
        #expect(try shop.stored() != before)

        let steps = try fill(most: most)
        #expect(try shop.stored() == before)
        #expect(steps >= max(90, rows / most))
        #expect(try shop.connection.integer("SELECT count(*) FROM unfilled_days") == 0)
        #expect(try shop.connection.integer(Query(raw: version)) ?? 0 > old ?? 0)
    }

    @Test(
        "a row that was read since keeps what it has, one without readable actions stays unknown, one with none had nothing"
    )
    func kept() throws {
        try forget(Array(FacebookResults.derived))
        let connection = shop.connection
        let ids = try connection.rows(
            "SELECT facebook_ad_id FROM insights_daily WHERE day = (SELECT max(day) FROM insights_daily) ORDER BY 1 LIMIT 4"
        ) { try $0.text(0) }
        let change = { (id: String, change: String) in
            let changed = try connection.execute(
                """
                UPDATE insights_daily SET \(raw: change)
                WHERE facebook_ad_id = \(id) AND day = (SELECT max(day) FROM insights_daily)
                """
            )
            #expect(changed == 1)
        }
        try change(ids[0], "leads = 77")
        try change(ids[1], "actions = NULL, engagement = NULL")
        try change(ids[2], "actions = NULL, engagement = 0")
        try change(ids[3], #"actions = '[{"action_type":"lead","value":"2.5"},{"action_type":"post","value":"x"}]'"#)
        // On a damaged day, actions may be missing because they could not be read.
        let damaged = "(SELECT max(day) - 1 FROM insights_daily)"
        try connection.execute("UPDATE insights_days SET is_damaged = true WHERE day = \(raw: damaged)")
        try connection.execute("UPDATE insights_daily SET actions = NULL, engagement = 0 WHERE day = \(raw: damaged)")
        _ = try fill(most: 5000)
        #expect(
            try connection.integer(
                "SELECT count(*) FROM insights_daily WHERE day = \(raw: damaged) AND num_nonnulls(leads, shares) > 0"
            ) == 0
        )
        let stored = try connection.rows(
            """
            SELECT concat_ws(' ', coalesce(leads::text, '?'), coalesce(shares::text, '?')) FROM insights_daily
            WHERE day = (SELECT max(day) FROM insights_daily) ORDER BY facebook_ad_id LIMIT 4
            """
        ) { try $0.text(0) }
        #expect(stored == ["77 ?", "? ?", "0 0", "? ?"])
    }

    @Test("the first type that is there counts: types of one event are never added up")
    func firstType() throws {
        try forget(Array(FacebookResults.derived))
        let actions = #"""
            [{"action_type":"offsite_conversion.fb_pixel_lead","value":"7"},
             {"action_type":"onsite_conversion.lead_grouped","value":"4"},
             {"action_type":"add_to_cart","value":"3"},{"action_type":"add_to_cart","value":"2"},
             {"action_type":"offsite_conversion.fb_pixel_add_to_cart","value":"9"}]
            """#
        try shop.connection.execute("UPDATE insights_daily SET actions = \(actions)::jsonb")
        _ = try fill(most: 5000)
        let stored = try shop.connection.rows(
            "SELECT DISTINCT concat_ws(' ', leads, add_to_cart, view_content) FROM insights_daily"
        ) { try $0.text(0) }
        #expect(stored == ["4 5 0"])
    }

    @Test("a sync child fills the days, and the status says which are left")
    func child() throws {
        try forget(Array(FacebookResults.derived))
        let store = try shop.sample.database.store()
        let account = shop.sample.account
        let range = try shop.range()
        let left = try store.syncParts(of: account).adDays.unfilled
        #expect(left?.until.description == range.until)
        _ = try store.fillDay()
        #expect(try store.syncParts(of: account).adDays.unfilled.map { $0.until < left?.until ?? $0.until } == true)
        let worker = SyncWorker(
            store: store,
            engine: SyncEngine(
                store: store,
                makeClient: { _ in shop.sample.client() },
                now: { Sample.now },
                isStopping: { false },
                report: { _ in }
            ),
            host: "test",
            slots: 1,
            historyBudget: 60,
            now: { Sample.now },
            pause: { _ in },
            isStopping: { false }
        )
        #expect(try worker.work(first: nil) == .worked([]))
        #expect(try store.syncParts(of: account).adDays.unfilled == nil)
    }
}
