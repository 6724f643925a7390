import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct MovingDataTests {
    let bench = Bench(Self.small)
    private let days = ["time_increment": "1", "time_range": #"{"since":"2026-11-01","until":"2026-11-22"}"#]

    /// The demo's accounts with fewer objects.
    private static let small: World = {
        var world = World.demo
        for place in world.accounts.indices {
            world.accounts[place].campaigns = 9
            world.accounts[place].adSets = 40
            world.accounts[place].ads = 240
        }
        return world
    }()

    private func rows(_ level: String, _ account: String = accounts[0]) -> [[String: Any]] {
        let all = ["filtering": filter("ad.effective_status", "IN", everyStatus), "level": level, "limit": "5000"]
        let fields = "ad_id,spend,impressions,clicks,inline_link_clicks,actions,action_values"
        return bench.all("\(account)/insights", days.merging(all) { $1 }.merging(["fields": fields]) { $1 })
    }

    /// Every additive number by day, in hundredths.
    private func sums(_ rows: [[String: Any]]) -> [String: [String: Int]] {
        var sums: [String: [String: Int]] = [:]
        for row in rows {
            let day = row["date_start"] as? String ?? ""
            for name in ["spend", "impressions", "clicks", "inline_link_clicks"] {
                sums[day, default: [:]][name, default: 0] += hundredths(row[name])
            }
            for name in ["actions", "action_values"] {
                for entry in row[name] as? [[String: String]] ?? [] {
                    let key = "\(name) \(entry["action_type"] ?? "")"
                    sums[day, default: [:]][key, default: 0] += hundredths(entry["value"])
                }
            }
        }
        return sums
    }

    private func hundredths(_ value: Any?) -> Int { Int((Double(value as? String ?? "0")! * 100).rounded()) }

    private func purchases(_ sums: [String: [String: Int]]) -> [String: Int] {
        sums.mapValues { $0["actions omni_purchase"] ?? 0 }
    }

    @Test("each day of an account is exactly the sum of its ads, before and after restatements", arguments: [0, 1])
    func additive(place: Int) {
        for order in ["", #"{"fault":"restate","percent":13}"#, #"{"fault":"restate","move":true}"#] {
            if !order.isEmpty { #expect(bench.order(order) == 200) }
            let account = sums(rows("account", accounts[place]))
            #expect(account.count == 22)
            #expect(sums(rows("ad", accounts[place])) == account)
        }
    }

    @Test("a restatement changes conversions of the last days only, once and permanently")
    func restates() {
        let before = sums(rows("account"))
        #expect(bench.order(#"{"fault":"restate","days":7,"percent":50,"account":"\#(accounts[0])"}"#) == 200)
        let after = sums(rows("account"))
        let changed = purchases(before).filter { purchases(after)[$0.key] != $0.value }.keys.sorted()
        #expect(changed.first == "2026-11-16")
        #expect(changed.last == "2026-11-22")
        #expect(before.mapValues { $0["spend"] } == after.mapValues { $0["spend"] })
        #expect(purchases(after)["2026-11-20"]! > purchases(before)["2026-11-20"]!)
        #expect(sums(rows("account")) == after)
        let other = Bench(Self.small)
        _ = other.order(#"{"fault":"restate","days":7,"percent":50}"#)
        #expect(
            other.send("GET", "/v23.0/\(accounts[0])/insights").body
                == bench.send("GET", "/v23.0/\(accounts[0])/insights").body
        )
    }

    @Test("moved conversions change ads and campaigns, but not the account")
    func moves() throws {
        let (account, ads, campaigns) = (rows("account"), rows("ad"), rows("campaign"))
        let moved = try #require(
            bench.ordered(#"{"fault":"restate","days":3,"move":true}"#)["moved"] as? [[String: Any]]
        )
        #expect(moved.filter { $0["date"] as? String == "2026-11-21" }.count == 3)
        #expect(rows("account") as NSArray == account as NSArray)
        #expect(rows("ad") as NSArray != ads as NSArray)
        #expect(rows("campaign") as NSArray != campaigns as NSArray)
        let from = try #require(moved.first?["from"] as? String)
        let day = try #require(moved.first?["date"] as? String)
        let row = rows("ad").first { $0["ad_id"] as? String == from && $0["date_start"] as? String == day }
        #expect((row?["actions"] as? [[String: String]])?.contains { $0["action_type"] == "purchase" } != true)
    }

    @Test("created objects come first in their listings and run from today on", arguments: ["campaign", "adset", "ad"])
    func creates(level: String) throws {
        let parents = ["campaign": nil, "adset": "campaigns", "ad": "adsets"][level] ?? nil
        let parent = parents.map { ids(bench.all("\(accounts[0])/\($0)")).first ?? "" } ?? accounts[0]
        let order = #"{"fault":"create","level":"\#(level)","parent":"\#(parent)","name":"New"}"#
        let made = try #require(bench.ordered(order)["id"] as? String)
        let second = try #require(bench.ordered(order)["id"] as? String)
        let query = ["fields": "name,status,created_time", "limit": "2"]
        let page = bench.get("\(accounts[0])/\(level)s", query)["data"] as? [[String: Any]] ?? []
        #expect(ids(page) == [second, made])
        #expect(page.first?["created_time"] as? String == "2026-11-22T19:00:00-0800")
        #expect(bench.get(made, ["fields": "name"])["name"] as? String == "New")
        #expect(bench.order(#"{"fault":"create","level":"page"}"#) == 400)
        #expect(bench.order(#"{"fault":"create","level":"ad","parent":"\#(accounts[0])"}"#) == 400)
        if level == "ad" {
            bench.time += 4 * 3600
            #expect(Set(rows("ad").compactMap { $0["ad_id"] as? String }).contains(made))
        }
    }

    @Test("purged objects and their children disappear, but their numbers stay")
    func purges() throws {
        let before = rows("account") as NSArray
        let campaign = try #require(ids(bench.all("\(accounts[0])/campaigns")).last)
        let ad = try #require(ids(bench.all("\(campaign)/ads", ["effective_status": everyStatus])).first)
        #expect(bench.order(#"{"fault":"purge","id":"\#(campaign)"}"#) == 200)
        for (edge, id) in [("campaigns", campaign), ("ads", ad)] {
            #expect(bench.error(id).code == 100)
            let all = ["effective_status": everyStatus, "limit": "1000"]
            #expect(!ids(bench.all("\(accounts[0])/\(edge)", all)).contains(id))
        }
        #expect(rows("account") as NSArray == before)
        #expect(bench.order(#"{"fault":"purge","id":"1"}"#) == 404)
    }

    @Test("an ad can be listed while its ad set is not", arguments: [false, true])
    func orphans(isGone: Bool) throws {
        let answer = bench.ordered(#"{"fault":"orphan","account":"\#(accounts[1])","gone":\#(isGone)}"#)
        let ad = try #require(answer["ad"] as? String)
        let adSet = try #require(answer["adset"] as? String)
        let all = ["limit": "1000", "fields": "adset_id"]
        let listed = bench.all("\(accounts[1])/ads", all).first { $0["id"] as? String == ad }
        #expect(listed?["adset_id"] as? String == adSet)
        #expect(
            !ids(bench.all("\(accounts[1])/adsets", ["effective_status": everyStatus, "limit": "1000"])).contains(adSet)
        )
        #expect(bench.error(adSet).code == (isGone ? 100 : nil))
    }

    @Test("objects appear, disappear and change between the pages of a listing")
    func churn() {
        let before = Set(ids(bench.all("\(accounts[0])/ads", ["limit": "1000"])))
        _ = bench.order(#"{"fault":"churn","every":2,"edge":"ads"}"#)
        let read = ids(bench.all("\(accounts[0])/ads", ["limit": "20", "fields": "name"]))
        _ = bench.send("DELETE", "/_control")
        let after = bench.all("\(accounts[0])/ads", ["limit": "1000", "fields": "name"])
        #expect(!Set(ids(after)).subtracting(before).isEmpty)
        #expect(!before.subtracting(ids(after)).isEmpty)
        #expect(after.contains { ($0["name"] as? String)?.hasSuffix(")") == true })
        #expect(Set(read) != Set(ids(after)))
        #expect(ids(bench.all("\(accounts[0])/ads", ["limit": "20"])) == ids(after))
    }

    @Test("budgets, bids and schedules can be edited on the object that has them")
    func settings() throws {
        let fields = [
            "fields": "daily_budget,lifetime_budget,bid_amount,bid_strategy,end_time,updated_time", "limit": "500",
        ]
        let adSets = bench.all("\(accounts[0])/adsets", fields)
        let own = try #require(adSets.first { $0["daily_budget"] != nil }?["id"] as? String)
        let other = try #require(adSets.first { $0["daily_budget"] == nil }?["id"] as? String)
        #expect(bench.order(#"{"fault":"budget","id":"\#(own)","value":4321}"#) == 200)
        #expect(bench.order(#"{"fault":"bid","id":"\#(own)","value":77}"#) == 200)
        #expect(bench.order(#"{"fault":"schedule","id":"\#(own)","end":1796000000}"#) == 200)
        let node = bench.get(own, fields)
        #expect(node["daily_budget"] as? String == "4321")
        #expect(node["lifetime_budget"] as? String == "0")
        #expect(node["bid_amount"] as? Int == 77)
        #expect(node["bid_strategy"] as? String == "COST_CAP")
        #expect(node["end_time"] as? String == "2026-11-29T16:53:20-0800")
        #expect(node["updated_time"] as? String == "2026-11-22T19:00:00-0800")
        #expect(bench.order(#"{"fault":"schedule","id":"\#(own)","end":0}"#) == 200)
        #expect(bench.get(own, fields)["end_time"] == nil)
        #expect(bench.order(#"{"fault":"budget","id":"\#(other)","value":4321}"#) == 400)
        #expect(bench.order(#"{"fault":"schedule","id":"\#(own)"}"#) == 400)
    }

    @Test("without a status filter, archived ads are missing from their level but not from the one above")
    func hidden() {
        let query = ["date_preset": "last_90d", "limit": "5000", "fields": "campaign_id,spend"]
        let spend = { (query: [String: String]) in
            bench.all("\(accounts[0])/insights", query).reduce(0) { $0 + hundredths($1["spend"]) }
        }
        let ads = spend(query.merging(["level": "ad"]) { $1 })
        let campaigns = spend(query.merging(["level": "campaign"]) { $1 })
        let account = spend(query)
        #expect(ads < campaigns)
        #expect(campaigns < account)
    }

    @Test("a summary adds up all rows, including those of other pages")
    func summary() throws {
        let query = [
            "level": "ad", "date_preset": "last_7d", "fields": "ad_id,spend,impressions", "default_summary": "true",
        ]
        let page = bench.get("\(accounts[0])/insights", query)
        let summary = try #require(page["summary"] as? [String: String])
        let all = bench.all("\(accounts[0])/insights", query.merging(["limit": "5000"]) { $1 })
        #expect(Set(summary.keys) == ["spend", "impressions", "date_start", "date_stop"])
        #expect(hundredths(summary["impressions"]) == all.reduce(0) { $0 + hundredths($1["impressions"]) })
        #expect(hundredths(summary["spend"]) == all.reduce(0) { $0 + hundredths($1["spend"]) })
    }
}
