import Foundation
import HTTPMessages
import Postgres
import Testing

/// Reads through nginx.
@Suite(.serialized)
struct ReadPathTests {
    private static let shared = Result { try Stack() }
    let stack: Stack

    init() throws {
        stack = try Self.shared.get()
        // A child that still reads history makes new versions of the answers.
        try stack.waitForChildren()
    }

    @Test("the second read is a cache hit for every name of the account and with unknown parameters")
    func cacheKey() throws {
        let own = try #require(try accountID(Stack.dollars))
        let first = try stack.hit("/api/campaigns?adAccountId=\(own)")
        for query in [
            "adAccountId=\(own)", "adAccountId=\(own.uppercased())", "adAccountId=\(Stack.dollars)",
            "adAccountId=act_\(Stack.dollars)", "junk=1&adAccountId=\(Stack.dollars)&junk=2",
            "adAccountId=act%5F\(Stack.dollars)",
        ] {
            let response = try stack.send("GET", "/api/campaigns?\(query)")
            #expect(response.headers["X-Cache"] == "HIT", "\(query)")
            #expect(response.body == first.body, "\(query)")
        }
    }

    @Test("the demo accounts' tables hold the simulator's values", arguments: ["campaigns", "ad-sets", "ads"])
    func tables(route: String) throws {
        for account in [Stack.dollars, Stack.yen, Stack.euros] {
            let response = try stack.send("GET", "/api/\(route)?adAccountId=\(account)")
            #expect(response.status == 200)
            #expect(response.headers["Content-Type"] == "application/json; charset=utf-8")
            #expect(response.headers["Cache-Control"] == "public, s-maxage=300, stale-while-revalidate=600")
            let member = ["campaigns": "campaigns", "ad-sets": "adSets", "ads": "ads"][route] ?? ""
            let rows = try #require(try response.json()[member] as? [[String: Any]])
            #expect(rows.count >= 10)
            #expect(Set(rows.compactMap { $0["id"] as? String }).count == rows.count)
            #expect(rows.allSatisfy { !["ARCHIVED", "DELETED"].contains($0["effective_status"] as? String) })
        }
    }

    @Test("a client with the current response gets 304, from a hit and from a miss")
    func notModified() throws {
        let target = "/api/ad-sets?adAccountId=\(Stack.yen)"
        let tag = try #require(try stack.send("GET", target).headers["ETag"])
        let response = try stack.send("GET", target, headers: [("If-None-Match", tag)])
        #expect(response.status == 304)
        #expect(response.body.isEmpty)
        #expect(response.headers["ETag"] == tag)
        #expect(try stack.send("GET", target, headers: [("If-None-Match", "W/\"other\"")]).status == 200)
    }

    @Test("a tag to which Apache or a CDN added the encoding gives 304, from a hit and from a miss")
    func encodedTag() throws {
        func ask(_ target: String, _ tag: String) throws -> HTTPResponse {
            try stack.send("GET", target, headers: [("If-None-Match", tag)])
        }
        for (number, ending) in ["-gzip", "-br", ";gzip", "-br-gzip", "--gzip"].enumerated() {
            let target = "/api/ad-sets?adAccountId=\(Stack.yen)&limit=\(number + 1)"
            // nginx does not cache this response, so it cannot compare the tag and passes the request on.
            let first = try ask(target, "\"other\(ending)\"")
            #expect(first.status == 200 && first.headers["X-Cache"] == "BYPASS")
            let tag = try #require(first.headers["ETag"])
            let encoded = "\(tag.dropLast())\(ending)\""
            let miss = try ask(target, encoded)
            #expect(miss.status == 304 && miss.headers["ETag"] == tag, "\(encoded)")

            let hit = try stack.hit(target)
            for candidate in [
                encoded, String(encoded.dropFirst(2)), "\"other\", \(encoded)", "\(encoded),W/\"x\"", "*",
            ] {
                let answer = try ask(target, candidate)
                #expect(answer.status == 304 && answer.body.isEmpty, "\(candidate)")
                #expect(answer.headers["ETag"] == tag)
            }
            for other in ["W/\"other\(ending)\"", "\(tag.dropLast())-zip\"", "\(tag.dropLast())x\(ending)\""] {
                #expect(try ask(target, other).status == 200, "\(other)")
            }
            // Nothing of this was cached in place of the response.
            let still = try stack.hit(target)
            #expect(still.body == hit.body && still.headers["ETag"] == tag)
        }
    }

    @Test("the cache keeps one compressed copy and also serves clients that cannot read gzip")
    func compression() throws {
        let command = { (accept: String) in
            try Command.run(
                "/usr/bin/curl",
                [
                    "-q", "-s", "-i", "--noproxy", "*", "-H", "Authorization: Bearer \(stack.token)", "-H",
                    "Accept-Encoding: \(accept)", "http://127.0.0.1:\(stack.port)/api/ads?adAccountId=\(Stack.euros)",
                    "-o", "/dev/null", "-D", "-",
                ]
            ).output.lowercased()
        }
        #expect(try command("gzip").contains("content-encoding: gzip"))
        #expect(try command("gzip").contains("content-length: "))
        #expect(try !command("identity").contains("content-encoding"))
        #expect(try command("identity").contains("x-cache: hit"))
    }

