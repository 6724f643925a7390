import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// How a run adapts its requests to get a response.
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

    @Test("the working page size is stored per account and list, and a larger one is tried after a day")
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
        "a field that Facebook refuses is omitted and reported, and its stored values stay",
        arguments: [
            ("name", "campaigns", "SELECT string_agg(name, ',' ORDER BY facebook_campaign_id) FROM campaigns"),
            ("creative", "ads", "SELECT string_agg(format, ',' ORDER BY facebook_ad_id) FROM creatives"),
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
        // The next run does not request it, and reports that.
        sample.calm()
        sample.order(#"{"fault":"freeze"}"#)
        #expect(try sample.sync(isForced: false) == .done)
        if path != "insights" { #expect(try warnings().contains("without \(field)")) }
        // A forced run requests it again, and clears the refusal.
        #expect(try sample.sync() == .done)
        #expect(try warnings() == "")
        #expect(
            try connection.integer(
                "SELECT count(*) FROM sync_lists WHERE refused_fields = ARRAY[\(field)] AND list <> 'history'"
            ) == 0
        )
    }

    @Test(
        "a metric that Facebook refuses is unknown: neither 0 nor its last value",
        arguments: [
            ("reach", ["reach"], true), ("actions", ["engagement", "conversions"], true),
            ("action_values", ["conversion_value"], true), ("action_values", ["conversion_value"], false),
            ("spend", ["spent"], true), ("spend", ["spent"], false), ("clicks", ["clicks"], true),
        ]
    )
    func refusedMetric(field: String, metrics: [String], isKnownBefore: Bool) throws {
        if isKnownBefore { #expect(try sample.sync() == .done) }
        sample.order(#"{"fault":"field_refused","field":"\#(field)","edge":"insights"}"#)
        #expect(try sample.sync() == .done)
        for table in ["campaigns", "ad_groups", "creatives"] {
            for metric in metrics {
                let counts = "count(*) FILTER (WHERE impressions > 0), count(\(metric)) FILTER (WHERE impressions > 0)"
                let (delivered, known) = try #require(
                    try connection.firstRow("SELECT \(raw: counts) FROM \(raw: table)") {
                        (try $0.integer(0), try $0.integer(1))
                    }
                )
                #expect(delivered > 0 && known == 0, "\(table).\(metric)")
            }
        }
        if field == "action_values" {
            #expect(
                try connection.integer("SELECT count(*) FROM creatives WHERE impressions > 0 AND roas IS NOT NULL") == 0
            )
            #expect(try connection.integer("SELECT count(conversion_value) FROM insights_daily") == 0)
        }
        if field != "clicks" {
            let unknown = "SELECT count(*) FROM campaigns WHERE impressions > 0 AND clicks IS NULL" as Query
            #expect(try connection.integer(unknown) == 0)
        }
        #expect(try warnings().contains(field))
    }

    @Test("a refused field without which a row is useless ends the run with an error that names it")
    func neededField() throws {
        sample.order(#"{"fault":"field_refused","field":"adset_id"}"#)
        #expect(try sample.sync() == .failed)
        let error = try sample.store.syncStatus(of: sample.account, interval: 600)?.error
        #expect(error?.contains("adset_id") == true)
    }

    @Test("an ended version is replaced by the one that Facebook names, with a warning that names the setting")
    func version() throws {
        sample.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0"}"#)
        #expect(try sample.sync() == .done)
        #expect(try warnings().contains("Facebook no longer serves v23.0"))
        #expect(try warnings().contains("AdMirror now calls v25.0"))
        #expect(try connection.text("SELECT api_version FROM sync_runs") == "v25.0")
        #expect(try sample.ids("creatives").count == 60)
    }

    @Test("when a version drops fields no account stops, and the next run makes no failing call")
    func versionDropsFields() throws {
        sample.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0"}"#)
        for field in ["objective", "bid_amount", "creative", "reach", "account_status"] {
            sample.order(#"{"fault":"version_drops","version":"v25.0","field":"\#(field)"}"#)
        }
        #expect(try sample.sync() == .done)
        for field in ["objective", "bid_amount", "creative", "reach", "account_status"] {
            #expect(try warnings().contains(field))
        }
        #expect(try sample.ids("creatives").count == 60)
        var failures = 0
        let simulator = sample.simulator
        let client = sample.client { request in
            let response = simulator.respond(to: request)
            if response.status != 200, response.body.contains(Array("(#12)".utf8)) { failures += 1 }
            return response
        }
        #expect(try sample.sync(isForced: false, client: { client }) == .done)
        #expect(failures == 0)
    }

    @Test(
        "fields refused without a name are found, and the next run does not search again",
        arguments: [3, 10, 200]
    )
    func gatedField(code: Int) throws {
        sample.order(#"{"fault":"field_refused","field":"bid_strategy","code":\#(code),"edge":"campaigns"}"#)
        #expect(try sample.sync() == .done)
        #expect(try warnings().contains("without the field bid_strategy"))
        sample.forgetCalls()
        #expect(try sample.sync(isForced: false) == .done)
        #expect(sample.calls()["GET act/campaigns"] == 1)
        #expect(try warnings().contains("without bid_strategy, which Facebook refused before"))
    }

    @Test("a version that Facebook upgrades by itself is reported once")
    func upgraded() throws {
        sample.order(#"{"fault":"version_warning","version":"v23.0","current":"v25.0"}"#)
        #expect(try sample.sync() == .done)
        #expect(try connection.integer("SELECT cardinality(warnings) FROM sync_runs") == 1)
        #expect(try warnings().contains("v23.0 will be deprecated"))
        let status = try #require(try sample.store.syncStatus(of: sample.account, interval: 600))
        #expect(status.run?.summary.warnings.count == 1)
    }

    @Test("metrics that are too large for any list are read as reports")
    func report() throws {
        sample.order(#"{"fault":"error","status":400,"code":2,"subcode":1504038,"path":"/insights","times":1}"#)
        #expect(try sample.sync() == .done)
        #expect(try sample.ids("creatives", where: "impressions > 0").count > 10)
    }
}
