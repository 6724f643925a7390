import Endpoints
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// Routes that need a person and an account.
private let accountPaths = tablePaths + ["/api/sync/status"]

@Suite struct AccessTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    @Test("without a token nothing is returned", arguments: accountPaths + ["/api/ad-accounts"])
    func noToken(_ path: String) {
        for header in ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer\t", bench.sample.token] {
            let response = bench.send("GET", path, "adAccountId=\(bench.id)", headers: ["Authorization": header])
            #expect(isError(response, 401, "AUTHENTICATION_REQUIRED"), "\(header)")
            #expect(response.headers["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
        }
        #expect(
            isError(bench.send("GET", path, "adAccountId=\(bench.id)", headers: [:]), 401, "AUTHENTICATION_REQUIRED")
        )
    }

    @Test("a wrong, expired or revoked token returns nothing", arguments: accountPaths + ["/api/ad-accounts"])
    func deadToken(_ path: String) throws {
        for token in ["x", bench.sample.token + "x", "' OR 1=1 --", String(repeating: "a", count: 10_000), "💣"] {
            let response = bench.send(
                "GET",
                path,
                "adAccountId=\(bench.id)",
                headers: ["Authorization": "Bearer \(token)"]
            )
            #expect(isError(response, 401, "TOKEN_INVALID"))
        }
        try bench.sql("UPDATE access_tokens SET expires_at = now()")
        #expect(isError(bench.get(path), 401, "TOKEN_INVALID"))
        try bench.sql("UPDATE access_tokens SET expires_at = NULL, revoked_at = now()")
        #expect(isError(bench.get(path), 401, "TOKEN_INVALID"))
    }

    @Test("the scheme may be in any case, the token may not")
    func scheme() {
        let query = "adAccountId=\(bench.id)"
        for header in ["bearer \(bench.sample.token)", "BEARER   \(bench.sample.token)"] {
            #expect(bench.send("GET", "/api/campaigns", query, headers: ["Authorization": header]).status == 200)
        }
        let upper = "Bearer \(bench.sample.token.uppercased())"
        #expect(bench.send("GET", "/api/campaigns", query, headers: ["Authorization": upper]).status == 401)
    }

    @Test("another person's account and an unknown one get the same answer", arguments: accountPaths)
    func indistinguishable(_ path: String) throws {
        let stranger = try bench.newPerson("eve@example.com", role: nil)
        let unknown = bench.send(
            "GET",
            path,
            "adAccountId=00000000-0000-4000-8000-000000000000",
            headers: stranger
        )
        #expect(isError(unknown, 404, "AD_ACCOUNT_NOT_FOUND"))
        for name in [bench.id, bench.sample.facebookID, "act_\(bench.sample.facebookID)"] {
            let theirs = bench.send("GET", path, "adAccountId=\(name)", headers: stranger)
            #expect(theirs.status == unknown.status)
            #expect(theirs.body == unknown.body)
            #expect(theirs.headers == unknown.headers)
        }
    }

    @Test("a viewer reads everything that a manager reads")
    func viewer() throws {
        let viewer = try bench.newPerson("grace@example.com", role: .viewer)
        for path in accountPaths {
            let response = bench.send("GET", path, "adAccountId=\(bench.id)", headers: viewer)
            #expect(response.status == 200)
            #expect(response.body == bench.get(path).body)
        }
    }

    @Test("a person sees their accounts with their role, and no others")
    func accountList() throws {
        let response = bench.send("GET", "/api/ad-accounts")
        #expect(response.status == 200)
        #expect(
            JSON.memberNames(response.body, depth: 3) == [
                "id", "facebook_id", "name", "currency", "time_zone", "status", "sync_status", "sync_error",
                "last_synced_at", "fresh", "role", "token_expires_at", "token_problem", "hold", "held_until",
                "conversionEvent", "disable_reason", "balance", "amount_spent", "spend_cap", "totals",
            ]
        )
        let account = response.json["adAccounts"][0]
        #expect(account["id"].string == bench.id)
        #expect(account["facebook_id"].string == bench.sample.facebookID)
        #expect(account["currency"].string == "USD")
        #expect(account["role"].string == "manager")
        #expect(account["sync_error"].isNull)
        #expect(account["last_synced_at"].string?.hasSuffix("Z") == true)
        #expect(account["fresh"].boolean == true)
        #expect(response.headers["Cache-Control"]?.contains("public") == false)
        try bench.makeStale()
        #expect(bench.send("GET", "/api/ad-accounts").json["adAccounts"][0]["fresh"].boolean == false)
        let stranger = try bench.newPerson("eve@example.com", role: nil)
        #expect(bench.send("GET", "/api/ad-accounts", headers: stranger).text == #"{"adAccounts":[]}"#)
    }
}

