import Endpoints
import HTTPMessages
import Model
import Postgres
import SyncEngine
import TestSupport
import Testing

/// Results by goal whose parts are known, zero, of several types, unknown, or of people.
@Suite struct ResultTests {
    let bench: Bench
    private let campaigns: [String]
    private static let fields = "fields=results,result_type,cost_per_result,spend"

    init() throws {
        bench = try Bench()
        campaigns = try bench.ids(TableRoute.all[0], where: "true", order: "facebook_campaign_id")
        try bench.sql("UPDATE campaigns SET spent = 12, status = 'ACTIVE', effective_status = 'ACTIVE'")
        try store("campaigns", "results = 0, result_indicator = NULL, result_mix = NULL", where: "true")
    }

    private func store(_ table: String, _ parts: String, where condition: String) throws {
        try bench.sql("UPDATE \(table) SET \(parts) WHERE \(condition)")
    }

    /// Stores the results of the campaigns, one after the other.
    private func store(_ results: [String]) throws {
        for (campaign, parts) in zip(campaigns, results) {
            try store("campaigns", parts, where: "facebook_campaign_id = '\(campaign)'")
        }
    }

    private func row(_ campaign: String, _ query: String = "") -> JSON {
        let answer = bench.get("/api/campaigns", "adAccountId=\(bench.id)&\(Self.fields)&totals=true\(query)").json
        return answer["campaigns"].list.first { $0["id"].string == campaign } ?? answer["nothing"]
    }

    private func totals(_ query: String = "") -> JSON {
        bench.get("/api/campaigns", "adAccountId=\(bench.id)&\(Self.fields)&totals=true\(query)").json["totals"]
    }

    private static func single(_ number: String, _ indicator: String) -> String {
        "results = \(number), result_indicator = '\(indicator)', result_mix = NULL"
    }

    private static func mix(_ json: String) -> String {
        "results = NULL, result_indicator = NULL, result_mix = '\(json)'"
    }

