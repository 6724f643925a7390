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

    @Test("however many reads find stale data, one child is started")
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

    @Test("an answer that the reader has already starts the child too")
    func staleNotModified() throws {
        let tag = try #require(bench.get("/api/ads").headers["ETag"])
        try bench.makeStale()
        #expect(bench.get("/api/ads", adding: ["If-None-Match": tag]).status == 304)
        #expect(bench.started.count == 1)
    }

    @Test("responders on many hosts that find stale data start one child between them")
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
                    log: { _ in }
                )
            )
            for _ in 0..<5 where endpoints.respond(to: request).status != 200 { started += 100 }
            return started
        }
        #expect(started.reduce(0, +) == 1)
    }

    @Test("an account that was never synced answers its emptiness and starts a child")
    func never() throws {
        let bench = try Bench(isSynced: false)
        let response = bench.get("/api/campaigns")
        #expect(response.text == #"{"campaigns":[]}"#)
        #expect(bench.started.count == 1)
    }

    @Test(
        "while the account is held off, reads start nothing",
        arguments: ["RATE_LIMITED", "TOKEN_EXPIRED", "RETRY_LATER"]
    )
    func held(_ reason: String) throws {
        try bench.makeStale()
        try bench.hold(reason, reason == "TOKEN_EXPIRED" ? "'infinity'" : "now() + interval '1 minute'")
        #expect(bench.get("/api/campaigns").status == 200)
        #expect(bench.started == [])
        #expect(try runs == 0)
    }

    @Test("those who may not see the account start nothing")
    func strangers() throws {
        try bench.makeStale()
        let stranger = try bench.newPerson("eve@example.com", role: nil)
        #expect(bench.send("GET", "/api/campaigns", "adAccountId=\(bench.id)", headers: stranger).status == 404)
        #expect(bench.send("GET", "/api/campaigns", "adAccountId=\(bench.id)", headers: [:]).status == 401)
        #expect(bench.send("OPTIONS", "/api/campaigns", "adAccountId=\(bench.id)").status == 204)
        #expect(bench.started == [])
    }

    @Test("a child that cannot be started breaks no read; its run is closed and the log says why")
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