@Suite struct ParameterTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    @Test("adAccountId is required", arguments: accountPaths)
    func required(_ path: String) {
        for query in ["", "adAccountId", "adAccountId=", "adaccountid=1", "x=1"] {
            #expect(isError(bench.get(path, query), 400, "AD_ACCOUNT_ID_REQUIRED"), "\(query)")
        }
    }

    @Test("adAccountId may occur only once", arguments: accountPaths)
    func repeated(_ path: String) {
        let response = bench.get(path, "adAccountId=\(bench.id)&adAccountId=\(bench.id)")
        #expect(isError(response, 400, "PARAMETER_REPEATED"))
        #expect(isError(bench.get(path, "adAccountId=&adAccountId=\(bench.id)"), 400, "PARAMETER_REPEATED"))
    }

    @Test(
        "a query that cannot be decoded is refused",
        arguments: ["%ff", "%00", "%", "%4", "%zz", "%c3%28", "%ED%A0%80"]
    )
    func malformed(_ value: String) {
        for path in accountPaths {
            #expect(isError(bench.get(path, "adAccountId=\(value)"), 400, "QUERY_MALFORMED"))
        }
    }

    @Test("a value that names no account is not found")
    func unknown() {
        let names = [
            "0", "act_", "%27%3B+DROP+TABLE+users%3B+--", String(repeating: "9", count: 10_240),
            String(repeating: "a", count: 10_240), "%F0%9F%92%A3", "act_act_1", "+", "%20\(bench.id)",
        ]
        for path in accountPaths {
            for name in names {
                #expect(
                    isError(bench.get(path, "adAccountId=\(name)"), 404, "AD_ACCOUNT_NOT_FOUND"),
                    "\(name.prefix(40))"
                )
            }
        }
    }

    @Test("a request without authentication learns nothing about its other faults")
    func authenticationFirst() {
        for query in ["", "adAccountId=%ff", "adAccountId=1&adAccountId=2"] {
            for headers in [[:], ["Authorization": "Bearer wrong"]] as [HTTPHeaders] {
                #expect(bench.send("GET", "/api/campaigns", query, headers: headers).status == 401)
            }
        }
    }
}

