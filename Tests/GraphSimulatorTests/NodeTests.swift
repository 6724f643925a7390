import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct NodeTests {
    let bench = Bench()

    @Test("the token's accounts have their currency, zone and current offset")
    func accountList() {
        let rows = bench.all("me/adaccounts", ["fields": "name,currency,timezone_name,timezone_offset_hours_utc"])
        #expect(rows.compactMap { $0["id"] as? String } == accounts)
        #expect(rows.compactMap { $0["currency"] as? String } == ["USD", "JPY", "EUR"])
        #expect(rows.compactMap { $0["timezone_offset_hours_utc"] as? Double } == [-8, 9, 1])
        #expect(bench.all("me/adaccounts", ["limit": "1"]).count == 3)
    }

    @Test("a node returns the requested fields and its id; without fields only the default ones")
    func fields() throws {
        let ad = try #require(bench.all("\(accounts[2])/ads").first?["id"] as? String)
        #expect(Set(bench.get(ad).keys) == ["id"])
        #expect(Set(bench.get(accounts[2]).keys) == ["id", "account_id"])
        let node = bench.get(ad, ["fields": "name,creative{object_type},campaign{objective}"])
        #expect(Set(node.keys) == ["id", "name", "creative", "campaign"])
        #expect(Set((node["creative"] as? [String: Any] ?? [:]).keys) == ["id", "object_type"])
        #expect(Set((node["campaign"] as? [String: Any] ?? [:]).keys) == ["id", "objective"])
    }

    @Test(
        "one bad field fails the whole call",
        arguments: [
            ("campaigns", "id,x", 100, "(#100) Tried accessing nonexisting field (x) on node type (Campaign)"),
            ("adsets", "objective", 100, "(#100) Tried accessing nonexisting field (objective) on node type (AdSet)"),
            ("ads", "creative{x}", 100, "(#100) Tried accessing nonexisting field (x) on node type (AdCreative)"),
            ("ads", "id,,name", 2500, #"Syntax error "Expected end of string instead of ",".""#),
            ("ads", "id{", 2500, "Syntax error"), ("ads", "id}", 2500, "Syntax error"),
        ]
    )
    func badFields(edge: String, fields: String, code: Int, message: String) {
        let error = bench.error("\(accounts[0])/\(edge)", ["fields": fields])
        #expect(error.status == 400)
        #expect(error.code == code)
        #expect(error.message.hasPrefix(message))
    }

    @Test("either the campaign or its ad sets have a budget, never both")
    func budgets() {
        let campaigns = bench.all("\(accounts[0])/campaigns", ["fields": "daily_budget,lifetime_budget"])
        for campaign in campaigns.prefix(8) {
            let id = campaign["id"] as? String ?? ""
            let owns = campaign["daily_budget"] != nil || campaign["lifetime_budget"] != nil
            for adSet in bench.all("\(id)/adsets", ["fields": "daily_budget,lifetime_budget"]) {
                #expect((adSet["daily_budget"] != nil) != owns)
                #expect((adSet["lifetime_budget"] != nil) != owns)
            }
        }
    }

    @Test("archived and deleted objects can be read by their id, and children follow their parents")
    func effective() {
        let query = ["fields": "status,effective_status,adset{effective_status}", "effective_status": everyStatus]
        for ad in bench.all("\(accounts[0])/ads", query.merging(["limit": "1000"]) { $1 }).prefix(300) {
            let parent = (ad["adset"] as? [String: Any])?["effective_status"] as? String
            let status = ad["effective_status"] as? String
            if parent == "DELETED" { #expect(status == "DELETED") }
            if parent == "PAUSED", ad["status"] as? String == "ACTIVE" { #expect(status == "ADSET_PAUSED") }
            if parent == "CAMPAIGN_PAUSED", ad["status"] as? String == "ACTIVE" { #expect(status == "CAMPAIGN_PAUSED") }
            if status == "DELETED" { #expect(bench.get(ad["id"] as? String ?? "")["id"] != nil) }
        }
    }

    @Test("times carry the offset that was in force at that moment")
    func offsets() {
        let clock = AccountClock(zone: "America/Los_Angeles")
        #expect(clock.text(1_710_280_967) == "2024-03-12T15:02:47-0700")
        #expect(clock.text(1_705_104_000) == "2024-01-12T16:00:00-0800")
        #expect(AccountClock(zone: "Asia/Kolkata").text(0).hasSuffix("+0530"))
        let berlin = AccountClock(zone: "Europe/Berlin")
        let changes = CivilDate.day(2026, 10, 25)
        #expect(berlin.start(of: changes + 1) - berlin.start(of: changes) == 25 * 3600)
        #expect(CivilDate.months(37, before: CivilDate.day(2026, 3, 31)) == CivilDate.day(2023, 2, 28))
        #expect(CivilDate.day("2024-02-29") == CivilDate.day(2024, 2, 29))
        #expect(CivilDate.day("2025-02-29") == nil)
    }

    @Test(
        "unknown accounts and objects are refused with 100/33",
        arguments: ["act_1", "120208325579370399", "act_1/ads"]
    )
    func unknown(path: String) {
        let response = bench.send("GET", "/v23.0/\(path)")
        let error = Bench.object(response)["error"] as? [String: Any]
        #expect(response.status == 400)
        #expect(error?["code"] as? Int == 100)
        #expect(error?["error_subcode"] as? Int == 33)
        #expect(error?["type"] as? String == "GraphMethodException")
    }

    @Test("names survive Facebook's escapes, and bodies are plain ASCII")
    func escapes() throws {
        let text = "a/b \"c\" <b> é 日本 👨‍👩‍👧‍👦 \u{202F}\n\\"
        let written = JSON.object([("name", .string(text))]).text
        #expect(written.allSatisfy { $0 < 0x80 })
        let read = try JSONDecoder().decode([String: String].self, from: Data(written))
        #expect(read["name"] == text)
        #expect(String(decoding: JSON.string("é/👍").text, as: UTF8.self) == #""\u00e9\/\ud83d\udc4d""#)
        let body = bench.send("GET", "/v23.0/\(accounts[1])/ads", ["fields": "name", "limit": "500"]).body
        #expect(body.allSatisfy { $0 < 0x80 })
        let named = bench.all("\(accounts[1])/ads", ["fields": "name", "limit": "500"])
        #expect(named.contains { ($0["name"] as? String)?.contains("𠮷田") == true })
    }
}
