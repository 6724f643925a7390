import HTTPMessages
import Model
import TestSupport
import Testing

/// GET /api/sync/runs
@Suite struct SyncRunsTests {
    @Test("before the first sync the list is empty")
    func none() throws {
        let bench = try Bench(isSynced: false)
        let response = bench.get("/api/sync/runs")
        #expect(response.status == 200)
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(response.json["runs"].list.isEmpty && !response.json["runs"].isMissing)
    }

    @Test("runs are listed newest first, including the current one, and no more than requested")
    func order() throws {
        let bench = try Bench()
        bench.sample.order(#"{"fault":"permission"}"#)
        #expect(try bench.sample.sync() == .failed)
        let waiting = try #require(bench.postSync(force: true).json["syncRunId"].string)
        let runs = bench.get("/api/sync/runs").json["runs"].list
        #expect(runs.count == 3)
        #expect(runs[0]["id"].string == waiting)
        #expect(runs[0]["trigger"].string == "manual")
        #expect(runs[0]["requestedAt"].string?.hasSuffix("Z") == true)
        #expect(runs[0]["startedAt"].isNull && runs[0]["outcome"].isNull)
        #expect(runs[1]["outcome"].string == "failed")
        #expect(runs[1]["error"].string?.contains("ads_read") == true)
        #expect(runs[2]["outcome"].string == "done")
        #expect(runs[2]["ads"].integer == 60)
        #expect(runs[2]["apiCalls"].integer == 8)
        let latest = bench.get("/api/sync/status").json["run"]
        #expect(runs[0].names == latest.names)
        let one = bench.get("/api/sync/runs", "adAccountId=\(bench.id)&limit=1").json["runs"].list
        #expect(one.map { $0["id"].string } == [waiting])
    }

    @Test("an invalid limit is refused", arguments: ["0", "501", "-1", "many", "1.5"])
    func limit(_ text: String) throws {
        let bench = try Bench()
        let response = bench.get("/api/sync/runs", "adAccountId=\(bench.id)&limit=\(text)")
        #expect(response.status == 400)
        #expect(response.code == "PARAMETER_INVALID")
    }

    @Test("the runs of an account are returned only to people with access")
    func access() throws {
        let bench = try Bench()
        let stranger = try bench.newPerson("stranger@example.com", role: nil)
        let response = bench.send("GET", "/api/sync/runs", "adAccountId=\(bench.id)", headers: stranger)
        #expect(response.status == 404)
        #expect(response.code == "AD_ACCOUNT_NOT_FOUND")
        let viewer = try bench.newPerson("viewer@example.com", role: .viewer)
        #expect(bench.send("GET", "/api/sync/runs", "adAccountId=\(bench.id)", headers: viewer).status == 200)
    }
}
