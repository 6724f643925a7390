import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// What an account counts as conversions. `QuestionPropertyTests` has the numbers of the tables.
@Suite struct ConversionEventTests {
    let bench: Bench

    init() throws {
        bench = try Bench(role: .owner, isSynced: false)
        bench.sample.settings.historyDays = 30
        bench.sample.settings.historyBudget = 3600
        try bench.sample.sync()
    }

    private func put(_ body: String, _ id: String? = nil, headers: HTTPHeaders? = nil) -> HTTPResponse {
        bench.send(
            "PUT",
            "/api/ad-accounts/\(id ?? bench.id)",
            headers: headers,
            adding: ["Content-Type": "application/json"],
            body: body
        )
    }

    private var shown: String? { bench.get("/api/ad-accounts", "").json["adAccounts"][0]["conversionEvent"].string }

    @Test("owners choose the event, which is shown and recorded once; null and purchases restore purchases")
    func choice() throws {
        #expect(shown == "purchases")
        let response = put(#"{"conversionEvent":"leads"}"#)
        #expect(response.status == 200)
        #expect(response.json["conversionEvent"].string == "leads")
        #expect(response.json["id"].string == bench.id)
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(shown == "leads")
        #expect(put(#"{"conversionEvent":"leads"}"#, "act_\(bench.sample.facebookID)").status == 200)
        let events = try bench.sample.store.auditEvents(limit: 10).filter { $0.event == "conversion_event_set" }
        #expect(events.map(\.detail) == ["leads"])
        #expect(events[0].actor == Sample.email && events[0].facebookAccountID == bench.sample.facebookID)
        for standard in ["null", #""purchases""#] {
            #expect(put(#"{"conversionEvent":"video_p50"}"#).status == 200)
            #expect(shown == "video_p50")
            #expect(put(#"{"conversionEvent":\#(standard)}"#).json["conversionEvent"].string == "purchases")
            #expect(shown == "purchases")
        }
    }

    @Test(
        "what is no event is refused",
        arguments: [
            "{}", #"{"conversionEvent":""}"#, #"{"conversionEvent":"spend"}"#, #"{"conversionEvent":"roas"}"#,
            #"{"conversionEvent":7}"#, #"{"conversionEvent":"Leads"}"#, #"{"conversionEvent":"leads'"}"#, "[]", "",
        ]
    )
    func refused(body: String) {
        #expect(isError(put(body), 400, "BODY_INVALID"))
        #expect(shown == "purchases")
    }

    @Test("only owners of the account may choose, and others learn nothing about it")
    func roles() throws {
        for role in [Role.viewer, .manager] {
            let person = try bench.newPerson("\(role)@example.com", role: role)
            #expect(isError(put(#"{"conversionEvent":"leads"}"#, headers: person), 403, "OWNER_REQUIRED"))
        }
        let stranger = try bench.newPerson("eve@example.com", role: nil)
        for id in [bench.id, "act_1", "x", "..", "%2e"] {
            #expect(isError(put(#"{"conversionEvent":"leads"}"#, id, headers: stranger), 404, "AD_ACCOUNT_NOT_FOUND"))
        }
        #expect(isError(put(#"{"conversionEvent":"leads"}"#, headers: [:]), 401, "AUTHENTICATION_REQUIRED"))
        #expect(bench.send("GET", "/api/ad-accounts/\(bench.id)").status == 405)
        #expect(bench.send("PUT", "/api/ad-accounts/").status == 404)
        #expect(bench.send("PUT", "/api/ad-accounts/a/b").status == 404)
        #expect(shown == "purchases")
    }

    @Test("the choice applies to tables, series, totals, comparisons and the account at once, with another cache key")
    func everywhere() throws {
        let fields =
            "conversions,cost_per_conversion,conversion_value,roas,purchases,purchase_value,cost_per_purchase"
            + ",landing_page_views,spend"
        let range = "&range=last_14d&compare=previous"
        let asks: [(path: String, query: String, member: String)] =
            TableRoute.all.flatMap { route in
                ["", range].map { (route.path, "status=ALL&totals=true&fields=\(fields)\($0)", route.member) }
            } + [
                ("/api/insights", "totals=true&fields=\(fields)\(range)", "insights"),
                (
                    "/api/insights",
                    "level=campaign&id=\(try bench.ids(TableRoute.all[0], where: "true")[0])&totals=true&fields=\(fields)\(range)",
                    "insights"
                ),
            ]
        let key = { (path: String, query: String) in
            self.bench.get("/_authorize\(path)", "adAccountId=\(self.bench.id)&\(query)").headers["X-Cache-Key"]
        }
        for ask in asks {
            #expect(put(#"{"conversionEvent":null}"#).status == 200)
            let query = "adAccountId=\(bench.id)&\(ask.query)"
            let (before, oldKey) = (bench.get(ask.path, query).json, key(ask.path, ask.query))
            #expect(put(#"{"conversionEvent":"landing_page_views"}"#).status == 200)
            let (after, newKey) = (bench.get(ask.path, query).json, key(ask.path, ask.query))
            #expect(oldKey != nil && oldKey != newKey)
            var pairs = Array(zip(before[ask.member].list, after[ask.member].list))
            #expect(pairs.count == before[ask.member].list.count && !pairs.isEmpty)
            if ask.query.contains("compare") { pairs += pairs.map { ($0["previous"], $1["previous"]) } }
            pairs.append((before["totals"], after["totals"]))
            var differing = 0
            for (old, new) in pairs {
                #expect("\(old["conversions"])" == "\(old["purchases"])")
                #expect("\(new["conversions"])" == "\(old["landing_page_views"])")
                #expect(new["conversion_value"].isNull && new["roas"].isNull)
                for name in ["purchases", "purchase_value", "cost_per_purchase", "landing_page_views", "spend"] {
                    #expect("\(new[name])" == "\(old[name])", "\(name)")
                }
                let (spend, events) = (old["spend"].number, old["landing_page_views"].number)
                let cost = new["cost_per_conversion"].number
                if let spend, let events, events > 0 {
                    #expect(abs((cost ?? -1) - spend / events) < 0.000001)
                } else {
                    #expect(cost == nil)
                }
                differing += "\(new["conversions"])" == "\(old["conversions"])" ? 0 : 1
            }
            #expect(differing > 0, "\(ask)")
        }
    }

    @Test("the account's own totals have every metric that its days have, and follow the choice")
    func totals() throws {
        let totals = { self.bench.get("/api/ad-accounts", "").json["adAccounts"][0]["totals"] }
        let old = totals()
        let days =
            "adAccountId=\(bench.id)&totals=true&from=\(old["date_start"].string ?? "")&to=\(old["date_end"].string ?? "")"
        let names = old.names.subtracting(["date_start", "date_end", "coverage"])
        #expect(
            names.count > 40 && names.isSuperset(of: ["results", "result_type", "leads", "hook_rate", "purchases"])
        )
        let series = bench.get("/api/insights", "\(days)&fields=\(names.sorted().joined(separator: ","))").json[
            "totals"
        ]
        for name in names { #expect("\(old[name])" == "\(series[name])", "\(name)") }
        #expect(put(#"{"conversionEvent":"link_clicks"}"#).status == 400)
        #expect(put(#"{"conversionEvent":"outbound_clicks"}"#).status == 200)
        let new = totals()
        #expect("\(new["conversions"])" == "\(old["outbound_clicks"])" && new["roas"].isNull)
        #expect(new["conversions"].number ?? 0 > 0)
        #expect("\(new["purchases"])" == "\(old["purchases"])" && "\(old["conversions"])" == "\(old["purchases"])")
    }

    @Test("conditions and orders mean what rows show, under each name")
    func conditions() throws {
        #expect(put(#"{"conversionEvent":"landing_page_views"}"#).status == 200)
        let (ads, more) = (TableRoute.all[2], "status=ALL")
        let wanted = { (condition: String) in Set(try self.bench.ids(ads, where: condition)) }
        #expect(Set(bench.ids(ads, "\(more)&where=conversions>2")) == (try wanted("landing_page_views > 2")))
        #expect(Set(bench.ids(ads, "\(more)&where=purchases>2")) == (try wanted("conversions > 2")))
        #expect(Set(bench.ids(ads, "\(more)&where=conversion_value=null")) == (try wanted("true")))
        #expect(
            bench.ids(ads, "\(more)&sort=-conversions").first
                == bench.ids(ads, "\(more)&sort=-landing_page_views").first
        )
    }

    @Test("a long answer, which is written while it is read, follows the choice, too")
    func stream() throws {
        let query = "adAccountId=\(bench.id)&status=ALL&fields=conversions&format=csv&bom=false"
        let other = "adAccountId=\(bench.id)&status=ALL&fields=landing_page_views&format=csv&bom=false"
        let wanted = bench.get("/api/ads", other).text.split(separator: "\r\n").dropFirst()
        #expect(
            try bench.sample.store.setConversionEvent(ConversionEvent("landing_page_views"), of: bench.sample.account)
        )
        #expect(bench.get("/api/ads", query).text.split(separator: "\r\n").dropFirst() == wanted)
    }
}