    @Test(
        "a row has a number and words for one type, and words alone for several",
        arguments: [
            (single("3", "actions:offsite_conversion.fb_pixel_purchase"), 3, "purchases", 4),
            (single("0", "actions:lead"), 0, "leads", nil), (single("1", "actions:link_click"), 1, "link clicks", 12),
            (single("2.5", "conversions:contact_total"), 2.5, "contacts", 4.8),
            (single("4", "actions:offsite_conversion.fb_pixel_odd_thing"), 4, "odd thing", 3),
            (single("4", "new_kind.of:some_new_thing.total"), 4, "some new thing total", 3),
            (single("4", #"a:<img src=x onerror="x">""#), 4, #"<img src=x onerror="x">""#, 3),
            (mix(#"{"actions:lead":12,"actions:purchase":3}"#), nil, "12 leads · 3 purchases", nil),
            (mix(#"{"actions:lead":1,"actions:purchase":30.5}"#), nil, "30.5 purchases · 1 lead", nil),
            (mix(#"{"actions:lead":1,"actions:purchase":0}"#), nil, "1 lead", nil),
            (mix(#"{"actions:purchase":0,"actions:lead":0}"#), nil, "0 leads · 0 purchases", nil),
            (mix(#"{"reach":null,"actions:purchase":7}"#), nil, "7 purchases · reach", nil),
            ("results = 0, result_indicator = NULL, result_mix = NULL", 0, nil, nil),
            ("results = NULL, result_indicator = NULL, result_mix = NULL", nil, nil, nil),
        ] as [(String, Double?, String?, Double?)]
    )
    func rows(parts: String, number: Double?, type: String?, cost: Double?) throws {
        try store([parts])
        let row = row(campaigns[0])
        #expect(row["results"].number == number)
        #expect(row["result_type"].string == type)
        #expect(row["cost_per_result"].number == cost)
        // The other campaigns have spent money without results of any kind.
        let total = totals()
        #expect(total["results"].number == number)
        #expect(total["result_type"].string == type)
        #expect(total["cost_per_result"].number == (number == 0 ? nil : number.map { 72 / $0 }))
    }

    @Test(
        "totals add up equal types, show the mix of others, and are unknown with an unknown row",
        arguments: [
            ([single("3", "actions:lead"), single("4", "actions:lead")], 7, "leads"),
            (
                [single("3", "actions:lead"), mix(#"{"actions:lead":2,"actions:purchase":9}"#)], nil,
                "9 purchases · 5 leads"
            ),
            ([mix(#"{"a:b":2,"a:c":3}"#), mix(#"{"a:b":2,"a:c":3}"#), single("1", "a:d")], nil, "6 c · 4 b · 1 d"),
            ([single("3", "reach")], 3, "reach"), ([single("3", "reach"), single("0", "reach")], 3, "reach"),
            ([single("3", "reach"), single("4", "reach")], nil, "reach"),
            ([single("3", "reach"), single("4", "reach"), single("1", "actions:lead")], nil, "1 lead · reach"),
            ([single("3", "actions:lead"), "results = NULL"], nil, nil),
        ] as [([String], Double?, String?)]
    )
    func sums(parts: [String], number: Double?, type: String?) throws {
        try store(parts)
        let total = totals()
        #expect(total["results"].number == number)
        #expect(total["result_type"].string == type)
        // What conditions and filters leave out does not count.
        #expect(totals("&q=nothing+has+this+name")["results"].number == 0)
    }

    @Test("conditions and orders see what rows show")
    func conditions() throws {
        try store([
            Self.single("3", "actions:lead"), Self.single("0", "actions:lead"), Self.single("5", "actions:purchase"),
            Self.mix(#"{"actions:lead":1,"actions:purchase":2}"#),
        ])
        let ids = { (query: String) in self.bench.ids(TableRoute.all[0], query) }
        #expect(Set(ids("where=result_type~lead")) == Set([campaigns[0], campaigns[1], campaigns[3]]))
        #expect(Set(ids("where=results>=3")) == Set([campaigns[0], campaigns[2]]))
        #expect(ids("where=results=null") == [campaigns[3]])
        #expect(Set(ids("where=result_type=null")) == Set(campaigns[4...]))
        #expect(Array(ids("sort=-results").prefix(2)) == [campaigns[2], campaigns[0]])
        #expect(ids("sort=-results").last == campaigns[3])
        // Spend without results is the highest cost; a mix has none.
        let byCost = ids("sort=-cost_per_result")
        #expect(Set(byCost.prefix(3)) == Set([campaigns[1], campaigns[4], campaigns[5]]))
        #expect(Array(byCost.dropFirst(3)) == [campaigns[0], campaigns[2], campaigns[3]])
        let query = "adAccountId=\(bench.id)&fields=results,result_type&format=csv&bom=false"
        let file = bench.get("/api/campaigns", query).text
        #expect(file.contains("\(campaigns[3]),,2 purchases · 1 lead\r\n"))
        #expect(file.contains("\(campaigns[4]),0,\r\n"))
    }

    @Test("a day with unknown results makes those of its range unknown, in tables and in series of objects and account")
    func unknownDays() throws {
        bench.sample.settings.historyDays = 30
        bench.sample.settings.historyBudget = 3600
        try bench.sample.sync()
        let connection = bench.sample.database.connect()
        let found = try connection.firstRow(
            """
            SELECT d.facebook_ad_id, d.facebook_campaign_id, d.day
            FROM insights_daily d JOIN creatives c USING (facebook_ad_id)
            WHERE d.day < current_date - 3 AND c.status <> 'ARCHIVED' ORDER BY d.day DESC, 1 LIMIT 1
            """
        ) { (ad: try $0.text(0), campaign: try $0.text(1), day: try $0.text(2)) }
        let row = try #require(found)
        let range = "&from=\(row.day)&to=\(row.day)"
        let results = { (path: String, member: String, query: String) in
            self.bench.get(path, "adAccountId=\(self.bench.id)&\(Self.fields)\(range)\(query)").json[member].list
        }
        let ad = { results("/api/ads", "ads", "&status=ALL").first { $0["id"].string == row.ad } }
        let series = { (level: String, id: String) in
            results("/api/insights", "insights", "&level=\(level)\(id.isEmpty ? "" : "&id=\(id)")").first
        }
        let known = try #require(ad())
        #expect(known["results"].number != nil && known["result_type"].string != nil)
        #expect(series("ad", row.ad)?["result_type"].string == known["result_type"].string)
        #expect(series("campaign", row.campaign)?["result_type"].string != nil)
        #expect(series("account", "")?["result_type"].string?.contains(" · ") == true)

        // The account's days add up to its campaigns.
        let all = bench.get(
            "/api/campaigns",
            "adAccountId=\(bench.id)&\(Self.fields)&range=last_14d&totals=true&status=ALL"
        )
        let days = bench.get("/api/insights", "adAccountId=\(bench.id)&\(Self.fields)&range=last_14d&totals=true")
        #expect(days.json["totals"]["result_type"].string?.contains(" · ") == true)
        #expect(days.json["totals"]["result_type"].string == all.json["totals"]["result_type"].string)

        try bench.sql(
            """
            UPDATE insights_days SET results = NULL, result_indicator = NULL, result_mix = NULL WHERE day = '\(row.day)';
            UPDATE insights_daily SET results = NULL, result_indicator = NULL, result_mix = NULL
            WHERE facebook_ad_id = '\(row.ad)' AND day = '\(row.day)';
            UPDATE ad_accounts SET insights_version = insights_version + 1
            """
        )
        for unknown in [ad(), series("ad", row.ad), series("campaign", row.campaign), series("account", "")] {
            let unknown = try #require(unknown)
            #expect(unknown["results"].isNull && unknown["result_type"].isNull && unknown["cost_per_result"].isNull)
            #expect(unknown["spend"].number != nil)
        }
        // Ads that do not add up to the account say nothing about its results.
        try bench.sql("UPDATE insights_days SET state = 'partial'")
        #expect(series("account", "")?["results"].isNull == true)
    }
}
