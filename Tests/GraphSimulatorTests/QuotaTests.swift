import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct QuotaTests {
    let bench = Bench()

    private func code(_ path: String = accounts[0]) -> Int? { bench.error(path).code }

    private func header(_ name: String, _ path: String = accounts[0]) throws -> [String: Any] {
        let value = try #require(bench.send("GET", "/v23.0/\(path)").headers[name])
        return try #require(try JSONSerialization.jsonObject(with: Data(value.utf8)) as? [String: Any])
    }

    @Test("the development tier allows 60 reads, then blocks for 300 seconds")
    func development() throws {
        _ = bench.order(#"{"fault":"quota","tier":"development"}"#)
        for _ in 0..<59 { #expect(code() == nil) }
        let full = try header("x-ad-account-usage")
        #expect(full["acc_id_util_pct"] as? Double == 100)
        #expect(full["reset_time_duration"] as? Int == 300)
        #expect(full["ads_api_access_tier"] as? String == "development_access")
        let refused = bench.send("GET", "/v23.0/\(accounts[0])")
        #expect(refused.status == 400)
        #expect(refused.headers["Retry-After"] == nil)
        #expect(refused.headers["x-business-use-case-usage"]?.contains(#""estimated_time_to_regain_access":5"#) == true)
        #expect(Bench.object(refused)["error"].map { "\($0)" }?.contains("2446079") == true)
        #expect(code(accounts[1]) == nil)
        bench.time += 300
        #expect(code() == nil)
        #expect(bench.counts["refused"] as? Int == 1)
        #expect(bench.counts["whileBlocked"] as? Int == 0)
    }

    @Test("a call during a block is counted and restarts the block")
    func prolongs() {
        _ = bench.order(#"{"fault":"quota","score":5,"window":10,"block":10}"#)
        for _ in 0..<5 { #expect(code() == nil) }
        #expect(code() == 17)
        bench.time += 6
        #expect(code() == 17)
        bench.time += 6
        #expect(code() == 17)
        #expect(bench.counts["whileBlocked"] as? Int == 2)
        bench.time += 10
        #expect(code() == nil)
    }

    @Test("during the grace period pending calls are refused without a penalty")
    func grace() {
        _ = bench.order(#"{"fault":"quota","score":2,"window":10,"block":10,"grace":1}"#)
        #expect([code(), code(), code(), code()] == [nil, nil, 17, 17])
        bench.time += 0.5
        #expect(code() == 17)
        #expect(bench.counts["whileBlocked"] as? Int == 0)
        bench.time += 1
        #expect(code() == 17)
        #expect(bench.counts["whileBlocked"] as? Int == 1)
        #expect(bench.counts["refused"] as? Int == 4)
    }

    @Test("the score drains evenly, and a write costs three reads")
    func score() throws {
        _ = bench.order(#"{"fault":"quota","score":10,"window":100,"block":10}"#)
        _ = bench.send("POST", "/v23.0/\(accounts[0])/insights", ["date_preset": "today"])
        #expect(try header("x-ad-account-usage")["acc_id_util_pct"] as? Double == 40)
        bench.time += 20
        #expect(try header("x-ad-account-usage")["acc_id_util_pct"] as? Double == 30)
    }

    @Test(
        "an hour's calls are counted by kind, and become possible again as they age",
        arguments: [("management", "", 80_004), ("insights", "/insights", 80_000)]
    )
    func hours(member: String, edge: String, code expected: Int) throws {
        _ = bench.order(#"{"fault":"quota","tier":"standard","hour":60,"\#(member)":4}"#)
        let path = accounts[0] + edge
        let other = edge.isEmpty ? "\(accounts[0])/insights" : accounts[0]
        for _ in 0..<3 { #expect(code(path) == nil) }
        let usage = try header("x-business-use-case-usage", path)
        let entries = try #require(usage[World.demo.accounts[0].id] as? [[String: Any]])
        #expect(entries.map { $0["type"] as? String } == ["ads_\(member)"])
        #expect(entries.first?["call_count"] as? Int == 100)
        #expect(entries.first?["estimated_time_to_regain_access"] as? Int == 1)
        #expect(code(path) == expected)
        #expect(code(other) == nil)
        bench.time += 61
        #expect(code(path) == nil)
        #expect(bench.counts["whileBlocked"] as? Int == 0)
    }

    @Test("the app has its own limits")
    func app() throws {
        _ = bench.order(#"{"fault":"quota","tier":"standard","app":3}"#)
        #expect([code("me"), code(accounts[0]), code(accounts[1])] == [nil, nil, nil])
        #expect(try header("x-app-usage")["call_count"] as? Int == 100)
        #expect(code("me") == 4)
        _ = bench.send("DELETE", "/_control")
        _ = bench.order(#"{"fault":"quota","tier":"standard","throttle":2}"#)
        #expect(try header("x-fb-ads-insights-throttle", "\(accounts[0])/insights")["app_id_util_pct"] as? Int == 50)
        #expect([code("\(accounts[1])/insights"), code("\(accounts[2])/insights"), code("me")] == [nil, 4, nil])
    }

    @Test("a quota can apply to one account, and clearing faults removes it")
    func scope() {
        _ = bench.order(#"{"fault":"quota","account":"\#(accounts[0])","score":1}"#)
        #expect([code(), code(), code(accounts[1]), code(accounts[1])] == [nil, 17, nil, nil])
        _ = bench.send("DELETE", "/_control")
        #expect(code() == nil)
        #expect(bench.order(#"{"fault":"quota","tier":"golden"}"#) == 400)
    }
}
