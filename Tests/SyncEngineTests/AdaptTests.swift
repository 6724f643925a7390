import GraphSimulator
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// What a run changes about its questions to get an answer.
@Suite struct AdaptTests {
    let sample: Sample
    let connection: Connection

    init() throws {
        sample = try Sample()
        connection = sample.database.connect()
    }

    private func warnings() throws -> String {
        try connection.text(
            "SELECT array_to_string(warnings, ' ') FROM sync_runs ORDER BY requested_at DESC LIMIT 1"
        ) ?? ""
    }

    @Test("the page size that worked is remembered for the account and the list, and tried larger after a day")
    func pageSize() throws {
        sample.order(#"{"fault":"reduce_data","value":40,"edge":"campaigns"}"#)
        #expect(try sample.sync() == .done)
        let remembered = try connection.rows(
            "SELECT list || ' ' || page_size FROM sync_lists WHERE page_size IS NOT NULL"
        ) {
            try $0.text(0)
        }
        #expect(remembered == ["campaigns 31"])
        sample.forgetCalls()
        #expect(try sample.sync() == .done)
        #expect(sample.calls()["GET act/campaigns"] == 1)
        sample.calm()
        try sample.pass(86_400, movesClock: false)
        sample.forgetCalls()
        #expect(try sample.sync() == .done)
        #expect(sample.calls()["GET act/campaigns"] == 1)
    }

    @Test(
        "a field that Facebook refuses is left out, told of, and keeps what is stored",
        arguments: [
            ("name", "campaigns", "SELECT string_agg(name, ',' ORDER BY facebook_campaign_id) FROM campaigns"),
            ("creative", "ads", "SELECT string_agg(format, ',' ORDER BY facebook_ad_id) FROM creatives"),
            ("reach", "insights", "SELECT string_agg(reach::text, ',' ORDER BY facebook_ad_id) FROM creatives"),
            (
                "bid_amount", "adsets",
                "SELECT string_agg(bid_amount::text, ',' ORDER BY facebook_ad_set_id) FROM ad_groups"
            ),
        ]
    )
    func refusedField(field: String, path: String, query: String) throws {
        #expect(try sample.sync() == .done)
        let before = try connection.text("\(raw: query)")
        #expect(before != nil)
        sample.order(#"{"fault":"field_refused","field":"\#(field)","edge":"\#(path)"}"#)
        try sample.renameOneOfEach(to: "Renamed")
        #expect(try sample.sync() == .done)
        #expect(try connection.text("\(raw: query)") == before)
        #expect(try warnings().contains(field))
        #expect(try sample.ids("ad_groups", where: "name = 'Renamed'").count == 1)
        let remembered = try connection.integer(
            "SELECT count(*) FROM sync_lists WHERE refused_fields = ARRAY[\(field)]"
        )
        #expect(remembered ?? 0 >= 1)
        // The next run does not even ask for it.
        #expect(try sample.sync() == .done)
        #expect(try warnings() == "")
    }

    @Test("a field without which a row is of no use ends the run, and says so")
    func neededField() throws {
        sample.order(#"{"fault":"field_refused","field":"adset_id"}"#)
        #expect(try sample.sync() == .failed)
        let error = try sample.store.syncStatus(of: sample.account, interval: 600)?.error
        #expect(error?.contains("adset_id") == true)
    }

    @Test("a version past its end is left for the one that Facebook names, with a warning that says what to set")
    func version() throws {
        sample.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0"}"#)
        #expect(try sample.sync() == .done)
        #expect(try warnings().contains("FACEBOOK_API_VERSION"))
        #expect(try warnings().contains("v25.0"))
        #expect(try connection.text("SELECT api_version FROM sync_runs") == "v25.0")
        #expect(try sample.ids("creatives").count == 60)
    }

    @Test("a version that Facebook upgrades by itself is told of once")
    func upgraded() throws {
        sample.order(#"{"fault":"version_warning","version":"v23.0","current":"v25.0"}"#)
        #expect(try sample.sync() == .done)
        #expect(try connection.integer("SELECT cardinality(warnings) FROM sync_runs") == 1)
        #expect(try warnings().contains("v23.0 will be deprecated"))
        let status = try #require(try sample.store.syncStatus(of: sample.account, interval: 600))
        #expect(status.run?.warnings.count == 1)
    }

    @Test("metrics that are too large for any list are read as reports, which are then remembered for nobody")
    func report() throws {
        sample.order(#"{"fault":"error","status":400,"code":2,"subcode":1504038,"path":"/insights","times":1}"#)
        #expect(try sample.sync() == .done)
        #expect(try sample.ids("creatives", where: "impressions > 0").count > 10)
    }
}
