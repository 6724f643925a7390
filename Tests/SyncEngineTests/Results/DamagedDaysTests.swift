import Foundation
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// Days of ads whose rows Facebook omits, damages, or returns without a field.
@Suite struct DamagedDaysTests {
    let shop: ShopDays
    private var sample: Sample { shop.sample }
    private var connection: Connection { shop.connection }

    init() throws {
        shop = try ShopDays()
    }

    @Test(
        "an ad's days keep its ad set and campaign even if a row does not name them",
        arguments: [true, false]
    )
    func parents(isAbsent: Bool) throws {
        sample.settings.historyDays = 30
        let client = shop.client { level, row in
            var row = row
            if level == "ad" { (row["adset_id"], row["campaign_id"]) = isAbsent ? (nil, nil) : ("x", ["1"]) }
            return row
        }
        #expect(try sample.sync(client: client) == .done)
        let (since, until) = try shop.range()
        #expect(try shop.stored() == shop.expected(since: since, until: until))
        #expect(try strays() == 0)
        #expect(try shop.states().contains { $0.hasPrefix("partial") })
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try shop.states() == ["complete 30"])
    }

    /// Rows of days with another ad set or campaign than their ad's.
    private func strays() throws -> Int? {
        try connection.integer(
            """
            SELECT count(*) FROM insights_daily d LEFT JOIN creatives c USING (facebook_ad_id)
            WHERE (d.facebook_ad_set_id, d.facebook_campaign_id)
                IS DISTINCT FROM (c.facebook_ad_set_id, c.facebook_campaign_id)
            """
        )
    }

    @Test("a wrong ad set or campaign in a day's row is corrected when the day is read again, with the same numbers")
    func wrongParents() throws {
        // A forced sync rereads all days that Facebook may still correct.
        sample.settings.historyDays = 28
        let client = shop.client { level, row in
            var row = row
            if level == "ad" { (row["adset_id"], row["campaign_id"]) = ("5", "6") }
            return row
        }
        #expect(try sample.sync(client: client) == .done)
        #expect(try strays() ?? 0 > 100)
        #expect(try sample.sync() == .done)
        #expect(try strays() == 0)
    }

    @Test("an unreadable value keeps no row that Facebook has withdrawn")
    func withdrawnBesideDamage() throws {
        sample.settings.historyDays = 30
        #expect(try sample.sync() == .done)
        let day = try #require(try connection.text("SELECT max(day) - 1 FROM insights_days"))
        let ads = try connection.rows(
            """
            SELECT facebook_ad_id, spent, impressions, clicks FROM insights_daily WHERE day = \(day)::date
            ORDER BY facebook_ad_id LIMIT 2
            """
        ) { (id: try $0.text(0), spent: try $0.text(1), impressions: try $0.integer(2), clicks: try $0.integer(3)) }
        let (damaged, withdrawn) = (ads[0], ads[1])
        let client = shop.client { level, row in
            guard row["date_start"] as? String == day else { return row }
            var row = row
            if level == "account" {
                let less = { (name: String, part: Int) in "\((Int(row[name] as? String ?? "") ?? 0) - part)" }
                row["impressions"] = less("impressions", withdrawn.impressions)
                row["clicks"] = less("clicks", withdrawn.clicks)
                let spend = Decimal(string: row["spend"] as? String ?? "") ?? 0
                row["spend"] = "\(spend - (Decimal(string: withdrawn.spent) ?? 0))"
            }
            if row["ad_id"] as? String == damaged.id { row["spend"] = "-1" }
            return row["ad_id"] as? String == withdrawn.id ? nil : row
        }
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false, client: client) == .done)
        let left = try connection.rows(
            """
            SELECT facebook_ad_id || ' ' || coalesce(spent::text, 'unknown') FROM insights_daily
            WHERE day = \(day)::date AND facebook_ad_id = ANY (\(TextArray(ads.map(\.id)))::text[])
            """
        ) { try $0.text(0) }
        #expect(left == ["\(damaged.id) unknown"])
    }

    @Test("an ad whose row Facebook omits keeps its stored day, and without one the day lacks rows")
    func lostRow() throws {
        sample.settings.historyDays = 30
        var loses = true
        let client = shop.client { level, row in
            loses && level == "ad" && (Int(row["ad_id"] as? String ?? "") ?? 0) % 3 == 0 ? nil : row
        }
        let lacking = "SELECT count(*) FROM insights_days WHERE lacks_rows"
        #expect(try sample.sync(client: client) == .done)
        #expect(try connection.integer("\(raw: lacking)") ?? 0 > 20)
        loses = false
        #expect(try sample.sync(client: client) == .done)
        #expect(try connection.integer("\(raw: lacking)") == 0)
        let before = try shop.stored()
        loses = true
        #expect(try sample.sync(client: client) == .done)
        #expect(try shop.stored() == before)
        #expect(try connection.integer("\(raw: lacking)") == 0)
        #expect(try shop.states().contains { $0.hasPrefix("partial") })
    }

    @Test("an idle account requests a refused field again once a day, and gets its old days")
    func refusedLongAgo() throws {
        sample.order(#"{"fault":"field_refused","field":"action_values","edge":"insights"}"#)
        #expect(try sample.sync() == .done)
        let unknown = "SELECT count(*) FROM insights_daily WHERE conversion_value IS NULL"
        #expect(try connection.integer("\(raw: unknown)") ?? 0 > 100)
        // It had no results for longer than Facebook corrects numbers, and other levels were read since.
        try connection.execute("DELETE FROM insights_daily WHERE day > (SELECT max(day) - 40 FROM insights_days)")
        try connection.execute(
            """
            UPDATE insights_days SET spent = 0, impressions = 0, clicks = 0, engagement = 0, conversions = 0,
                conversion_value = 0, state = 'complete' WHERE day > (SELECT max(n.day) - 40 FROM insights_days n)
            """
        )
        try connection.execute("UPDATE sync_lists SET refused_fields = '{}' WHERE list <> 'recent_days'")
        sample.calm()
        let day = try #require(try connection.text("SELECT max(day) - 40 FROM insights_days"))
        let idle = shop.client { _, row in (row["date_start"] as? String ?? "") > day ? nil : row }
        try sample.pass(3600, movesClock: false)
        #expect(try sample.sync(isForced: false, client: idle) == .done)
        #expect(try connection.integer("\(raw: unknown)") ?? 0 > 100)
        try sample.pass(86_400, movesClock: false)
        for _ in 0..<3 {
            _ = try sample.sync(isForced: false, client: idle)
            try sample.pass(600, movesClock: false)
        }
        #expect(try connection.integer("\(raw: unknown)") == 0)
    }
}
