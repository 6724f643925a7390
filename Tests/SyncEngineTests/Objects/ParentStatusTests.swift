import GraphSimulator
import HTTPMessages
import Model
import Postgres
import TestSupport
import Testing

/// Children whose effective status changes because a parent's status did. Facebook does not list them as updated.
@Suite struct ParentStatusTests {
    let sample: Sample

    init() throws {
        sample = try Sample(
            world: .with([
                AccountSpec(id: "10000000000001", name: "Family", campaigns: 8, adSets: 40, ads: 500)
            ])
        )
        // The second one also reads the last days of the ads.
        #expect(try sample.sync() == .done)
        try sync()
    }

    /// The status of every ad set and ad, at Facebook and in the database.
    private func expectTruth(_ comment: Comment? = nil) throws {
        let facebook = Facebook(sample: sample)
        for (edge, level, table, key) in [
            ("adsets", "adset", "ad_groups", "facebook_ad_set_id"), ("ads", "ad", "creatives", "facebook_ad_id"),
        ] {
            let expected = facebook.rows(edge, level: level, fields: "id,effective_status").compactMap { row in
                (row["id"] as? String).map { "\($0) \(row["effective_status"] ?? "")" }
            }
            let stored = try sample.database.connect().rows(
                "SELECT \(raw: key) || ' ' || effective_status FROM \(raw: table) ORDER BY 1"
            ) { try $0.text(0) }
            #expect(stored == expected.sorted(), comment)
        }
    }

    private func set(_ id: String, _ status: String) {
        sample.order(#"{"fault":"status","id":"\#(id)","status":"\#(status)"}"#)
    }

    /// Does an ordinary sync some minutes later.
    /// - Returns: the number of its calls.
    @discardableResult
    private func sync() throws -> Int {
        try sample.pass(600)
        sample.forgetCalls()
        #expect(try sample.sync(isForced: false) == .done)
        return sample.calls().values.reduce(0, +)
    }

    /// The campaign or ad set with the most active ads.
    private func largest(_ column: String) throws -> String {
        try #require(
            try sample.database.connect().text(
                """
                SELECT \(raw: column) FROM creatives WHERE effective_status NOT IN
                    ('PAUSED', 'ARCHIVED', 'DELETED', 'CAMPAIGN_PAUSED', 'ADSET_PAUSED')
                GROUP BY 1 ORDER BY count(*) DESC LIMIT 1
                """
            )
        )
    }

    private func versions() throws -> [Int] {
        try sample.database.connect().firstRow(
            "SELECT campaigns_version, ad_groups_version, creatives_version FROM ad_accounts"
        ) { [try $0.integer(0), try $0.integer(1), try $0.integer(2)] } ?? []
    }

    @Test(
        "a parent's new status is applied to its children in the same sync, without a call",
        arguments: ["facebook_campaign_id", "facebook_ad_set_id"],
        ["PAUSED", "ARCHIVED", "DELETED"]
    )
    func stopped(column: String, status: String) throws {
        try expectTruth("the first sync")
        let before = try versions()
        set(try largest(column), status)
        let calls = try sync()
        try expectTruth()
        #expect(calls == 4)
        let after = try versions()
        #expect(after[2] > before[2])
        try sync()
        #expect(try versions() == after)
        try expectTruth()
    }

    @Test(
        "if a parent becomes active again, its children have Facebook's statuses, those under review included",
        arguments: ["facebook_campaign_id", "facebook_ad_set_id"]
    )
    func resumed(column: String) throws {
        let parent = try largest(column)
        set(parent, "PAUSED")
        try sync()
        set(parent, "ACTIVE")
        // The lists, the account's days, and the children of this one parent.
        #expect(try sync() <= 6)
        try expectTruth()
        #expect(try sync() == 4)
    }

    @Test(
        "a paused parent with an unreadable status does not become active",
        arguments: ["facebook_campaign_id", "facebook_ad_set_id"]
    )
    func unreadableStatus(column: String) throws {
        let parent = try largest(column)
        set(parent, "PAUSED")
        try sync()
        sample.order(#"{"fault":"rename","id":"\#(parent)","name":"renamed"}"#)
        sample.order(#"{"fault":"damaged_values","kind":"types","id":"\#(parent)"}"#)
        // The lists and the account's days: none of its children is read again.
        #expect(try sync() <= 4)
        sample.calm()
        try sync()
        try expectTruth()
    }

    @Test("children are right whichever parent is paused first and whichever becomes active first")
    func bothParents() throws {
        let adSet = try largest("facebook_ad_set_id")
        let campaign = try #require(
            try sample.database.connect().text(
                "SELECT facebook_campaign_id FROM ad_groups WHERE facebook_ad_set_id = \(adSet)"
            )
        )
        for (first, second) in [(adSet, campaign), (campaign, adSet)] {
            for (third, fourth) in [(adSet, campaign), (campaign, adSet)] {
                for (id, status) in [
                    (first, "PAUSED"), (second, "PAUSED"), (third, "ACTIVE"), (fourth, "ACTIVE"),
                ] {
                    set(id, status)
                    try sync()
                    try expectTruth("\(id) \(status)")
                }
            }
        }
        set(adSet, "ARCHIVED")
        set(campaign, "PAUSED")
        try sync()
        try expectTruth("archived below paused")
        set(campaign, "DELETED")
        try sync()
        try expectTruth("deleted")
    }

    @Test("a parent paused while its children are listed leaves no child that appears active")
    func duringListing() throws {
        let campaign = try largest("facebook_campaign_id")
        sample.simulator.pageSizeCap = 50
        let simulator = sample.simulator
        var isStopped = false
        let client = { [sample] in
            sample.client { request in
                // After the first page of ads, and before the second.
                let response = simulator.respond(to: request)
                if request.path.hasSuffix("/ads"), !isStopped {
                    isStopped = true
                    sample.order(#"{"fault":"status","id":"\#(campaign)","status":"PAUSED"}"#)
                }
                return response
            }
        }
        #expect(try sample.sync(client: client) == .done)
        try sync()
        try expectTruth()
    }
}