@Suite struct ManualSyncTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private var unfinished: String? {
        get throws {
            try bench.sample.database.connect().text("SELECT id FROM sync_runs WHERE finished_at IS NULL")
        }
    }

    @Test("stale data: 202 started, with the run and where to ask for it; then 202 running with the same run")
    func started() throws {
        try bench.makeStale()
        let response = bench.postSync()
        #expect(response.status == 202)
        #expect(
            JSON.memberNames(response.body, depth: 1) == ["success", "status", "syncRunId", "message", "statusUrl"]
        )
        #expect(response.json["success"].boolean == true)
        #expect(response.json["status"].string == "started")
        #expect(try response.json["syncRunId"].string == unfinished)
        #expect(response.json["message"].string?.isEmpty == false)
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(bench.started == [.account(bench.sample.account)])
        let url = try #require(response.json["statusUrl"].string).split(separator: "?")
        #expect(bench.get(String(url[0]), String(url[1])).status == 200)

        let again = bench.postSync(force: true)
        #expect(again.status == 202)
        #expect(again.json["success"].boolean == true)
        #expect(again.json["status"].string == "running")
        #expect(again.json["syncRunId"].string == response.json["syncRunId"].string)
        #expect(bench.started.count == 1)
    }

    @Test("fresh data: 200 skipped with the time of the last sync, unless it is forced")
    func skipped() throws {
        let response = bench.postSync()
        #expect(response.status == 200)
        #expect(response.json["success"].boolean == true)
        #expect(response.json["status"].string == "skipped")
        #expect(response.json["reason"].string == "fresh")
        #expect(response.json["lastSyncedAt"].string?.hasSuffix("Z") == true)
        #expect(bench.started == [])
        #expect(bench.post(#"{"adAccountId":"\#(bench.id)"}"#).json["status"].string == "skipped")
        #expect(bench.post(#"{"adAccountId":"\#(bench.id)","force":null}"#).json["status"].string == "skipped")
        #expect(bench.postSync(force: true).json["status"].string == "started")
        #expect(bench.started.count == 1)
    }

    @Test("all names of the account lead to its run")
    func references() throws {
        var runs: Set<String?> = []
        for name in [bench.id, bench.sample.facebookID, "act_\(bench.sample.facebookID)"] {
            let response = bench.post(#"{"adAccountId":"\#(name)","force":true,"other":[1,{}]}"#)
            #expect(response.status == 202)
            runs.insert(response.json["syncRunId"].string)
        }
        #expect(try runs == [unfinished])
    }

    @Test("an expired Facebook token: 409, also when forced", arguments: [true, false])
    func tokenExpired(_ force: Bool) throws {
        try bench.makeStale()
        try bench.hold("TOKEN_EXPIRED", "'infinity'")
        try bench.sql("UPDATE ad_accounts SET sync_status = 'error', sync_error = 'The token died.'")
        let response = bench.postSync(force: force)
        #expect(isError(response, 409, "TOKEN_EXPIRED"))
        #expect(response.json["error"].string == "The token died.")
        #expect(response.json["hint"].string?.contains("set-token") == true)
        #expect(bench.started == [])
    }

    @Test("a rate limit: 429 with Retry-After, also when forced", arguments: [true, false])
    func rateLimited(_ force: Bool) throws {
        try bench.makeStale()
        try bench.hold("RATE_LIMITED", "now() + interval '90 seconds'")
        let response = bench.postSync(force: force)
        #expect(isError(response, 429, "RATE_LIMITED"))
        let seconds = try #require(response.headers["Retry-After"].flatMap { Int($0) })
        #expect((60...90).contains(seconds))
        #expect(bench.started == [])
    }

    @Test("a person may try again at once after a failure")
    func retryLater() throws {
        try bench.makeStale()
        try bench.hold("RETRY_LATER", "now() + interval '1 hour'")
        #expect(bench.postSync().json["status"].string == "started")
    }

    @Test(
        "what is no wish is refused: 400",
        arguments: [
            "", " ", "{", "[", "nonsense", "[]", "[\"a\"]", "1", "\"text\"", "null", "true", #"{"adAccountId":1}"#,
            #"{"adAccountId":["a"]}"#, #"{"adAccountId":{}}"#, #"{"adAccountId":true}"#,
            #"{"adAccountId":"a","force":"yes"}"#, #"{"adAccountId":"a","force":1}"#, #"{"adAccountId":"a"} x"#,
            String(repeating: "[", count: 60_000), String(repeating: #"{"a":"#, count: 10_000),
        ]
    )
    func badBody(_ body: String) {
        #expect(isError(bench.post(body), 400, "BODY_INVALID"))
        #expect(bench.started == [])
    }

    @Test(
        "a wish without an account is refused: 400",
        arguments: [
            "{}", #"{"adAccountId":null}"#, #"{"adAccountId":""}"#, #"{"force":true}"#, #"{"adaccountid":"a"}"#,
        ]
    )
    func missing(_ body: String) {
        #expect(isError(bench.post(body), 400, "AD_ACCOUNT_ID_REQUIRED"))
    }

    @Test("a body that is not UTF-8 is refused")
    func notUTF8() {
        var headers = bench.bearer
        headers.add("Content-Type", "application/json")
        let request = HTTPRequest(
            method: "POST",
            path: "/api/sync",
            headers: headers,
            body: Array(#"{"adAccountId":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)
        )
        #expect(isError(bench.endpoints.respond(to: request), 400, "BODY_INVALID"))
    }

    @Test("without a valid token: 401, before anything else is looked at")
    func unauthenticated() {
        for body in ["", #"{"adAccountId":"\#(bench.id)","force":true}"#] {
            #expect(isError(bench.post(body, headers: [:]), 401, "AUTHENTICATION_REQUIRED"))
            #expect(isError(bench.post(body, headers: ["Authorization": "Bearer x"]), 401, "TOKEN_INVALID"))
        }
        #expect(bench.started == [])
    }

    @Test("a viewer: 403; a stranger: 404, as for an unknown account")
    func roles() throws {
        try bench.makeStale()
        let body = #"{"adAccountId":"\#(bench.id)","force":true}"#
        let viewer = try bench.newPerson("grace@example.com", role: .viewer)
        #expect(isError(bench.post(body, headers: viewer), 403, "MANAGER_REQUIRED"))
        let stranger = try bench.newPerson("eve@example.com", role: nil)
        let theirs = bench.post(body, headers: stranger)
        let unknown = bench.post(#"{"adAccountId":"act_1","force":true}"#, headers: stranger)
        #expect(isError(unknown, 404, "AD_ACCOUNT_NOT_FOUND"))
        #expect(theirs.status == unknown.status && theirs.body == unknown.body && theirs.headers == unknown.headers)
        for name in ["\\u0000", "💣", "' OR 1=1", String(repeating: "9", count: 10_000)] {
            #expect(isError(bench.post("{\"adAccountId\":\"\(name)\"}"), 404, "AD_ACCOUNT_NOT_FOUND"))
        }
        #expect(bench.started == [])
    }

    @Test("a body that is too large: 413")
    func tooLarge() {
        var request = HTTPRequest(method: "POST", path: "/api/sync", headers: bench.bearer)
        request.isBodyTooLarge = true
        #expect(isError(bench.endpoints.respond(to: request), 413, "BODY_TOO_LARGE"))
    }

    @Test("a body that is not declared as JSON: 415")
    func contentType() {
        let body = #"{"adAccountId":"\#(bench.id)"}"#
        for type in [nil, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"] {
            #expect(isError(bench.post(body, type: type), 415, "CONTENT_TYPE_UNSUPPORTED"))
        }
        for type in [
            "application/json", "APPLICATION/JSON", "application/json; charset=utf-8", "application/json ;x=y",
        ] {
            #expect(bench.post(body, type: type).status == 200)
        }
    }

    @Test("a child that cannot be started: 503, and the run is closed")
    func noProcess() throws {
        try bench.makeStale()
        bench.startError = Bench.NoProcess()
        let response = bench.postSync()
        #expect(isError(response, 503, "SYNC_UNAVAILABLE"))
        #expect(response.headers["Retry-After"] != nil)
        #expect(try unfinished == nil)
        bench.startError = nil
        #expect(bench.postSync().json["status"].string == "started")
    }
}

@Suite struct CronTests {
    let bench: Bench
    let accounts: [AdAccount.ID]

    /// Five accounts: fresh, never synced, rate limited, with an expired token, resting after a failure.
    init() throws {
        bench = try Bench()
        accounts = try (1...4).map { [bench] number in
            try bench.sample.store.addAdAccount(
                facebookID: "\(number)",
                name: "",
                token: StoredToken(bytes: [1], keyID: "key")
            )
        }
        for (number, reason, until) in [
            (2, "RATE_LIMITED", "now() + interval '1 hour'"), (3, "TOKEN_EXPIRED", "'infinity'"),
            (4, "RETRY_LATER", "now() + interval '1 hour'"),
        ] {
            try bench.sql(
                "UPDATE ad_accounts SET held_reason = '\(reason)', held_until = \(until) WHERE facebook_account_id = '\(number)'"
            )
        }
    }

    private func call(_ query: String, headers: HTTPHeaders = [:], method: String = "GET") -> HTTPResponse {
        bench.send(method, "/api/sync", query, headers: headers)
    }

    private func reasons(_ response: HTTPResponse) -> [String: String] {
        var reasons: [String: String] = [:]
        for row in response.json["skipped"].list { reasons[row["id"].string ?? ""] = row["reason"].string }
        return reasons
    }

    @Test("every account that is due is started, and of the others it says why not")
    func due() {
        let response = call("secret=\(Bench.secret)")
        #expect(response.status == 202)
        #expect(
            JSON.memberNames(response.body, depth: 1) == ["success", "message", "due", "started", "skipped", "errors"]
        )
        #expect(response.json["success"].boolean == true)
        #expect(response.json["message"].string == "Started 1 ad account sync")
        #expect(response.json["due"].integer == 1)
        #expect(response.json["started"].list.map(\.string) == [accounts[0].rawValue])
        #expect(response.json["errors"].list.isEmpty)
        #expect(
            reasons(response) == [
                bench.id: "fresh", accounts[1].rawValue: "rate_limited", accounts[2].rawValue: "token_expired",
                accounts[3].rawValue: "retry_later",
            ]
        )
        #expect(
            JSON.memberNames(response.body, depth: 3) == Array(repeating: ["id", "reason"], count: 4).flatMap(\.self)
        )
        #expect(bench.started == [.waitingRuns(1)])
        #expect(response.headers["Cache-Control"] == "no-store")
    }

    @Test("a second call finds the runs of the first; with nothing due no child is started")
    func again() throws {
        _ = call("secret=\(Bench.secret)")
        let response = call("secret=\(Bench.secret)")
        #expect(response.status == 202)
        #expect(response.json["message"].string == "Started 0 ad account syncs")
        #expect(response.json["due"].integer == 0)
        #expect(reasons(response)[accounts[0].rawValue] == "running")
        #expect(bench.started.count == 1)
    }

    @Test("several accounts that are due share one start")
    func several() throws {
        try bench.sql("UPDATE ad_accounts SET held_until = NULL, held_reason = NULL")
        try bench.makeStale()
        let response = call("", headers: ["Authorization": "Bearer \(Bench.secret)"])
        #expect(response.json["message"].string == "Started 5 ad account syncs")
        #expect(response.json["due"].integer == 5)
        #expect(bench.started == [.waitingRuns(5)])
        #expect(
            try bench.sample.database.connect().integer("SELECT count(*) FROM sync_runs WHERE trigger = 'cron'") == 5
        )
    }

    @Test("the secret is taken from the query or as a bearer token")
    func secret() {
        #expect(call("secret=\(Bench.secret)").status == 202)
        #expect(call("", headers: ["Authorization": "bearer \(Bench.secret)"]).status == 202)
        #expect(call("secret=", headers: ["Authorization": "Bearer \(Bench.secret)"]).status == 202)
    }

    @Test("without the right secret nothing is started")
    func wrongSecret() throws {
        let queries = [
            "", "secret", "secret=", "secret=x", "secret=\(Bench.secret)x", "secret=\(Bench.secret.dropLast())",
            "Secret=\(Bench.secret)", "secret=%20\(Bench.secret)",
        ]
        for query in queries {
            #expect(isError(call(query), 401, "CRON_SECRET_INVALID"), "\(query)")
            #expect(isError(call(query, headers: ["Authorization": "Bearer x"]), 401, "CRON_SECRET_INVALID"))
            // A person's token is not the secret.
            #expect(isError(call(query, headers: bench.bearer), 401, "CRON_SECRET_INVALID"))
        }
        #expect(isError(call("secret=\(Bench.secret)&secret=\(Bench.secret)"), 400, "PARAMETER_REPEATED"))
        #expect(isError(call("secret=%ff"), 400, "QUERY_MALFORMED"))
        #expect(bench.started == [])
        #expect(!bench.logs.contains { $0.contains(Bench.secret) })
        #expect(
            try bench.sample.database.connect().integer("SELECT count(*) FROM sync_runs WHERE trigger = 'cron'") == 0
        )
    }

    @Test("without a configured secret the cron URL is closed")
    func closed() {
        let endpoints = bench.makeEndpoints(bench.sample.store, cronSecret: nil)
        for query in ["", "secret=", "secret=x", "secret=nil"] {
            let response = endpoints.respond(to: HTTPRequest(path: "/api/sync", query: query))
            #expect(isError(response, 401, "CRON_SECRET_INVALID"))
        }
    }

    @Test("HEAD starts nothing, and tells whether the secret is right")
    func head() {
        #expect(call("secret=\(Bench.secret)", method: "HEAD").status == 200)
        #expect(call("secret=x", method: "HEAD").status == 401)
        #expect(bench.started == [])
    }

    @Test("children that cannot be started are an error, and their runs are closed")
    func noProcess() throws {
        bench.startError = Bench.NoProcess()
        let response = call("secret=\(Bench.secret)")
        #expect(response.status == 503)
        #expect(response.json["success"].boolean == false)
        #expect(response.json["errors"].list.count == 1)
        let connection = bench.sample.database.connect()
        #expect(try connection.integer("SELECT count(*) FROM sync_runs WHERE finished_at IS NULL") == 0)
        #expect(response.json["started"].list.isEmpty)
        #expect(response.json["message"].string?.hasPrefix("Started 0") == true)
    }
}

