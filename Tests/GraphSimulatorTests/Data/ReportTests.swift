import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct ReportTests {
    let bench = Bench()
    private let question = [
        "level": "ad", "time_increment": "1", "date_preset": "last_3d", "fields": "ad_id,spend,impressions,actions",
    ]

    private func post(_ path: String = "\(accounts[0])/insights", version: String = "v23.0") throws -> String {
        let body = Bench.object(bench.send("POST", "/\(version)/\(path)", body: encoded(question)))
        return try #require(body["report_run_id"] as? String)
    }

    private func status(_ id: String, version: String = "v23.0") -> String? {
        Bench.object(bench.send("GET", "/\(version)/\(id)"))["async_status"] as? String
    }

    @Test("a report passes through its statuses and then has the rows of a synchronous call")
    func completes() throws {
        let id = try post()
        var seen: [String] = []
        for _ in 0..<6 {
            let run = bench.get(id)
            let status = run["async_status"] as? String ?? ""
            if status != seen.last { seen.append(status) }
            #expect((run["is_running"] as? Bool) == (["Job Started", "Job Running"].contains(status) ? true : nil))
            #expect((run["async_percent_completion"] as? Int == 100) == (status == "Job Completed"))
            if status != "Job Completed" { #expect(bench.error("\(id)/insights").code == 2601) }
            bench.time += 0.2
        }
        #expect(seen == ["Job Not Started", "Job Started", "Job Running", "Job Completed"])
        let run = bench.get(id)
        #expect(run["id"] as? String == id)
        #expect(run["account_id"] as? String == World.demo.accounts[0].id)
        #expect(run["time_completed"] as? Int == Int(testTime) + 1)
        #expect(run["date_start"] as? String == "2026-11-19")
        #expect(run["date_stop"] as? String == "2026-11-21")
        let direct = bench.all("\(accounts[0])/insights", question.merging(["limit": "1000"]) { $1 })
        #expect(direct.count > 1000)
        #expect(bench.all("\(id)/insights", ["limit": "500"]) as NSArray == direct as NSArray)
    }

    @Test("a report's numbers stay as at its completion, and those of a call change")
    func frozen() throws {
        let id = try post()
        bench.time += 1
        #expect(status(id) == "Job Completed")
        let before = bench.all("\(id)/insights", ["limit": "1000"]) as NSArray
        _ = bench.order(#"{"fault":"restate","percent":50}"#)
        bench.time += 7200
        #expect(bench.all("\(id)/insights", ["limit": "1000"]) as NSArray == before)
        let now = bench.all("\(accounts[0])/insights", question.merging(["limit": "1000"]) { $1 }) as NSArray
        #expect(now != before)
    }

    @Test("the parameters can be in the query, and a bad one is refused at once")
    func questions() {
        #expect(bench.send("POST", "/v23.0/\(accounts[0])/insights", question).status == 200)
        #expect(bench.send("POST", "/v23.0/\(accounts[0])/insights", body: "fields=x").status == 400)
        #expect(bench.send("POST", "/v23.0/\(accounts[0])/ads", body: "name=x").status == 400)
    }

    @Test("a deleted or old report is unknown")
    func ends() throws {
        let (deleted, old) = (try post(), try post())
        #expect(Bench.object(bench.send("DELETE", "/v23.0/\(deleted)"))["success"] as? Bool == true)
        #expect(bench.error(deleted).code == 100)
        bench.time += 29 * 86_400
        #expect(status(old) == "Job Completed")
        bench.time += 2 * 86_400
        #expect(bench.error(old).code == 100)
        #expect(
            bench.counts["calls"] as? [String: Int] == [
                "POST act/insights": 2, "DELETE report": 1, "GET report": 1, "GET other": 2,
            ]
        )
    }

    @Test("a request for some fields of a run returns only these")
    func fields() throws {
        let id = try post()
        #expect(Set(bench.get(id, ["fields": "async_status,is_running"]).keys) == ["id", "async_status"])
        #expect(bench.error(id, ["fields": "error_code"]).code == 100)
        #expect(bench.error(id, ["fields": "spend"]).message.contains("on node type (AdReportRun)"))
    }

    @Test(
        "a report can end in other statuses",
        arguments: [
            ("report_fails", "Job Failed"), ("report_skipped", "Job Skipped"), ("report_stuck", "Job Not Started"),
        ]
    )
    func endings(fault: String, ending: String) throws {
        _ = bench.order(#"{"fault":"\#(fault)","times":1,"path":"/insights"}"#)
        let (id, next) = (try post(), try post())
        bench.time += 2
        #expect(status(id) == ending)
        #expect(status(next) == "Job Completed")
        bench.time += 3600
        #expect(status(id) == ending)
        #expect(bench.error("\(id)/insights").code == 2601)
        #expect(bench.get(id)["error_code"] == nil)
        let later = Bench.object(bench.send("GET", "/v25.0/\(id)"))
        #expect(later["error_code"] as? Int == (fault == "report_fails" ? 100 : nil))
        #expect(later["error_subcode"] as? Int == (fault == "report_fails" ? 1_487_534 : nil))
    }

    @Test("a report can be slow, and the sleeper sees its progress")
    func slow() throws {
        _ = bench.order(#"{"fault":"report_slow","value":100}"#)
        let id = try post()
        bench.time += 42
        #expect(bench.get(id)["async_percent_completion"] as? Int == 42)
        bench.time += 58
        #expect(status(id) == "Job Completed")
    }

    @Test("a report can be unknown at first, reach 100 % too early, or get lost")
    func races() throws {
        _ = bench.order(#"{"fault":"report_race","value":2,"times":1}"#)
        let hidden = try post()
        bench.time += 1
        #expect(bench.error(hidden).code == 100)
        #expect(bench.error(hidden).code == 100)
        #expect(status(hidden) == "Job Completed")

        _ = bench.order(#"{"fault":"report_not_yet","value":2,"times":1}"#)
        let late = try post()
        bench.time += 1
        #expect(bench.error("\(late)/insights").code == 2601)
        for _ in 0..<2 {
            let run = bench.get(late)
            #expect(run["async_percent_completion"] as? Int == 100)
            #expect(run["async_status"] as? String == "Job Running")
        }
        #expect(status(late) == "Job Completed")

        _ = bench.order(#"{"fault":"report_unready","value":2,"times":1}"#)
        let unready = try post()
        bench.time += 1
        #expect(status(unready) == "Job Completed")
        #expect((0..<3).map { _ in bench.error("\(unready)/insights").code } == [2601, 2601, nil])
        #expect(
            bench.error("\(unready)/insights", ["summary": "spend,reach"]).message.contains("include reach in summary")
        )

        _ = bench.order(#"{"fault":"report_lost","times":1}"#)
        let lost = try post()
        bench.time += 1
        #expect(status(lost) == "Job Completed")
        #expect(bench.error("\(lost)/insights").code == 100)
        #expect(status(lost) == nil)
    }
}
