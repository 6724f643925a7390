import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct BodyFaultTests {
    let bench = Bench()
    private var ads: String { "/v23.0/\(accounts[0])/ads" }

    @Test(
        "every Graph error can be ordered",
        arguments: [
            (#""status":400,"code":80004,"subcode":2446079,"message":"m""#, 400, 80_004, 2_446_079, "m"),
            (#""code":190,"subcode":460"#, 400, 190, 460, "(#190) Error validating access token"),
            (#""status":403,"code":"4","transient":true"#, 403, 4, nil, "(#4) Application request limit reached"),
        ] as [(String, Int, Int, Int?, String)]
    )
    func errors(members: String, status: Int, code: Int, subcode: Int?, message: String) {
        #expect(bench.order("{\"fault\":\"error\",\(members),\"times\":1}") == 200)
        let response = bench.send("GET", ads)
        let error = Bench.object(response)["error"] as? [String: Any]
        #expect(response.status == status)
        #expect(error?["code"] as? Int == code)
        #expect(error?["error_subcode"] as? Int == subcode)
        #expect(error?["message"] as? String == message)
        #expect(error?["is_transient"] as? Bool == (code == 4 ? true : nil))
        #expect((response.headers["WWW-Authenticate"] != nil) == (code == 190))
        #expect(bench.send("GET", ads).status == 200)
    }

    @Test("an ordered error reports the minutes to wait")
    func minutes() {
        _ = bench.order(#"{"fault":"error","code":80000,"minutes":9}"#)
        let usage = bench.send("GET", "/v23.0/\(accounts[0])/insights").headers["x-business-use-case-usage"]
        #expect(usage?.contains(#""estimated_time_to_regain_access":9"#) == true)
    }

    @Test("codes and error_data can be sent as texts")
    func texts() {
        _ = bench.order(#"{"fault":"error_data_text","code":2,"subcode":1504043,"status":500}"#)
        let response = bench.send("GET", ads)
        let error = Bench.object(response)["error"] as? [String: Any]
        #expect(response.status == 500)
        #expect(error?["code"] as? String == "2")
        #expect(error?["error_subcode"] as? String == "1504043")
        #expect(error?["error_data"] as? String == #"{"blame_field_specs":[["fields"]]}"#)
    }

    @Test(
        "a body can be something other than a Graph response",
        arguments: [
            ("empty_body", 200, ""), ("service_unavailable_text", 200, "Service Unavailable"),
            ("success_false", 200, #"{"success":false}"#), ("redirect", 302, ""),
        ]
    )
    func others(name: String, status: Int, body: String) {
        _ = bench.order(#"{"fault":"\#(name)"}"#)
        let response = bench.send("GET", ads)
        #expect(response.status == status)
        #expect(String(decoding: response.body, as: UTF8.self) == body)
        #expect((response.headers["Location"] == "https://elsewhere.example\(ads)") == (name == "redirect"))
    }

    @Test("a truncated body announces more bytes than it has")
    func truncated() {
        let whole = bench.send("GET", ads).body.count
        _ = bench.order(#"{"fault":"body_truncated"}"#)
        let response = bench.send("GET", ads)
        #expect(response.headers["Content-Length"] == String(whole))
        #expect(response.body.count == whole / 2)
    }

    @Test("gzip is damaged in the middle, or ends too early")
    func gzip() throws {
        for (name, complaint) in [
            ("gzip_broken", "invalid compressed data"), ("gzip_truncated", "unexpected end of file"),
        ] {
            _ = bench.order(#"{"fault":"\#(name)","times":1}"#)
            let response = bench.send("GET", ads)
            #expect(response.headers["Content-Encoding"] == "gzip")
            #expect(try gunzip(response.body).contains(complaint))
        }
        #expect(try gunzip(Gzip.stored(Array(repeating: 65, count: 100_000))) == "")
    }

    /// The complaint of the program with that name.
    private func gunzip(_ bytes: [UInt8]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).gz")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        let process = Process()
        let errors = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "--test", file.path]
        process.standardError = errors
        try process.run()
        process.waitUntilExit()
        return String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    }

    @Test("types can be wrong, each in its way", arguments: 1...5)
    func types(variant: Int) throws {
        _ = bench.order(#"{"fault":"wrong_types","value":\#(variant)}"#)
        let fields = ["fields": "ad_id,spend,impressions", "level": "ad", "date_preset": "last_7d"]
        let page = bench.get("\(accounts[0])/insights", fields)
        #expect((page["data"] is [String: Any]) == (variant == 1))
        #expect((page["data"] is [String]) == (variant == 2))
        #expect((page["paging"] is String) == (variant == 4))
        let row = (page["data"] as? [[String: Any]])?.first
        #expect((row?["ad_id"] is Int) == (variant == 3))
        #expect((row?["spend"] is [String: Any]) == (variant == 5))
        #expect(bench.get("me")["name"] as? String == "Simulator")
    }

    @Test("ids as numbers keep all their digits")
    func numbers() {
        let texts = ids(bench.all("\(accounts[0])/ads"))
        _ = bench.order(#"{"fault":"wrong_types","value":3}"#)
        let numbers = bench.all("\(accounts[0])/ads").compactMap { $0["id"] as? Int }
        #expect(numbers.map(String.init) == texts)
    }

    @Test("a huge page is valid and has all its rows")
    func huge() throws {
        _ = bench.order(#"{"fault":"huge","value":2}"#)
        let response = bench.send("GET", ads)
        #expect(response.body.count > 2 << 20)
        #expect((Bench.object(response)["data"] as? [Any])?.count == 25)
    }

    @Test("delays are passed to the sleep closure", arguments: [("hang", 600.0), ("trickle", 0)])
    func delays(name: String, seconds: Double) {
        _ = bench.order(#"{"fault":"\#(name)","times":1}"#)
        _ = bench.order(#"{"fault":"\#(name)","value":3,"times":1}"#)
        _ = bench.order(#"{"fault":"transient"}"#)
        #expect(bench.error("me").code == 2)
        _ = bench.get("me")
        let three = name == "hang" ? 3 : 0.003
        #expect(bench.slept == [seconds + three])
    }

    @Test(
        "a field can be refused",
        arguments: [
            ("ads", "id,name", "", 400, 100, "(#100) Tried accessing nonexisting field (name) on node type (Ad)"),
            ("ads", "adset{name}", "", 400, 100, "(#100) Tried accessing nonexisting field (name) on node type (Ad)"),
            ("insights", "name,spend", "", 400, 100, "(#100) name is not valid for fields param."),
            ("ads", "name", #","code":3"#, 400, 3, "(#3) App must be on whitelist"),
            ("ads", "name", #","code":200"#, 403, 200, "(#200) Requires business_management permission"),
        ]
    )
    func fields(edge: String, fields: String, more: String, status: Int, code: Int, message: String) {
        #expect(bench.order("{\"fault\":\"field_refused\",\"field\":\"name\"\(more)}") == 200)
        let error = bench.error("\(accounts[0])/\(edge)", ["fields": fields])
        #expect(error.status == status)
        #expect(error.code == code)
        #expect(error.message.hasPrefix(message))
        #expect(
            bench.send("GET", "/v23.0/\(accounts[0])/\(edge)", ["fields": "id"]).status == (edge == "ads" ? 200 : 400)
        )
        #expect(bench.order(#"{"fault":"field_refused"}"#) == 400)
    }

    @Test("reduce_data can weigh the fields too", arguments: [#""weight":100"#, #""weight":true,"value":100"#])
    func weight(members: String) {
        _ = bench.order("{\"fault\":\"reduce_data\",\(members)}")
        let status = { (fields: String, limit: Int) in
            bench.send("GET", ads, ["fields": fields, "limit": "\(limit)"]).status
        }
        #expect(status("id,name", 50) == 200)
        #expect(status("id,name", 51) == 500)
        #expect(status("id", 100) == 200)
        #expect(status("id,name,creative{id,title}", 20) == 200)
        #expect(status("id,name,creative{id,title}", 21) == 500)
    }

    @Test("every response is dated by the simulator's clock")
    func dates() {
        #expect(bench.send("GET", "/v23.0/me").headers["Date"] == "Mon, 23 Nov 2026 03:00:00 GMT")
        #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}
