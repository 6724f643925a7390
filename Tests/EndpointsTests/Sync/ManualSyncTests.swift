import Endpoints
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

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

    @Test("stale data: 202 started, with the run and its status address; then 202 running with the same run")
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

    @Test("a person may retry at once after a failure")
    func retryLater() throws {
        try bench.makeStale()
        try bench.hold("RETRY_LATER", "now() + interval '1 hour'")
        #expect(bench.postSync().json["status"].string == "started")
    }

    @Test(
        "an invalid body is refused: 400",
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
        "a body without an account is refused: 400",
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
        #expect(isError(bench.endpoints.answer(request), 400, "BODY_INVALID"))
    }

    @Test("without a valid token: 401, before any other check")
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
        #expect(isError(bench.endpoints.answer(request), 413, "BODY_TOO_LARGE"))
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
