import Endpoints
import Foundation
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

@Suite struct CronTests {
    let bench: Bench
    let accounts: [AdAccount.ID]

    /// Five accounts: fresh, never synced, rate limited, with an expired token, pausing after a failure.
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

    @Test("every due account is started, and every other one is listed with the reason why not")
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

    @Test("a second call finds the runs of the first; with nothing due no child starts")
    func again() throws {
        _ = call("secret=\(Bench.secret)")
        let response = call("secret=\(Bench.secret)")
        #expect(response.status == 202)
        #expect(response.json["message"].string == "Started 0 ad account syncs")
        #expect(response.json["due"].integer == 0)
        #expect(reasons(response)[accounts[0].rawValue] == "running")
        #expect(bench.started.count == 1)
    }

    @Test("several due accounts share one child")
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

    @Test("the secret is read from the query or as a bearer token")
    func secret() {
        #expect(call("secret=\(Bench.secret)").status == 202)
        #expect(call("", headers: ["Authorization": "bearer \(Bench.secret)"]).status == 202)
        #expect(call("secret=", headers: ["Authorization": "Bearer \(Bench.secret)"]).status == 202)
    }

    private func basic(_ words: String) -> HTTPHeaders {
        ["Authorization": "Basic \(Data(words.utf8).base64EncodedString())"]
    }

    @Test("POST with the secret works like GET, and so does Basic authentication with any user name")
    func otherWays() throws {
        let ways: [(String, HTTPHeaders)] = [
            ("secret=\(Bench.secret)", [:]), ("", ["Authorization": "Bearer \(Bench.secret)"]),
            ("", basic(":\(Bench.secret)")), ("", basic("cron:\(Bench.secret)")), ("", basic("ä b:\(Bench.secret)")),
            ("", ["Authorization": "bAsIc  \(Data("x:\(Bench.secret)".utf8).base64EncodedString())"]),
        ]
        for method in ["GET", "POST", "HEAD"] {
            for (query, headers) in ways {
                try bench.sql("UPDATE sync_runs SET finished_at = now(), outcome = 'done' WHERE finished_at IS NULL")
                let response = call(query, headers: headers, method: method)
                #expect(response.status == (method == "HEAD" ? 200 : 202), "\(method) \(query) \(headers)")
                guard method != "HEAD" else { continue }
                #expect(response.json["started"].list.map(\.string) == [accounts[0].rawValue])
            }
        }
        // Some services add a body, and any type.
        for (type, body) in [
            ("application/json", "{}"), ("text/plain", "x"), ("application/x-www-form-urlencoded", "a=b"),
        ] {
            let response = bench.send(
                "POST",
                "/api/sync",
                headers: ["Authorization": "Bearer \(Bench.secret)", "Content-Type": type],
                body: body
            )
            #expect(response.status == 202 && response.json["skipped"].list.isEmpty == false)
        }
    }

    @Test(
        "a person's POST stays a manual sync, and a cron service's POST with a wrong secret gets the cron URL's answer"
    )
    func people() {
        let named = #"{"adAccountId":"\#(bench.id)"}"#
        #expect(bench.post(named).json["status"].string == "skipped")
        #expect(bench.post(named, headers: [:]).code == "AUTHENTICATION_REQUIRED")
        #expect(bench.post(named, headers: ["Authorization": "Bearer x"]).code == "TOKEN_INVALID")
        #expect(bench.post("{}").code == "AD_ACCOUNT_ID_REQUIRED")
        #expect(bench.post("{}", headers: ["Authorization": "Bearer adm_x"]).code == "TOKEN_INVALID")
        let wrong: [(String, HTTPHeaders)] = [
            ("", [:]), ("secret=x", [:]), ("", ["Authorization": "Bearer x"]), ("", basic("x:x")),
            ("", basic(Bench.secret)),
            ("", basic("\(Bench.secret):x")), ("", ["Authorization": "Basic %"]), ("", ["Authorization": "Basic"]),
            ("", ["Authorization": "Basic \(Bench.secret)"]),
        ]
        for (query, headers) in wrong {
            let response = bench.send("POST", "/api/sync", query, headers: headers)
            #expect(isError(response, 401, "CRON_SECRET_INVALID"), "\(query) \(headers): \(response.text)")
            #expect(response.headers.all("WWW-Authenticate").contains { $0.hasPrefix("Basic ") })
        }
    }

