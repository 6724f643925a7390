import GraphSimulator
import Model
import Postgres
import Store
import TestSupport
import Testing

/// People's changes, as `object_changes` stores them.
@Suite struct ChangesTests {
    let sample: Sample
    let connection: Connection

    init() throws {
        sample = try Sample()
        connection = sample.database.connect()
        #expect(try sample.sync() == .done)
    }

    private func changes() throws -> [String] {
        try connection.rows(
            """
            SELECT concat_ws('|', level, facebook_object_id, field, coalesce(old_value, '-'), coalesce(new_value, '-'))
            FROM object_changes ORDER BY id
            """
        ) { try $0.text(0) }
    }

    @Test("a first sync records no change, and neither does a sync without changes")
    func none() throws {
        #expect(try sample.sync() == .done)
        #expect(try changes().isEmpty)
    }

    @Test("names and statuses are recorded with their earlier values, and with the current name")
    func nameAndStatus() throws {
        let campaign = try #require(try sample.ids("campaigns", where: "status = 'ACTIVE'").first)
        let old = try #require(
            try connection.text("SELECT name FROM campaigns WHERE facebook_campaign_id = \(campaign)")
        )
        sample.order(#"{"fault":"rename","id":"\#(campaign)","name":"<b>New</b> 'name'"}"#)
        sample.order(#"{"fault":"status","id":"\#(campaign)","status":"PAUSED"}"#)
        try sample.pass(600)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(
            try changes().sorted() == [
                "campaign|\(campaign)|name|\(old)|<b>New</b> 'name'", "campaign|\(campaign)|status|ACTIVE|PAUSED",
            ]
        )
        #expect(try connection.text("SELECT DISTINCT name FROM object_changes") == "<b>New</b> 'name'")
        #expect(
            try connection.integer("SELECT count(*) FROM object_changes WHERE seen_at > now() - interval '1 minute'")
                == 2
        )
    }

    @Test("budgets, bids and schedules are recorded, with money in major units")
    func money() throws {
        let daily = try #require(try sample.ids("ad_groups", where: "daily_budget IS NOT NULL").first)
        let bidding = try #require(try sample.ids("ad_groups", where: "bid_amount IS NOT NULL").first)
        let old = try connection.text("SELECT daily_budget FROM ad_groups WHERE facebook_ad_set_id = \(daily)") ?? ""
        let bid = try connection.text("SELECT bid_amount FROM ad_groups WHERE facebook_ad_set_id = \(bidding)") ?? ""
        sample.order(#"{"fault":"budget","id":"\#(daily)","value":123456}"#)
        sample.order(#"{"fault":"bid","id":"\#(bidding)","value":777}"#)
        sample.order(#"{"fault":"schedule","id":"\#(daily)","end":1900000000}"#)
        try sample.pass(600)
        #expect(try sample.sync(isForced: false) == .done)
        let seen = try changes()
        #expect(seen.contains("adset|\(daily)|daily_budget|\(old)|1234.56"))
        #expect(seen.contains("adset|\(bidding)|bid_amount|\(bid)|7.77"))
        #expect(seen.contains { $0.hasPrefix("adset|\(daily)|end_time|") && $0.hasSuffix("|2030-03-17T17:46:40Z") })
        #expect(seen.count == 3)
    }

    @Test("the next sync deletes changes older than their retention")
    func retention() throws {
        sample.order(#"{"fault":"rename","id":"\#(try sample.ids("campaigns")[0])","name":"Once"}"#)
        #expect(try sample.sync() == .done)
        try connection.execute("UPDATE object_changes SET seen_at = now() - interval '89 days'")
        #expect(try sample.sync() == .done)
        #expect(try changes().count == 1)
        try connection.execute("UPDATE object_changes SET seen_at = now() - interval '91 days'")
        #expect(try sample.sync() == .done)
        #expect(try changes().isEmpty)
    }
}
