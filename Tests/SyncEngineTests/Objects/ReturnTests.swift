import GraphSimulator
import Model
import Postgres
import TestSupport
import Testing

/// Objects that disappear from the listings and return.
@Suite struct ReturnTests {
    let sample: Sample

    init() throws {
        sample = try Sample()
        #expect(try sample.sync() == .done)
    }

    private func expectTruth() throws {
        for (edge, level, table, key) in [
            ("campaigns", "campaign", "campaigns", "campaign_id"), ("adsets", "adset", "ad_groups", "ad_set_id"),
            ("ads", "ad", "creatives", "ad_id"),
        ] {
            let expected = Facebook(sample: sample).rows(edge, level: level, fields: "id,status,effective_status").map {
                "\($0["id"] ?? "") \($0["status"] ?? "") \($0["effective_status"] ?? "")"
            }
            let stored = try sample.database.connect().rows(
                """
                SELECT facebook_\(raw: key) || ' ' || status || ' ' || effective_status FROM \(raw: table)
                WHERE gone_at IS NULL ORDER BY 1
                """
            ) { try $0.text(0) }
            #expect(stored == expected.sorted(), "\(edge)")
        }
    }

    /// The parent with the most active ads.
    private func largest(_ column: String) throws -> String {
        try #require(
            try sample.database.connect().text(
                """
                SELECT \(raw: column) FROM creatives WHERE effective_status = 'ACTIVE'
                GROUP BY 1 ORDER BY count(*) DESC LIMIT 1
                """
            )
        )
    }

    @Test(
        "if a parent that disappeared with its children is updated, the same sync restores the children",
        arguments: ["facebook_campaign_id", "facebook_ad_set_id"],
        ["ACTIVE", "PAUSED"]
    )
    func parent(column: String, status: String) throws {
        let parent = try largest(column)
        sample.order(#"{"fault":"hide","id":"\#(parent)"}"#)
        #expect(try sample.sync() == .done)
        let gone = try sample.ids("creatives", where: "\(column) = '\(parent)' AND gone_at IS NOT NULL")
        #expect(!gone.isEmpty)
        try expectTruth()

        try sample.pass(600)
        sample.order(#"{"fault":"status","id":"\#(parent)","status":"\#(status)"}"#)
        sample.order(#"{"fault":"show","id":"\#(parent)"}"#)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try sample.ids("creatives", where: "gone_at IS NOT NULL").isEmpty)
        try expectTruth()

        // And it causes no further call.
        try sample.pass(600)
        sample.forgetCalls()
        #expect(try sample.sync(isForced: false) == .done)
        let listings = sample.calls().filter { $0.key.hasPrefix("GET act/") && $0.key != "GET act/insights" }
        #expect(listings.values.max() == 1)
    }

    @Test("children that are really deleted stay deleted when their parent returns")
    func childrenGone() throws {
        let campaign = try largest("facebook_campaign_id")
        let ads = try sample.ids("creatives", where: "facebook_campaign_id = '\(campaign)'")
        sample.order(#"{"fault":"hide","id":"\#(campaign)"}"#)
        #expect(try sample.sync() == .done)
        try sample.pass(600)
        sample.order(#"{"fault":"show","id":"\#(campaign)"}"#)
        sample.order(#"{"fault":"hide","id":"\#(ads[0])"}"#)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try sample.ids("creatives", where: "gone_at IS NOT NULL") == [ads[0]])
        try expectTruth()
    }
}
