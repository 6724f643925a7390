import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// Runs that read only updated objects.
@Suite struct IncrementalTests {
    let sample: Sample

    init() throws {
        sample = try Sample()
        #expect(try sample.sync() == .done)
        sample.forgetCalls()
        try sample.pass(600)
    }

    private func name(_ table: String, _ id: String) throws -> String? {
        try sample.database.connect().text(
            "SELECT name FROM \(raw: table) WHERE \(id) IN (\(raw: table == "campaigns" ? "facebook_campaign_id" : table == "ad_groups" ? "facebook_ad_set_id" : "facebook_ad_id"))"
        )
    }

    @Test("renamed and new objects are found, and every other row is confirmed")
    func updates() throws {
        try sample.renameOneOfEach(to: "Renamed")
        let adSet = try #require(try sample.ids("ad_groups").first)
        let made = try sample.ordered(#"{"fault":"create","level":"ad","parent":"\#(adSet)","name":"Newborn"}"#)
        let id = try #require(made["id"] as? String)
        #expect(try sample.sync(isForced: false) == .done)
        let connection = sample.database.connect()
        let run = try connection.text(
            "SELECT concat_ws(' ', campaigns, ad_sets, ads, rows_changed) FROM sync_runs ORDER BY requested_at DESC LIMIT 1"
        )
        // One more of each: the object whose update is the watermark.
        #expect(run == "2 2 3 4")
        #expect(try name("creatives", id) == "Newborn")
        for table in ["campaigns", "ad_groups", "creatives"] {
            #expect(try sample.ids(table, where: "name = 'Renamed'").count == 1)
            #expect(try sample.ids(table, where: "last_synced_at < now() - interval '1 minute'").isEmpty)
        }
    }

    @Test("an update in the exact second of the watermark is not lost")
    func sameSecond() throws {
        // Two updates in one second; the sync sees only the first.
        let ids = try sample.ids("creatives")
        sample.order(#"{"fault":"rename","id":"\#(ids[0])","name":"First"}"#)
        #expect(try sample.sync(isForced: false) == .done)
        sample.order(#"{"fault":"rename","id":"\#(ids[1])","name":"Second"}"#)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try name("creatives", ids[0]) == "First")
        #expect(try name("creatives", ids[1]) == "Second")
    }

    @Test("an update on a page already read, during later pages, arrives with the next run")
    func duringListing() throws {
        let fresh = try Sample()
        fresh.simulator.pageSizeCap = 20
        let newest = try #require(
            Facebook(sample: fresh).rows("ads", level: "ad", fields: "id").first?["id"] as? String
        )
        let oldest = try #require(
            Facebook(sample: fresh).rows("ads", level: "ad", fields: "id").last?["id"] as? String
        )
        var pages = 0
        let simulator = fresh.simulator
        let clock = fresh.clock
        let send = { (request: HTTPRequest) in
            let response = simulator.respond(to: request)
            if request.path.hasSuffix("/ads") {
                pages += 1
                if pages == 1 {
                    clock.now += 5
                    fresh.order(#"{"fault":"rename","id":"\#(newest)","name":"Too late"}"#)
                    clock.now += 5
                    fresh.order(#"{"fault":"rename","id":"\#(oldest)","name":"In time"}"#)
                }
            }
            return response
        }
        #expect(try fresh.sync(client: { fresh.client(send: send) }) == .done)
        let connection = fresh.database.connect()
        let names = "SELECT string_agg(name, ', ' ORDER BY name) FROM creatives WHERE name IN ('Too late', 'In time')"
        #expect(try connection.text("\(raw: names)") == "In time")
        #expect(try fresh.sync(isForced: false) == .done)
        #expect(try connection.text("\(raw: names)") == "In time, Too late")
    }

    @Test("an object that moves between pages during the reading is stored once", arguments: [1, 2, 3])
    func churn(every: Int) throws {
        let fresh = try Sample()
        fresh.simulator.pageSizeCap = 7
        fresh.order(#"{"fault":"churn","every":\#(every)}"#)
        #expect(try fresh.sync() == .done)
        fresh.calm()
        #expect(try fresh.sync() == .done)
        #expect(try fresh.sync() == .done)
        let facebook = Facebook(sample: fresh)
        for (edge, level, table) in [
            ("campaigns", "campaign", "campaigns"), ("adsets", "adset", "ad_groups"), ("ads", "ad", "creatives"),
        ] {
            let expected = facebook.rows(edge, level: level, fields: "id").compactMap { $0["id"] as? String }
            #expect(try fresh.ids(table, where: "gone_at IS NULL") == expected.sorted(), "\(edge)")
        }
    }

    @Test("an ad without its ad set is stored, and shown without the ad set's name")
    func orphan() throws {
        let answer = try sample.ordered(#"{"fault":"orphan","gone":true}"#)
        let ad = try #require(answer["ad"] as? String)
        let adSet = try #require(answer["adset"] as? String)
        let fresh = try Sample()
        _ = try fresh.ordered(#"{"fault":"orphan","gone":true,"id":"\#(ad)"}"#)
        #expect(try fresh.sync() == .done)
        #expect(try fresh.ids("creatives").contains(ad))
        #expect(try !fresh.ids("ad_groups").contains(adSet))
    }
}
