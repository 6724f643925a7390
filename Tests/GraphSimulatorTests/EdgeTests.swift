import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct EdgeTests {
    let bench = Bench()

    @Test(
        "the pages of an edge hold each object once, newest first",
        arguments: [("campaigns", 28, 10), ("adsets", 190, 25), ("ads", 1500, 1000), ("ads", 1500, 137)]
    )
    func pages(edge: String, count: Int, limit: Int) {
        let query = ["fields": "id,created_time", "limit": "\(limit)", "effective_status": everyStatus]
        let rows = bench.all("\(accounts[0])/\(edge)", query)
        let ids = rows.compactMap { $0["id"] as? String }
        #expect(ids.count == count)
        #expect(Set(ids).count == count)
        let numbers = ids.compactMap { Int($0) }
        #expect(numbers == numbers.sorted(by: >))
        #expect(numbers.allSatisfy { $0 > 1 << 53 })
    }

    @Test("a middle page has both links, the last one only cursors, an empty one no paging")
    func envelope() throws {
        let query = ["limit": "20", "effective_status": everyStatus, "access_token": GraphSimulator.demoToken]
        let first = bench.get("\(accounts[0])/campaigns", query)
        let paging = try #require(first["paging"] as? [String: Any])
        let next = try #require(paging["next"] as? String)
        #expect(next.hasPrefix("http://127.0.0.1:8080/simulator/v23.0/\(accounts[0])/campaigns?"))
        #expect(next.contains("access_token=\(GraphSimulator.demoToken)"))
        #expect(paging["previous"] == nil)
        let parts = try #require(URLComponents(string: next))
        let path = String(parts.path.dropFirst("/simulator".count))
        let request = HTTPRequest(path: path, query: parts.percentEncodedQuery ?? "")
        let last = Bench.object(bench.simulator.respond(to: request))
        #expect((last["data"] as? [Any])?.count == 8)
        let lastPaging = try #require(last["paging"] as? [String: Any])
        #expect(lastPaging["next"] == nil)
        #expect(lastPaging["cursors"] != nil)
        let none = bench.get("\(accounts[0])/campaigns", ["filtering": filter("name", "EQUAL", "\"none such\"")])
        #expect(none["paging"] == nil)
        #expect((none["data"] as? [Any])?.isEmpty == true)
    }

    @Test("the default page has 25 rows, and larger limits are capped silently")
    func sizes() {
        #expect((bench.get("\(accounts[0])/ads")["data"] as? [Any])?.count == 25)
        #expect((bench.get("\(accounts[0])/ads", ["limit": "100000"])["data"] as? [Any])?.count == 1000)
    }

    @Test("archived and deleted objects are listed only on request", arguments: ["campaigns", "adsets", "ads"])
    func hidden(edge: String) throws {
        let path = "\(accounts[0])/\(edge)"
        let fields = ["fields": "effective_status", "limit": "1000", "summary": "total_count"]
        let statuses = { (rows: [[String: Any]]) in Set(rows.compactMap { $0["effective_status"] as? String }) }
        #expect(statuses(bench.all(path, fields)).isDisjoint(with: ["ARCHIVED", "DELETED"]))
        let asked = fields.merging(["effective_status": #"["ARCHIVED","DELETED"]"#]) { $1 }
        #expect(statuses(bench.all(path, asked)) == ["ARCHIVED", "DELETED"])
        let all = fields.merging(["filtering": filter("effective_status", "IN", everyStatus)]) { $1 }
        let total = { (query: [String: String]) throws -> Int in
            try #require((bench.get(path, query)["summary"] as? [String: Int])?["total_count"])
        }
        #expect(try total(fields) + total(asked) == total(all))
        #expect(try total(asked) * 3 < total(all))
    }

    @Test("a node's children are the objects that name it")
    func children() throws {
        let ads = bench.all("\(accounts[1])/ads", ["fields": "campaign_id,adset_id", "limit": "500"])
        let campaign = try #require(ads.first?["campaign_id"] as? String)
        let adSet = try #require(ads.first?["adset_id"] as? String)
        let ids = { (rows: [[String: Any]]) in rows.compactMap { $0["id"] as? String } }
        #expect(ids(bench.all("\(campaign)/ads")) == ids(ads.filter { $0["campaign_id"] as? String == campaign }))
        #expect(ids(bench.all("\(adSet)/ads")) == ids(ads.filter { $0["adset_id"] as? String == adSet }))
        let adSets = bench.all("\(campaign)/adsets", ["fields": "campaign_id"])
        #expect(adSets.allSatisfy { $0["campaign_id"] as? String == campaign })
    }

    @Test(
        "filters accept Graph's operators and refuse others with Graph's error",
        arguments: [
            ("campaign.status", "EQUAL", "\"ACTIVE\"", ""), ("status", "IN", "[\"PAUSED\"]", ""),
            ("name", "CONTAIN", "\"SALE\"", ""), ("campaign.updated_time", "GREATER_THAN", "1790000000", ""),
            ("created_time", "IN_RANGE", "[1780000000,1790000000]", ""),
            ("name", "NOT_EQUAL", "\"a\"", "Filtering field 'name' with operation 'not_equal' is not supported"),
            ("updated_time", "EQUAL", "1", "Filtering field 'updated_time' with operation 'equal' is not supported"),
            ("configured_status", "EQUAL", "\"ACTIVE\"", "Filtering field 'configured_status' is not supported"),
            ("ad.id", "IN", "[\"1\"]", "Filtering field 'ad.id' is not supported"),
            ("nonsense", "IS", "1", "Param filtering[0][operator] must be one of {EQUAL, NOT_EQUAL, GREATER_THAN,"),
        ]
    )
    func filters(field: String, operator: String, value: String, message: String) {
        let path = "\(accounts[0])/campaigns"
        let query = ["filtering": filter(field, `operator`, value), "fields": "name,status"]
        guard message.isEmpty else {
            let error = bench.error(path, query)
            #expect(error.status == 400)
            #expect(error.code == 100)
            #expect(error.message.hasPrefix("(#100) \(message)"))
            return
        }
        let rows = bench.all(path, query)
        #expect(!rows.isEmpty)
        #expect(rows.count < 28)
    }

    @Test("updated_time GREATER_THAN is strict to the second")
    func strict() throws {
        let newest = bench.simulator.world.accounts[0].ads.filter { $0.status == .active }.map(\.updated).max() ?? 0
        let count = { (time: Int) in
            let query = ["filtering": filter("ad.updated_time", "GREATER_THAN", "\(time)"), "summary": "true"]
            return (bench.get("\(accounts[0])/ads", query)["summary"] as? [String: Int])?["total_count"] ?? -1
        }
        #expect(count(newest - 1) > count(newest))
    }

    @Test("an invalid cursor is refused with 2642", arguments: ["x", "MjQZD", "QVFIUnNvbWV0aGluZw", ""])
    func cursors(cursor: String) {
        let error = bench.error("\(accounts[0])/ads", ["after": cursor])
        #expect(error.status == 400)
        #expect(error.code == 2642)
    }

    @Test("every cursor leads back to its position")
    func roundTrip() {
        #expect(Cursor.offset(0) == "MAZDZD")
        #expect((0..<3000).allSatisfy { Cursor.offset(Cursor.offset($0)) == $0 })
        let ids = bench.simulator.world.accounts.flatMap { $0.ads.map(\.id) }
        #expect(ids.allSatisfy { Cursor.objectID(Cursor.object($0)) == $0 })
    }

    @Test("a cursor stays valid while objects around it are hidden")
    func survivingCursor() throws {
        let query = ["limit": "5"]
        let first = bench.get("\(accounts[0])/ads", query)
        let ids = (first["data"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
        let second = bench.all("\(accounts[0])/ads", ["limit": "1000"]).compactMap { $0["id"] as? String }[5]
        let cursors = try #require((first["paging"] as? [String: Any])?["cursors"] as? [String: String])
        #expect(bench.order(#"{"fault":"status","id":"\#(ids[4])","status":"DELETED"}"#) == 200)
        let next = bench.get("\(accounts[0])/ads", ["limit": "5", "after": try #require(cursors["after"])])
        #expect((next["data"] as? [[String: Any]])?.first?["id"] as? String == second)
    }
}
