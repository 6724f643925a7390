import Endpoints
import Foundation
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// Custom conversions, beside the simulator's own actions.
@Suite struct CustomConversionTests {
    let bench: Bench
    private let ids: [String]

    /// Thirty days of results.
    init() throws {
        bench = try Bench(role: .owner, isSynced: false)
        bench.sample.settings.historyDays = 30
        bench.sample.settings.historyBudget = 3600
        try bench.sample.sync()
        ids = bench.get("/api/custom-conversions").json["customConversions"].list.compactMap { $0["id"].string }
    }

    /// The simulator's answer.
    private func graph(_ edge: String, _ query: [(String, String)]) -> JSON {
        var parameters = QueryParameters()
        for (name, value) in query { parameters.append(name, value) }
        let response = bench.sample.simulator.respond(
            to: HTTPRequest(
                path: "/v23.0/act_\(bench.sample.facebookID)/\(edge)",
                query: parameters.encoded,
                headers: ["Authorization": "Bearer \(GraphSimulator.demoToken)"]
            )
        )
        return JSON(response.body)
    }

    /// What objects of a level had of each conversion from one day to another.
    private func truth(_ level: String, _ since: String, _ until: String) -> [String: [String: Double]] {
        let statuses =
            #""ACTIVE","PAUSED","DELETED","ARCHIVED","CAMPAIGN_PAUSED","ADSET_PAUSED","WITH_ISSUES","#
            + #""PENDING_REVIEW","DISAPPROVED","PREAPPROVED","PENDING_BILLING_INFO","IN_PROCESS""#
        let rows = graph(
            "insights",
            [
                ("level", level), ("limit", "500"), ("fields", "\(level)_id,actions"),
                ("time_range", #"{"since":"\#(since)","until":"\#(until)"}"#),
                (
                    "filtering",
                    #"[{"field":"\#(level).effective_status","operator":"IN","value":[\#(statuses)]}]"#
                ),
            ]
        )["data"].list
        let found = rows.map { row in
            let actions = row["actions"].list.map { ($0["action_type"].string ?? "", $0["value"].string ?? "") }
            let numbers = ids.map { id in
                (id, actions.first { $0.0 == "offsite_conversion.custom.\(id)" }.flatMap { Double($0.1) } ?? 0)
            }
            return (row["\(level)_id"].string ?? "", Dictionary(uniqueKeysWithValues: numbers))
        }
        return Dictionary(uniqueKeysWithValues: found)
    }

    @Test("the names are Facebook's, whatever is in them, for people who may see the account")
    func names() throws {
        let known = graph("customconversions", [("fields", "id,name,custom_event_type")])["data"].list
        let shown = bench.get("/api/custom-conversions").json["customConversions"].list
        let facts = { (json: JSON, event: String) in [json["id"].string, json["name"].string, json[event].string] }
        #expect(known.count == 3)
        #expect(Set(shown.map { facts($0, "event") }) == Set(known.map { facts($0, "custom_event_type") }))
        #expect(shown.allSatisfy { $0["field"].string == "conversion:\($0["id"].string ?? "")" })
        let stranger = try bench.newPerson("eve@example.com", role: nil)
        let response = bench.send("GET", "/api/custom-conversions", "adAccountId=\(bench.id)", headers: stranger)
        #expect(isError(response, 404, "AD_ACCOUNT_NOT_FOUND"))
        #expect(isError(bench.get("/api/custom-conversions", ""), 400, "AD_ACCOUNT_ID_REQUIRED"))
    }

    @Test("the names are read once, and again a day later or for an unknown id; an unchanged sync makes four calls")
    func calls() throws {
        let count = {
            let control = JSON(self.bench.sample.simulator.respond(to: HTTPRequest(path: "/_control")).body)
            return control["calls"]["GET act/customconversions"].integer ?? 0
        }
        #expect(count() == 1)
        try bench.sample.sync()
        #expect(count() == 1)
        try bench.sql("DELETE FROM custom_conversions WHERE id = '\(ids[0])'")
        try bench.sample.sync()
        #expect(count() == 2)
        try bench.sql("UPDATE ad_accounts SET custom_conversions_at = now() - interval '25 hours'")
        try bench.sample.sync()
        #expect(count() == 3)
        try bench.sql("UPDATE ad_accounts SET custom_conversions_at = now() - interval '25 hours'")
        try bench.sample.sync(isForced: false)
        #expect(count() == 3)
        let calls = try bench.sample.database.connect().integer(
            "SELECT api_calls FROM sync_runs ORDER BY requested_at DESC LIMIT 1"
        )
        #expect(calls == 4)
    }

    @Test(
        "numbers are Facebook's at every level, stored, over days, in totals and in series",
        arguments: TableRoute.all
    )
    func numbers(_ route: TableRoute) throws {
        #expect(ids.count == 3)
        let fields = ids.map { "conversion:\($0)" }.joined(separator: ",")
        for range in ["", "&range=last_7d&compare=previous", "&range=last_14d"] {
            let query = "adAccountId=\(bench.id)&status=ALL&totals=true&fields=\(fields),date_start,date_end\(range)"
            let answer = bench.get(route.path, query).json
            let rows = answer[route.member].list
            let days = (rows[0]["date_start"].string ?? "", rows[0]["date_end"].string ?? "")
            let truth = truth(route.level, days.0, days.1)
            var sums: [String: Double] = [:]
            for row in rows {
                for id in ids {
                    let wanted = truth[row["id"].string ?? ""]?[id] ?? 0
                    #expect(row["conversion:\(id)"].number == wanted, "\(range)")
                    #expect(row["previous"].isMissing == !range.contains("compare"))
                    sums[id, default: 0] += wanted
                }
            }
            for id in ids { #expect(answer["totals"]["conversion:\(id)"].number == sums[id], "\(range)") }
            #expect(sums.values.allSatisfy { $0 > 0 })
        }
    }

    @Test("a day is known by itself in the series of an account, a campaign and an ad")
    func series() throws {
        let day = try #require(
            bench.get("/api/insights", "adAccountId=\(bench.id)").json["insights"].list[25]["date"].string
        )
        let query = "adAccountId=\(bench.id)&from=\(day)&to=\(day)&totals=true&fields=conversion:\(ids[0])"
        for level in ["campaign", "ad"] {
            let (object, numbers) = try #require(
                truth(level, day, day).max { $0.value[ids[0]] ?? 0 < $1.value[ids[0]] ?? 0 }
            )
            let answer = bench.get("/api/insights", "\(query)&level=\(level)&id=\(object)").json
            #expect(answer["insights"][0]["conversion:\(ids[0])"].number == numbers[ids[0]])
            #expect(answer["totals"]["conversion:\(ids[0])"].number == numbers[ids[0]])
        }
        let account = bench.get("/api/insights", query).json
        let sum = truth("ad", day, day).values.reduce(0) { $0 + ($1[ids[0]] ?? 0) }
        #expect(sum > 0 && account["insights"][0]["conversion:\(ids[0])"].number == sum)
        #expect(account["totals"]["conversion:\(ids[0])"].number == sum)
    }