@Suite struct MethodTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    @Test("HEAD returns the headers of GET", arguments: accountPaths + ["/api/ad-accounts", "/healthz", "/readyz"])
    func head(_ path: String) {
        let get = bench.get(path)
        let head = bench.send("HEAD", path, "adAccountId=\(bench.id)")
        #expect(head.status == get.status)
        #expect(head.headers == get.headers)
    }

    @Test(
        "OPTIONS returns the methods of a path",
        arguments: accountPaths + ["/api/ad-accounts", "/healthz", "/readyz"]
    )
    func options(_ path: String) {
        let response = bench.send("OPTIONS", path)
        #expect(response.status == 204)
        #expect(response.body == [])
        #expect(methods(response) == ["GET", "HEAD", "OPTIONS"])
    }

    @Test("OPTIONS of the sync route also returns POST")
    func syncOptions() {
        let response = bench.send("OPTIONS", "/api/sync", headers: [:])
        #expect(response.status == 204)
        #expect(methods(response) == ["GET", "HEAD", "POST", "OPTIONS"])
    }

    @Test(
        "other methods are refused, with a list of the allowed ones",
        arguments: ["POST", "PUT", "DELETE", "PATCH", "get", "", "TRACE"]
    )
    func notAllowed(_ method: String) {
        for path in accountPaths {
            let response = bench.send(method, path, "adAccountId=\(bench.id)")
            #expect(isError(response, 405, "METHOD_NOT_ALLOWED"))
            #expect(methods(response) == ["GET", "HEAD", "OPTIONS"])
        }
        guard method != "POST" else { return }
        let response = bench.send(method, "/api/sync")
        #expect(isError(response, 405, "METHOD_NOT_ALLOWED"))
        #expect(methods(response) == ["GET", "HEAD", "POST", "OPTIONS"])
    }

    private func methods(_ response: HTTPResponse) -> Set<String> {
        Set((response.headers["Allow"] ?? "").split(separator: ",").map { $0.filter { $0 != " " } })
    }

    @Test(
        "other paths are not found",
        arguments: [
            "/", "", "/api", "/api/", "/api/campaigns/", "/api//campaigns", "/API/campaigns", "/api/campaigns%2F",
            "/api/x",
            "/_authorize", "/_authorize/api/sync", "/../etc/passwd", "/api/sync/status/x",
        ]
    )
    func unknownPath(_ path: String) {
        for method in ["GET", "HEAD", "POST", "OPTIONS"] {
            #expect(isError(bench.send(method, path, "adAccountId=\(bench.id)"), 404, "ROUTE_UNKNOWN"))
        }
    }
}

@Suite struct AuthorizeTests {
    let bench: Bench
    private let paths = tablePaths.map { "/_authorize\($0)" }

    init() throws {
        bench = try Bench()
    }

    private func key(_ path: String, _ name: String? = nil, headers: HTTPHeaders? = nil) -> String? {
        bench.send("GET", path, "adAccountId=\(name ?? bench.id)", headers: headers).headers["X-Cache-Key"]
    }

    @Test("a reader gets the response's cache key, the same for every name of the account")
    func keys() throws {
        let viewer = try bench.newPerson("grace@example.com", role: .viewer)
        var keys: Set<String> = []
        for path in paths {
            let key = try #require(self.key(path))
            keys.insert(key)
            for name in [bench.sample.facebookID, "act_\(bench.sample.facebookID)", bench.id.uppercased()] {
                #expect(self.key(path, name) == key)
                #expect(self.key(path, name, headers: viewer) == key)
            }
        }
        #expect(keys.count == 3)
    }

    @Test("unknown parameters do not change the key")
    func unknownParameters() {
        let path = paths[0]
        let response = bench.send("GET", path, "x=1&adAccountId=\(bench.id)&utm=2")
        #expect(response.headers["X-Cache-Key"] == key(path))
    }

    @Test("a request without access gets no key, whatever else is wrong")
    func noKey() throws {
        let stranger = try bench.newPerson("eve@example.com", role: nil)
        for path in paths {
            let responses = [
                bench.send("GET", path, "adAccountId=\(bench.id)", headers: [:]),
                bench.send("GET", path, "adAccountId=\(bench.id)", headers: ["Authorization": "Bearer x"]),
                bench.send("GET", path, "adAccountId=\(bench.id)", headers: stranger),
                bench.send("GET", path, "adAccountId=1"), bench.send("GET", path, ""),
                bench.send("GET", path, "adAccountId=%ff"),
                bench.send("GET", path, "adAccountId=\(bench.id)&adAccountId=\(bench.id)"),
            ]
            for response in responses {
                #expect(response.status == 204)
                #expect(response.headers["X-Cache-Key"] == nil)
                #expect(response.headers["X-Accel-Expires"] == "@0")
            }
        }
    }

