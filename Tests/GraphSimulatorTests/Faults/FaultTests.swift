import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct FaultTests {
    let bench = Bench()

    @Test(
        "a fault occurs as often and where ordered, and then ends",
        arguments: [
            ("token_expired", 400, 190, 463), ("rate_limited", 400, 17, 2_446_079), ("permission", 403, 200, nil),
            ("transient", 500, 2, nil), ("error_in_200", 200, 2, nil),
        ] as [(String, Int, Int, Int?)]
    )
    func coded(name: String, status: Int, code: Int, subcode: Int?) {
        #expect(bench.order(#"{"fault":"\#(name)","path":"/campaigns","times":1,"account":"\#(accounts[0])"}"#) == 200)
        #expect(bench.get("\(accounts[0])/adsets")["error"] == nil)
        #expect(bench.get("\(accounts[1])/campaigns")["error"] == nil)
        let response = bench.send("GET", "/v23.0/\(accounts[0])/campaigns")
        let error = Bench.object(response)["error"] as? [String: Any]
        #expect(response.status == status)
        #expect(error?["code"] as? Int == code)
        #expect(error?["error_subcode"] as? Int == subcode)
        #expect(bench.get("\(accounts[0])/campaigns")["data"] != nil)
    }

    @Test("a rate limit reports the minutes to wait")
    func regain() {
        _ = bench.order(#"{"fault":"rate_limited","value":7}"#)
        let headers = bench.send("GET", "/v23.0/\(accounts[0])").headers
        #expect(headers["x-business-use-case-usage"]?.contains(#""estimated_time_to_regain_access":7"#) == true)
    }

    @Test("reduce_data affects only pages larger than its value")
    func reduceData() {
        _ = bench.order(#"{"fault":"reduce_data","value":50}"#)
        #expect(bench.get("\(accounts[0])/ads", ["limit": "50"])["data"] != nil)
        let error = bench.error("\(accounts[0])/ads", ["limit": "51"])
        #expect(error.status == 500)
        #expect(error.message == "Please reduce the amount of data you're asking for, then retry your request")
    }

    @Test("bodies can be broken")
    func broken() {
        _ = bench.order(#"{"fault":"body_not_json","times":1}"#)
        _ = bench.order(#"{"fault":"server_error_html","times":1}"#)
        let cut = bench.send("GET", "/v23.0/\(accounts[0])/ads")
        #expect(cut.status == 200)
        #expect(Bench.object(cut).isEmpty)
        let page = bench.send("GET", "/v23.0/\(accounts[0])/ads")
        #expect(page.status == 503)
        #expect(page.headers["Content-Type"]?.hasPrefix("text/html") == true)
    }

    @Test("latency is passed to the sleep closure in seconds, until faults are cleared")
    func latency() {
        _ = bench.order(#"{"fault":"latency","value":250}"#)
        #expect(bench.get("me")["id"] != nil)
        _ = bench.send("DELETE", "/_control")
        _ = bench.get("me")
        #expect(bench.slept == [0.25])
    }

    @Test("renaming and status changes raise updated_time, and parents change their children")
    func edits() throws {
        let path = "\(accounts[0])/campaigns"
        let active = ["effective_status": #"["ACTIVE"]"#, "fields": "name,updated_time"]
        let id = try #require(bench.all(path, active).first?["id"] as? String)
        #expect(bench.order(#"{"fault":"rename","id":"\#(id)","name":"Über 🚀"}"#) == 200)
        #expect(bench.order(#"{"fault":"status","id":"\#(id)","status":"PAUSED"}"#) == 200)
        let node = bench.get(id, ["fields": "name,status,updated_time"])
        #expect(node["name"] as? String == "Über 🚀")
        #expect(node["status"] as? String == "PAUSED")
        #expect(node["updated_time"] as? String == "2026-11-22T19:00:00-0800")
        let children = bench.all("\(id)/adsets", ["fields": "effective_status", "limit": "500"])
        #expect(children.allSatisfy { ["PAUSED", "CAMPAIGN_PAUSED"].contains($0["effective_status"] as? String) })
        #expect(bench.order(#"{"fault":"rename","id":"1","name":"x"}"#) == 404)
        #expect(bench.order(#"{"fault":"status","id":"\#(id)","status":"CAMPAIGN_PAUSED"}"#) == 400)
        #expect(bench.order(#"{"fault":"nonsense"}"#) == 400)
    }

    @Test("the clock edits objects, and updated_time shows when")
    func clock() {
        let since = Int(bench.time)
        let count = {
            let query = ["filtering": filter("updated_time", "GREATER_THAN", "\(since)"), "limit": "1000"]
            return accounts.flatMap { bench.all("\($0)/ads", query) + bench.all("\($0)/adsets", query) }.count
        }
        #expect(count() == 0)
        bench.time += 6 * 3600
        let later = count()
        #expect(later > 10)
        #expect(later <= 6 * 9)
    }

    @Test("calls are counted by kind, control requests are not")
    func counts() {
        _ = bench.all("\(accounts[0])/adsets", ["limit": "100"])
        _ = bench.get("\(accounts[0])/insights")
        let counts = Bench.object(bench.send("GET", "/_control"))
        #expect(counts["total"] as? Int == 3)
        #expect(counts["calls"] as? [String: Int] == ["GET act/adsets": 2, "GET act/insights": 1])
        _ = bench.send("DELETE", "/_control/calls")
        #expect(Bench.object(bench.send("GET", "/_control"))["total"] as? Int == 0)
    }
}