    @Test("a cached response reaches nobody without access")
    func authorizationBeforeCache() throws {
        let target = "/api/campaigns?adAccountId=\(Stack.euros)"
        _ = try stack.hit(target)

        try stack.admirror("user", "add", "stranger@example.com")
        let stranger = try stack.admirror("token", "create", "--user", "stranger@example.com").output.trimmed
        let hidden = try stack.send("GET", target, token: stranger)
        let unknown = try stack.send("GET", "/api/campaigns?adAccountId=99999", token: stranger)
        #expect(hidden.status == 404)
        #expect(hidden.body == unknown.body)
        #expect(hidden.headers["X-Cache"] != "HIT")

        #expect(try stack.send("GET", target, token: .some(nil)).status == 401)
        #expect(try stack.send("GET", target, token: "adm_wrong").code == "TOKEN_INVALID")

        try stack.admirror("access", "grant", "stranger@example.com", Stack.euros)
        #expect(try stack.send("GET", target, token: stranger).status == 200)
        try eventually("the refusal is forgotten", seconds: 5) {
            try stack.send("GET", target, token: stranger).headers["X-Cache"] == "HIT"
        }
        // nginx keeps an authorization for one second, and no longer.
        try stack.admirror("access", "revoke", "stranger@example.com", Stack.euros)
        try eventually("the role is gone", seconds: 5) { try stack.send("GET", target, token: stranger).status == 404 }
    }

    @Test("the internal routes are unreachable from outside")
    func internalRoutes() throws {
        for path in ["/_authorize", "/_authorize/api/campaigns?adAccountId=\(Stack.euros)"] {
            #expect(try stack.send("GET", path).status == 404)
        }
    }

    @Test(
        "a bad request gets a status and a code that name the fault",
        arguments: [
            ("GET", "/api/campaigns", 400, "AD_ACCOUNT_ID_REQUIRED"),
            ("GET", "/api/campaigns?adAccountId=", 400, "AD_ACCOUNT_ID_REQUIRED"),
            ("GET", "/api/ads?adAccountId=1&adAccountId=2", 400, "PARAMETER_REPEATED"),
            ("GET", "/api/ads?adAccountId=%ff", 400, "QUERY_MALFORMED"),
            ("GET", "/api/ads?adAccountId=1%00", 400, "QUERY_MALFORMED"),
            ("GET", "/api/ads?adAccountId=%zz", 400, "QUERY_MALFORMED"),
            ("GET", "/api/ad-sets?adAccountId=\(String(repeating: "9", count: 4000))", 404, "AD_ACCOUNT_NOT_FOUND"),
            ("GET", "/api/ad-sets?adAccountId=';DROP%20TABLE%20users--", 404, "AD_ACCOUNT_NOT_FOUND"),
            ("GET", "/api/nothing", 404, "ROUTE_UNKNOWN"),
            ("POST", "/api/campaigns?adAccountId=1", 405, "METHOD_NOT_ALLOWED"),
            ("DELETE", "/api/sync", 405, "METHOD_NOT_ALLOWED"),
            ("GET", "/api/sync", 401, "CRON_SECRET_INVALID"),
            ("GET", "/api/sync?secret=%00", 400, "QUERY_MALFORMED"),
            ("GET", "/api/sync/status", 400, "AD_ACCOUNT_ID_REQUIRED"),
            ("POST", "/api/sync", 415, "CONTENT_TYPE_UNSUPPORTED"),
        ]
    )
    func badRequests(method: String, target: String, status: Int, code: String) throws {
        let response = try stack.send(method, target)
        #expect(response.status == status)
        #expect(response.code == code)
        let body = try response.json()
        #expect((body["error"] as? String)?.isEmpty == false)
        #expect((body["hint"] as? String)?.isEmpty == false)
        #expect(response.headers["X-Cache"] != "HIT")
    }

    @Test("a body that is too large is refused by the responder and by nginx alike", arguments: [70_000, 2_000_000])
    func largeBodies(size: Int) throws {
        let response = try stack.send(
            "POST",
            "/api/sync",
            headers: [("Content-Type", "application/json")],
            body: String(repeating: " ", count: size)
        )
        #expect(response.status == 413)
        #expect(response.code == "BODY_TOO_LARGE")
    }

    @Test("HEAD returns the headers of GET, and OPTIONS the methods")
    func otherMethods() throws {
        let target = "/api/ads?adAccountId=\(Stack.dollars)"
        let get = try stack.send("GET", target)
        let head = try stack.send("HEAD", target)
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.headers["ETag"] == get.headers["ETag"])
        let options = try stack.send("OPTIONS", target)
        #expect(options.status == 204)
        #expect(options.headers["Allow"] == "GET, HEAD, OPTIONS")
    }

    @Test("an early HEAD leaves no empty response in the cache")
    func headFirst() throws {
        let target = "/api/ad-sets?adAccountId=\(Stack.euros)"
        let before = try stack.send("GET", target)
        try stack.database().execute("UPDATE ad_accounts SET ad_groups_version = ad_groups_version + 1")
        try eventually("the new version", seconds: 5) {
            try stack.send("HEAD", target).headers["ETag"] != before.headers["ETag"]
        }
        // nginx may still be storing what it fetched for the HEAD.
        var after = try stack.send("GET", target)
        try eventually("a hit", seconds: 5) {
            after = try stack.send("GET", target)
            return after.headers["X-Cache"] == "HIT"
        }
        #expect(after.body == before.body)
    }

    func accountID(_ facebookID: String) throws -> String? {
        let accounts = try stack.send("GET", "/api/ad-accounts").json()["adAccounts"] as? [[String: Any]]
        return accounts?.first { $0["facebook_id"] as? String == facebookID }?["id"] as? String
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