@Suite struct StatusTests {
    private let names = [
        "adAccountId", "syncStatus", "lastSyncedAt", "syncError", "fresh", "nextSyncAt", "progress", "run", "freshness",
    ]
    private let runNames = [
        "id", "trigger", "startedAt", "finishedAt", "outcome", "campaigns", "adSets", "ads", "insights", "apiCalls",
    ]

    private func status(_ bench: Bench) throws -> JSON {
        let response = bench.get("/api/sync/status")
        #expect(response.status == 200)
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(response.headers["Content-Type"] == "application/json; charset=utf-8")
        // Adding is fine; what the contract names stands, in its order.
        let told = JSON.memberNames(response.body, depth: 1)
        #expect(told.filter(names.contains) == names)
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

    @Test("while a run waits and goes on, its progress is told; a manual one names its trigger")
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
        try worker.note(SyncProgress(phase: .ads, done: 30, total: 60), of: run.id)
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

    @Test("after a sync the run, the counts and the freshness of every table are told")
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
        #expect(run["apiCalls"].integer == 7)
        for (name, count) in [("campaigns", 6), ("adSets", 20), ("ads", 60)] {
            let freshness = status["freshness"][name]
            #expect(freshness["total"].integer == count)
            #expect(freshness["fresh"].integer == count)
            #expect(freshness["neverSynced"].integer == 0)
        }
    }

    @Test("the next sync is due when the data is stale and no hold stands")
    func next() throws {
        let bench = try Bench()
        try bench.sql("UPDATE ad_accounts SET last_synced_at = '2024-03-12 10:00:00Z'")
        #expect(try status(bench)["nextSyncAt"].string == "2024-03-12T10:10:00Z")
        try bench.hold("RATE_LIMITED", "'2999-01-01 00:00:00Z'")
        #expect(try status(bench)["nextSyncAt"].string == "2999-01-01T00:00:00Z")
        try bench.hold("TOKEN_EXPIRED", "'infinity'")
        #expect(try status(bench)["nextSyncAt"].isNull)
    }

    @Test("a later hold or freshness decides, also where one time has a fraction of a second")
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

    @Test("an error of the last run is told until a sync succeeds")
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

    @Test("asking for the status of stale data starts nothing")
    func stale() throws {
        let bench = try Bench()
        try bench.makeStale()
        #expect(try status(bench)["fresh"].boolean == false)
        #expect(bench.started == [])
    }
}
