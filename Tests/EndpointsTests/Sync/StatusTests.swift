import Endpoints
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

@Suite struct StatusTests {
    private let names = [
        "adAccountId", "syncStatus", "lastSyncedAt", "syncError", "fresh", "nextSyncAt", "progress", "history", "run",
        "freshness",
    ]
    private let runNames = [
        "id", "trigger", "startedAt", "finishedAt", "outcome", "campaigns", "adSets", "ads", "insights", "apiCalls",
    ]

    private func status(_ bench: Bench) throws -> JSON {
        let response = bench.get("/api/sync/status")
        #expect(response.status == 200)
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(response.headers["Content-Type"] == "application/json; charset=utf-8")
        // New members are allowed; the contract's members must be there, in its order.
        let members = JSON.memberNames(response.body, depth: 1)
        #expect(members.filter(names.contains) == names)
        return response.json
    }

    @Test("before the first sync there is no run, no time, and nothing is fresh")
    func before() throws {
        let bench = try Bench(isSynced: false)
        let status = try status(bench)
        #expect(status["adAccountId"].string == bench.id)
        #expect(status["syncStatus"].string == "idle")
        #expect(status["fresh"].boolean == false)
        for name in ["lastSyncedAt", "syncError", "nextSyncAt", "progress", "run"] {
            #expect(status[name].isNull, "\(name)")
        }
        for name in ["campaigns", "adSets", "ads"] {
            #expect(status["freshness"][name].names == ["total", "fresh", "neverSynced"])
            #expect(status["freshness"][name]["total"].integer == 0)
        }
        #expect(bench.started == [])
    }

    @Test("the status has the progress of a waiting and a running sync; a manual one names its trigger")
    func during() throws {
        let bench = try Bench(isSynced: false)
        let posted = bench.postSync().json["syncRunId"].string
        let waiting = try status(bench)
        #expect(waiting["syncStatus"].string == "syncing")
        #expect(waiting["progress"].names == ["phase", "done", "total", "percent"])
        #expect(waiting["run"]["id"].string == posted)
        #expect(waiting["run"]["startedAt"].isNull)

        let worker = bench.sample.database.store()
        let run = try #require(try worker.claimRun())
        try worker.note(SyncProgress(phase: .ads, done: 30, total: 60, percent: 58), RunSummary(), of: run.id)
        let going = try status(bench)
        #expect(going["syncStatus"].string == "syncing")
        #expect(going["progress"]["phase"].string == "ads")
        #expect(going["progress"]["done"].integer == 30)
        #expect(going["progress"]["total"].integer == 60)
        #expect(going["progress"]["percent"].integer == 58)
        #expect(going["run"]["trigger"].string == "manual")
        #expect(going["run"]["startedAt"].string?.hasSuffix("Z") == true)
        #expect(going["run"]["finishedAt"].isNull && going["run"]["outcome"].isNull)

        let process = try #require(
            try bench.sample.database.connect().integer("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")
        )
        worker.close()
        try bench.sample.database.waitForEnd(of: process)
        let dead = try status(bench)
        #expect(dead["syncStatus"].string == "idle")
        #expect(dead["progress"].isNull)
    }

    @Test("after a sync the status has the run, the counts and the freshness of every table")
    func after() throws {
        let bench = try Bench()
        let status = try status(bench)
        #expect(status["syncStatus"].string == "idle")
        #expect(status["fresh"].boolean == true)
        #expect(status["progress"].isNull && status["syncError"].isNull)
        #expect(status["lastSyncedAt"].string?.hasSuffix("Z") == true)
        let run = status["run"]
        #expect(run.names.isSuperset(of: runNames))
        #expect(run["outcome"].string == "done")
        #expect(run["finishedAt"].string?.hasSuffix("Z") == true)
        #expect(run["campaigns"].integer == 6)
        #expect(run["adSets"].integer == 20)
        #expect(run["ads"].integer == 60)
        // The account, its objects, its days and the totals are eight.
        #expect(run["apiCalls"].integer == 8)
        #expect(run["warnings"].list.isEmpty && !run["warnings"].isMissing)
        for (name, count) in [("campaigns", 6), ("adSets", 20), ("ads", 60)] {
            let freshness = status["freshness"][name]
            #expect(freshness["total"].integer == count)
            #expect(freshness["fresh"].integer == count)
            #expect(freshness["neverSynced"].integer == 0)
        }
    }

    @Test("the next sync is due when the data is stale and the account is not on hold")
    func next() throws {
        let bench = try Bench()
        try bench.sql("UPDATE ad_accounts SET last_synced_at = '2024-03-12 10:00:00Z'")
        #expect(try status(bench)["nextSyncAt"].string == "2024-03-12T10:10:00Z")
        try bench.hold("RATE_LIMITED", "'2999-01-01 00:00:00Z'")
        #expect(try status(bench)["nextSyncAt"].string == "2999-01-01T00:00:00Z")
        try bench.hold("TOKEN_EXPIRED", "'infinity'")
        #expect(try status(bench)["nextSyncAt"].isNull)
    }

    @Test("a later hold or freshness wins, also where one time has a fraction of a second")
    func nextFraction() throws {
        let bench = try Bench()
        try bench.sql(
            """
            UPDATE ad_accounts SET last_synced_at = timestamptz '2999-01-01 00:00:00Z' - interval '10 minutes',
                held_until = '2999-01-01 00:00:00.5Z', held_reason = 'RATE_LIMITED'
            """
        )
        let next = try status(bench)["nextSyncAt"].string
        #expect(next == "2999-01-01T00:00:00.5Z")
    }

    @Test("the status has the error of the last run until a sync succeeds")
    func error() throws {
        let bench = try Bench()
        bench.sample.order(#"{"fault":"permission"}"#)
        #expect(try bench.sample.sync() == .failed)
        let failed = try status(bench)
        #expect(failed["syncStatus"].string == "error")
        #expect(failed["syncError"].string?.contains("ads_read") == true)
        #expect(failed["run"]["outcome"].string == "failed")
        #expect(failed["fresh"].boolean == true)
        #expect(bench.sample.simulator.respond(to: HTTPRequest(method: "DELETE", path: "/_control")).status == 200)
        #expect(try bench.sample.sync() == .done)
        #expect(try status(bench)["syncStatus"].string == "idle")
        #expect(try status(bench)["syncError"].isNull)
    }

    @Test("a status request for stale data starts nothing")
    func stale() throws {
        let bench = try Bench()
        try bench.makeStale()
        #expect(try status(bench)["fresh"].boolean == false)
        #expect(bench.started == [])
    }
}
