import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct InsightsTests {
    let bench = Bench()
    let fields = "ad_id,adset_id,campaign_id,spend,impressions,clicks,reach,frequency,actions,action_values"

    /// Money in hundredths, so that sums are exact.
    private func total(_ rows: [[String: Any]], _ field: String) -> Int {
        rows.reduce(0) { $0 + Int((Double($1[field] as? String ?? "0")! * 100).rounded()) }
    }

    private func actions(_ rows: [[String: Any]], _ field: String) -> [String: Int] {
        rows.flatMap { $0[field] as? [[String: String]] ?? [] }.reduce(into: [:]) { sums, entry in
            sums[entry["action_type"]!, default: 0] += Int((Double(entry["value"]!)! * 100).rounded())
        }
    }

    private func rows(_ path: String, _ query: [String: String]) -> [[String: Any]] {
        bench.all(path, ["fields": fields, "limit": "1000"].merging(query) { $1 })
    }

    @Test("parents are the exact sums of their children, archived ones included", arguments: [0, 1, 2])
    func sums(place: Int) {
        let path = "\(accounts[place])/insights"
        let range = ["time_range": #"{"since":"2026-11-01","until":"2026-11-23"}"#]
        let account = rows(path, range)
        #expect(account.count == 1)
        for level in [Level.campaign, .adset, .ad] {
            let all = ["level": level.name, "filtering": filter("\(level.name).effective_status", "IN", everyStatus)]
            let children = rows(path, range.merging(all) { $1 })
            for field in ["spend", "impressions", "clicks"] { #expect(total(children, field) == total(account, field)) }
            for field in ["actions", "action_values"] {
                #expect(
                    actions(children, field)
                        == actions(account, field)
                )
            }
            let shown = rows(path, range.merging(["level": level.name]) { $1 })
            #expect(shown.count <= children.count)
            if level == .ad { #expect(shown.count < children.count) }
        }
    }

    @Test("a range is the sum of its days, but its reach is smaller")
    func days() {
        let path = "\(accounts[0])/insights"
        let whole = rows(path, ["date_preset": "last_7d"])
        let daily = rows(path, ["date_preset": "last_7d", "time_increment": "1"])
        #expect(daily.count == 7)
        #expect(daily.allSatisfy { $0["date_start"] as? String == $0["date_stop"] as? String })
        #expect(daily.last?["date_stop"] as? String == "2026-11-21")
        #expect(total(daily, "spend") == total(whole, "spend"))
        #expect(total(daily, "reach") > total(whole, "reach"))
        #expect(rows(path, ["date_preset": "last_7d", "time_increment": "3"]).count == 3)
        #expect(
            actions(daily, "actions")
                == actions(whole, "actions")
        )
    }

    @Test("rows exist only for days with delivery, each once over all pages")
    func paging() throws {
        let query = ["level": "ad", "time_increment": "1", "date_preset": "last_7d", "fields": "ad_id,impressions"]
        let all = rows("\(accounts[1])/insights", query)
        let paged = rows("\(accounts[1])/insights", query.merging(["limit": "333"]) { $1 })
        let keys = paged.map { "\($0["ad_id"] ?? "") \($0["date_start"] ?? "")" }
        #expect(Set(keys).count == keys.count)
        #expect(paged.count == all.count)
        #expect(all.allSatisfy { Int($0["impressions"] as? String ?? "0")! > 0 })
        let first = bench.get("\(accounts[1])/insights", query)
        let cursors = try #require((first["paging"] as? [String: Any])?["cursors"] as? [String: String])
        #expect(cursors == ["before": "MAZDZD", "after": "MjQZD"])
    }

    @Test("yen have no decimals, other currencies two at most; spend is a text")
    func currencies() {
        for (place, digits) in [(0, 2), (1, 0), (2, 2)] {
            let spends = rows("\(accounts[place])/insights", ["level": "ad"]).compactMap { $0["spend"] as? String }
            let decimals = spends.map { $0.split(separator: ".").dropFirst().first?.count ?? 0 }
            #expect(spends.count > 100)
            #expect(decimals.max() == digits)
        }
    }

    @Test("today is the account's own, and its numbers grow")
    func today() {
        let today = { (account: String) in rows("\(account)/insights", ["date_preset": "today"]) }
        #expect(
            accounts.map { today($0).first?["date_start"] as? String } == ["2026-11-22", "2026-11-23", "2026-11-23"]
        )
        let early = today(accounts[1])
        bench.time += 4 * 3600
        #expect(total(today(accounts[1]), "spend") > total(early, "spend"))
    }

    @Test("nodes have their own insights, even deleted ones")
    func nodes() throws {
        let query = ["filtering": filter("campaign.effective_status", "IN", everyStatus), "date_preset": "maximum"]
        for row in rows("\(accounts[2])/insights", query.merging(["level": "campaign"]) { $1 }).prefix(5) {
            let id = try #require(row["campaign_id"] as? String)
            let ads = filter("ad.effective_status", "IN", everyStatus)
            let below = rows("\(id)/insights", ["date_preset": "maximum", "level": "ad", "filtering": ads])
            #expect(total(below, "spend") == total([row], "spend"))
        }
    }

    @Test(
        "impossible ranges and fields are refused",
        arguments: [
            ("time_range", #"{"since":"2023-10-21","until":"2023-10-31"}"#, 3018),
            ("time_range", #"{"since":"2026-11-02","until":"2026-11-01"}"#, 100), ("time_range", "{}", 100),
            ("date_preset", "lifetime", 100), ("level", "page", 100), ("fields", "spend,x", 100),
            ("time_increment", "91", 100), ("after", "x", 2642),
        ]
    )
    func refusals(name: String, value: String, code: Int) {
        let error = bench.error("\(accounts[0])/insights", [name: value])
        #expect(error.status == 400)
        #expect(error.code == code)
    }

    @Test("ratios match the counts from which they are computed")
    func ratios() throws {
        let query = ["level": "campaign", "fields": "spend,impressions,clicks,ctr,cpc,cpm,reach,frequency"]
        for row in rows("\(accounts[0])/insights", query) {
            let number = { (name: String) in Double(row[name] as? String ?? "") ?? .nan }
            #expect(abs(number("ctr") - number("clicks") / number("impressions") * 100) < 1e-6)
            #expect(abs(number("cpm") - number("spend") / number("impressions") * 1000) < 1e-6)
            #expect(number("reach") <= number("impressions"))
        }
    }

    @Test("the same seed gives the same numbers, another seed others; a frozen world does not change")
    func determinism() {
        let body = { (bench: Bench) in
            bench.send("GET", "/v23.0/\(accounts[0])/insights", ["date_preset": "today"]).body
        }
        #expect(body(bench) == body(Bench()))
        var other = World.demo
        other.seed += 1
        #expect(body(bench) != body(Bench(other)))
        #expect(bench.order(#"{"fault":"freeze"}"#) == 200)
        let ads = {
            bench.all("\(accounts[2])/ads", ["fields": "name,updated_time,status", "limit": "1000"]) as NSArray
        }
        let (frozenBody, frozenAds) = (body(bench), ads())
        bench.time += 4 * 3600
        #expect(body(bench) == frozenBody)
        #expect(ads() == frozenAds)
        _ = bench.send("DELETE", "/_control")
        #expect(ads() != frozenAds)
    }
}
