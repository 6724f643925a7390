import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

/// Values remembered between calls must never show.
@Suite struct BigWorldTests {
    let bench = Bench(
        World(
            seed: 7,
            accounts: [AccountSpec(id: "42", name: "Big", currency: "EUR", campaigns: 50, adSets: 400, ads: 6000)]
        )
    )

    @Test("an edit is visible on the next page of the same query", arguments: ["insights", "report"])
    func edits(kind: String) throws {
        let question = ["level": "ad", "fields": "ad_id,ad_name", "date_preset": "last_3d", "limit": "1000"]
        var path = "act_42/insights"
        if kind == "report" {
            let posted = Bench.object(bench.send("POST", "/v23.0/\(path)", question))
            path = try #require(posted["report_run_id"] as? String) + "/insights"
            bench.time += 1
        }
        let row = try #require(bench.all(path, question).last)
        let id = try #require(row["ad_id"] as? String)
        #expect(bench.order(#"{"fault":"rename","id":"\#(id)","name":"Renamed"}"#) == 200)
        let name = try #require(bench.all(path, question).last)["ad_name"] as? String
        #expect(name == (kind == "report" ? row["ad_name"] as? String : "Renamed"))
    }

    @Test("a total is counted again after an edit")
    func totals() throws {
        let query = ["summary": "total_count", "effective_status": #"["ACTIVE"]"#]
        let total = { (bench.get("act_42/ads", query)["summary"] as? [String: Int])?["total_count"] ?? -1 }
        let before = total()
        #expect(total() == before)
        let id = try #require((bench.get("act_42/ads", query)["data"] as? [[String: Any]]).map(ids)?.first)
        #expect(bench.order(#"{"fault":"status","id":"\#(id)","status":"PAUSED"}"#) == 200)
        #expect(total() == before - 1)
    }

    @Test("small pages of a big query hold each row once")
    func pages() {
        let question = ["level": "ad", "fields": "ad_id", "time_increment": "1", "date_preset": "last_7d"]
        let large = bench.all("act_42/insights", question.merging(["limit": "5000"]) { $1 }) as NSArray
        #expect(large.count > 5000)
        #expect(bench.all("act_42/insights", question.merging(["limit": "450"]) { $1 }) as NSArray == large)
    }
}