    @Test("an account can count one as conversions")
    func event() throws {
        let path = "/api/ad-accounts/\(bench.id)"
        let response = bench.send(
            "PUT",
            path,
            adding: ["Content-Type": "application/json"],
            body: #"{"conversionEvent":"conversion:\#(ids[0])"}"#
        )
        #expect(response.json["conversionEvent"].string == "conversion:\(ids[0])")
        let fields = "fields=conversions,cost_per_conversion,roas,spend,conversion:\(ids[0])&totals=true"
        for range in ["", "&range=last_7d&compare=previous"] {
            for (path, member) in TableRoute.all.map({ ($0.path, $0.member) }) + [("/api/insights", "insights")] {
                let answer = bench.get(path, "adAccountId=\(bench.id)&\(fields)\(range)").json
                for row in answer[member].list + [answer["totals"]] where !row["spend"].isNull {
                    #expect(row["conversions"].number == row["conversion:\(ids[0])"].number)
                    #expect(row["conversions"].number != nil && row["roas"].isNull)
                    guard let spend = row["spend"].number, let number = row["conversions"].number, number > 0 else {
                        continue
                    }
                    #expect(abs((row["cost_per_conversion"].number ?? -1) - spend / number) < 0.00001)
                }
            }
        }
        let sorted = bench.get("/api/ads", "adAccountId=\(bench.id)&\(fields)&sort=-cost_per_conversion").json["ads"]
            .list
        #expect(sorted.first?["conversions"].number == 0 || sorted.allSatisfy { $0["conversions"].number ?? 0 > 0 })
        let account = bench.get("/api/ad-accounts", "").json["adAccounts"][0]
        let totals = account["totals"]
        let days = "from=\(totals["date_start"].string ?? "")&to=\(totals["date_end"].string ?? "")"
        let own = bench.get("/api/insights", "adAccountId=\(bench.id)&\(fields)&\(days)").json["totals"]
        #expect(account["conversionEvent"].string == "conversion:\(ids[0])")
        #expect(totals["conversions"].number == own["conversions"].number && totals["conversions"].number ?? 0 > 0)
        #expect(totals["cost_per_conversion"].number == own["cost_per_conversion"].number)
    }