    @Test("a sync raises the keys of the tables that it changed; one without changes raises none")
    func afterSync() throws {
        let before = paths.map { key($0) }
        try bench.sample.sync()
        #expect(paths.map { key($0) } == before)
        let id = try bench.sample.database.connect().text("SELECT facebook_ad_set_id FROM ad_groups LIMIT 1") ?? ""
        bench.sample.order(#"{"fault":"rename","id":"\#(id)","name":"New"}"#)
        try bench.sample.sync()
        let after = paths.map { key($0) }
        #expect(after[0] == before[0])
        #expect(after[1] != before[1])
        #expect(after[2] != before[2])
    }

    @Test("an authorization request for stale data starts the sync, once")
    func stale() throws {
        try bench.makeStale()
        for path in paths { #expect(key(path) != nil) }
        #expect(bench.started == [.account(bench.sample.account)])
    }

    @Test("a database outage is an error, not a missing right")
    func databaseAway() throws {
        let away = bench.makeEndpoints(Store(awayOptions))
        let response = away.answer(
            HTTPRequest(path: paths[0], query: "adAccountId=\(bench.id)", headers: bench.bearer)
        )
        #expect(response.status == 503)
        #expect(response.headers["X-Cache-Key"] == nil)
    }
}

/// A server that does not exist.
private let awayOptions = Store.Options(
    url: "host=127.0.0.1 port=1 user=nobody dbname=nothing",
    applicationName: "tests",
    statementTimeout: 1000,
    responseTimeout: 1000
)

@Suite struct HealthTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    @Test("a database outage gives 503 with Retry-After, and a log line without secrets")
    func away() {
        let endpoints = bench.makeEndpoints(Store(awayOptions))
        var responses = (accountPaths + ["/api/ad-accounts", "/readyz"]).map {
            endpoints.answer(HTTPRequest(path: $0, query: "adAccountId=\(bench.id)", headers: bench.bearer))
        }
        var headers = bench.bearer
        headers.add("Content-Type", "application/json")
        responses.append(
            endpoints.answer(
                HTTPRequest(method: "POST", path: "/api/sync", headers: headers, body: Array("{}".utf8))
            )
        )
        responses.append(endpoints.answer(HTTPRequest(path: "/api/sync", query: "secret=\(Bench.secret)")))
        for response in responses {
            #expect(isError(response, 503, "DATABASE_UNAVAILABLE"))
            #expect(response.headers["Retry-After"].flatMap { Int($0) } ?? 0 > 0)
        }
        #expect(bench.logs.count == responses.count)
        #expect(!bench.logs.contains { $0.contains(bench.sample.token) || $0.contains(Bench.secret) })
        let health = endpoints.answer(HTTPRequest(path: "/healthz"))
        #expect(health.status == 200)
        #expect(health.headers["Cache-Control"] == "no-store")
    }

    @Test("readers do not notice a connection that was cut")
    func cut() throws {
        let before = bench.get("/api/campaigns")
        try bench.sample.database.terminateOthers(but: bench.sample.database.connect())
        let after = bench.get("/api/campaigns")
        #expect(after.status == 200)
        #expect(after.body == before.body)
        #expect(bench.send("GET", "/readyz").status == 200)
    }

    @Test("a schema of another version gives 503, and the process still counts as alive", arguments: [2, 99])
    func schema(_ version: Int) throws {
        try bench.sql(
            "DELETE FROM schema_migrations; INSERT INTO schema_migrations (version, name) VALUES (\(version), 'x')"
        )
        let endpoints = bench.makeEndpoints(bench.sample.database.store())
        for path in accountPaths + ["/readyz"] {
            let response = endpoints.answer(
                HTTPRequest(path: path, query: "adAccountId=\(bench.id)", headers: bench.bearer)
            )
            #expect(isError(response, 503, "SCHEMA_UNKNOWN"))
            #expect(response.headers["Retry-After"] != nil)
        }
        #expect(endpoints.answer(HTTPRequest(path: "/healthz")).status == 200)
        #expect(bench.logs.contains { $0.contains("\(version)") })
    }

    @Test("health and readiness need no token and are not cached")
    func open() {
        for path in ["/healthz", "/readyz"] {
            let response = bench.send("GET", path, headers: [:])
            #expect(response.status == 200)
            #expect(response.headers["Cache-Control"] == "no-store")
        }
    }
}
