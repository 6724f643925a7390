import Endpoints
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

@Suite struct StaleReadTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private var runs: Int? {
        get throws {
            try bench.sample.database.connect().integer("SELECT count(*) FROM sync_runs WHERE finished_at IS NULL")
        }
    }

    @Test("fresh data starts nothing")
    func fresh() {
        for path in tablePaths { #expect(bench.get(path).status == 200) }
        #expect(bench.started == [])
    }

    @Test("many reads of stale data start one child")
    func stale() throws {
        let tag = try #require(bench.get("/api/campaigns").headers["ETag"])
        try bench.makeStale()
        for _ in 0..<10 {
            for path in tablePaths { #expect(bench.get(path).status == 200) }
            #expect(bench.get("/api/campaigns", adding: ["If-None-Match": tag]).status == 304)
        }
        #expect(bench.started == [.account(bench.sample.account)])
        #expect(try runs == 1)
        #expect(
            try bench.sample.database.connect().text("SELECT trigger FROM sync_runs WHERE finished_at IS NULL")
                == "read"
        )
    }

    @Test("a 304 response starts the child too")
    func staleNotModified() throws {
        let tag = try #require(bench.get("/api/ads").headers["ETag"])
        try bench.makeStale()
        #expect(bench.get("/api/ads", adding: ["If-None-Match": tag]).status == 304)
        #expect(bench.started.count == 1)
    }

    @Test("responders on many hosts that find stale data together start one child")
    func manyHosts() throws {
        try bench.makeStale()
        let options = bench.sample.database.options
        let request = HTTPRequest(path: "/api/campaigns", query: "adAccountId=\(bench.id)", headers: bench.bearer)
        let started = try inThreads(8) { _ in
            var started = 0
            let endpoints = Endpoints(
                store: Store(options),
                environment: Endpoints.Environment(
                    syncInterval: 600,
                    cronSecret: nil,
                    startSync: { _ in started += 1 },
                    log: { _ in },
                    now: { 0 }
                )
            )
            for _ in 0..<5 where endpoints.answer(request).status != 200 { started += 100 }
            return started
        }
        #expect(started.reduce(0, +) == 1)
    }

    @Test("an account that was never synced returns an empty list and starts a child")
    func never() throws {
        let bench = try Bench(isSynced: false)
        let response = bench.get("/api/campaigns")
        #expect(response.text == #"{"campaigns":[]}"#)
        #expect(bench.started.count == 1)
    }

    @Test(
        "while the account is on hold, reads start nothing",
        arguments: ["RATE_LIMITED", "TOKEN_EXPIRED", "RETRY_LATER"]
    )
    func held(_ reason: String) throws {
        try bench.makeStale()
        try bench.hold(reason, reason == "TOKEN_EXPIRED" ? "'infinity'" : "now() + interval '1 minute'")
        #expect(bench.get("/api/campaigns").status == 200)
        #expect(bench.started == [])
        #expect(try runs == 0)
    }

    @Test("people without access to the account start nothing")
    func strangers() throws {
        try bench.makeStale()
        let stranger = try bench.newPerson("eve@example.com", role: nil)
        #expect(bench.send("GET", "/api/campaigns", "adAccountId=\(bench.id)", headers: stranger).status == 404)
        #expect(bench.send("GET", "/api/campaigns", "adAccountId=\(bench.id)", headers: [:]).status == 401)
        #expect(bench.send("OPTIONS", "/api/campaigns", "adAccountId=\(bench.id)").status == 204)
        #expect(bench.started == [])
    }

    @Test("a child that cannot be started breaks no read; its run is closed and the reason is logged")
    func noProcess() throws {
        try bench.makeStale()
        bench.startError = Bench.NoProcess()
        let response = bench.get("/api/campaigns")
        #expect(response.status == 200)
        #expect(!response.json["campaigns"].list.isEmpty)
        #expect(bench.started.count == 1)
        #expect(try runs == 0)
        #expect(bench.logs.contains { $0.contains("no process") })
    }
}