    @Test("conditions and orders accept them, and a file has them by their field names")
    func conditions() throws {
        let field = "conversion:\(ids[0])"
        let truth = truth("ad", "2000-01-01", "2000-01-01")
        #expect(truth.isEmpty)
        let all = bench.get("/api/ads", "adAccountId=\(bench.id)&fields=\(field)&sort=-\(field)").json["ads"].list
        let numbers = all.compactMap { $0[field].number }
        #expect(numbers == numbers.sorted(by: >) && numbers.count == all.count)
        let most = bench.ids(TableRoute.all[2], "where=\(field)>=\(Int(numbers[2]))")
        #expect(Set(most).isSuperset(of: all.prefix(3).compactMap { $0["id"].string }))
        #expect(most.count == numbers.filter { $0 >= numbers[2] }.count)
        let file = bench.get("/api/ads", "adAccountId=\(bench.id)&fields=\(field),name&format=csv&bom=false").text
        #expect(file.hasPrefix("id,\(field),name\r\n"))
    }

    @Test(
        "other names are refused",
        arguments: [
            "conversion:", "conversion:x", "conversion:1'", "conversion:-1", "conversion:123456789012345678901",
            "conversion:١",
        ]
    )
    func refused(name: String) {
        let value = QueryParameters([.init(name: "fields", value: name)]).encoded
        #expect(isError(bench.get("/api/ads", "adAccountId=\(bench.id)&\(value)"), 400, "FIELD_UNKNOWN"))
    }

    @Test("one that nobody has is zero, and more than twenty are refused")
    func bounds() {
        let many = { (count: Int) in (1...count).map { "conversion:\($0)" }.joined(separator: ",") }
        let query = "adAccountId=\(bench.id)&range=last_7d&fields="
        let rows = bench.get("/api/ads", query + many(20)).json["ads"].list
        #expect(!rows.isEmpty && rows.allSatisfy { $0["conversion:20"].number == 0 })
        #expect(isError(bench.get("/api/ads", query + many(21)), 400, "PARAMETER_INVALID"))
    }

    @Test("actions that cannot be read make the number unknown")
    func unknown() throws {
        try bench.sql(
            """
            UPDATE creatives SET custom_conversions = NULL;
            UPDATE insights_daily SET actions = NULL;
            UPDATE ad_accounts SET creatives_version = creatives_version + 1, insights_version = insights_version + 1
            """
        )
        let field = "conversion:\(ids[0])"
        for range in ["", "&range=last_7d"] {
            let query = "adAccountId=\(bench.id)&totals=true&fields=\(field),engagement\(range)&where=engagement>0"
            let answer = bench.get("/api/ads", query).json
            #expect(!answer["ads"].list.isEmpty && answer["ads"].list.allSatisfy { $0[field].isNull })
            #expect(answer["totals"][field].isNull)
        }
    }

    @Test("results of a custom conversion have its name, and one without a name its id")
    func results() throws {
        try bench.sql(
            """
            UPDATE campaigns SET results = 4, result_mix = NULL,
                result_indicator = 'actions:offsite_conversion.custom.\(ids[0])';
            UPDATE campaigns SET results = NULL, result_indicator = NULL,
                result_mix = '{"actions:offsite_conversion.custom.77": 2, "actions:lead": 1}'
            WHERE facebook_campaign_id = (SELECT min(facebook_campaign_id) FROM campaigns);
            UPDATE ad_accounts SET campaigns_version = campaigns_version + 1
            """
        )
        let name = bench.get("/api/custom-conversions").json["customConversions"].list
            .first { $0["id"].string == ids[0] }?["name"].string
        let query = "adAccountId=\(bench.id)&status=ALL&fields=result_type"
        let types = bench.get("/api/campaigns", query).json["campaigns"].list.map { $0["result_type"].string }
        #expect(name != nil && Set(types) == [name, "2 custom conversion 77 · 1 lead"])
    }
}