    @Test(
        "a secret with reserved characters is accepted percent-encoded, and a plus sign also as it is"
    )
    func percentEncoding() {
        let secret = "aB3+/=&x#y%z~0123456789 abcdefgh"
        let endpoints = bench.makeEndpoints(bench.sample.store, cronSecret: secret)
        func status(_ query: String, _ headers: HTTPHeaders = [:]) -> Int {
            endpoints.answer(HTTPRequest(path: "/api/sync", query: query, headers: headers)).status
        }
        let encoded = QueryParameters.encode(secret)
        #expect(status("secret=\(encoded)") == 202)
        #expect(status("secret=\(encoded.replacing("%2B", with: "+"))") == 202)
        #expect(status("secret=\(encoded.replacing("%2B", with: "%20"))") == 401)
        #expect(status("", ["Authorization": "Bearer \(secret)"]) == 202)
        #expect(status("", basic("cron:\(secret)")) == 202)
        let hint = endpoints.answer(HTTPRequest(path: "/api/sync", query: "secret=aB3")).json["hint"].string
        #expect(hint?.contains("percent-encoded") == true)
    }

    @Test("refused calls are counted, and an accepted one is not")
    func counted() throws {
        func refused() -> String? {
            bench.send("GET", "/metrics").text.split(separator: "\n")
                .first { $0.hasPrefix("admirror_cron_refused_calls_total ") }.map(String.init)
        }
        #expect(refused() == "admirror_cron_refused_calls_total 0")
        _ = call("secret=x")
        _ = call("", method: "POST")
        _ = call("", headers: basic("a:b"), method: "HEAD")
        _ = call("secret=\(Bench.secret)")
        #expect(refused() == "admirror_cron_refused_calls_total 3")
    }

    @Test("a parameter `secret` makes any POST a cron call, however it is sent, and each refusal is counted")
    func countedPosts() throws {
        func refused() -> Int? {
            bench.send("GET", "/metrics").text.split(separator: "\n")
                .first { $0.hasPrefix("admirror_cron_refused_calls_total ") }
                .flatMap { Int($0.split(separator: " ")[1]) }
        }
        let calls: [(String, String, HTTPHeaders, String)] = [
            ("POST", "secret=wrong", ["Content-Type": "application/json"], ""),
            ("POST", "secret=wrong", bench.bearer, ""),
            ("POST", "secret=", ["Content-Type": "application/json"], "{}"),
            ("POST", "a=b&secret", [:], ""), ("POST", "%73ecret=wrong&x=%zz", [:], ""),
            ("GET", "secret=ab%zz", [:], ""),
            ("POST", "secret=ab%zz", ["Content-Type": "application/json"], ""), ("HEAD", "secret=ab%zz", [:], ""),
            ("GET", "secret=x&secret=y", [:], ""),
        ]
        for (number, (method, query, headers, body)) in calls.enumerated() {
            let response = bench.send(method, "/api/sync", query, headers: headers, body: body)
            let isMalformed = query.contains("%zz") || query.contains("y")
            #expect(response.status == (isMalformed ? 400 : 401), "\(method) \(query)")
            #expect(refused() == number + 1, "\(method) \(query)")
        }
        #expect(bench.started == [])
    }

    @Test("without the right secret nothing starts")
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

    @Test("without a configured secret the cron URL is disabled")
    func closed() {
        let endpoints = bench.makeEndpoints(bench.sample.store, cronSecret: nil)
        for query in ["", "secret=", "secret=x", "secret=nil"] {
            let response = endpoints.answer(HTTPRequest(path: "/api/sync", query: query))
            #expect(isError(response, 401, "CRON_SECRET_INVALID"))
        }
    }

    @Test("HEAD starts nothing, and reports whether the secret is right")
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
