import Foundation
import HTTPMessages
import Postgres
import Testing

/// Who can read through nginx, and what they see.
@Suite(.serialized)
struct DoorTests {
    private static let shared = Result { try Stack() }
    let stack: Stack

    init() throws {
        stack = try Self.shared.get()
    }

    static let reads = ["campaigns", "ad-sets", "ads", "insights", "changes"]
    private var target: String { "/api/campaigns?adAccountId=\(Stack.dollars)" }

    @Test("a signed-in person reads with the cookie, also from the cache, until they sign out")
    func session() throws {
        let target = "/api/ads?adAccountId=\(Stack.yen)&limit=3"
        let cookie = ("Cookie", try stack.cookie())
        #expect(try stack.send("GET", target, token: .some(nil), headers: [cookie]).headers["X-Cache"] == "MISS")
        try eventually("a hit", seconds: 5) {
            try stack.send("GET", target, token: .some(nil), headers: [cookie]).headers["X-Cache"] == "HIT"
        }
        #expect(try stack.send("DELETE", "/api/session", token: .some(nil), headers: [cookie]).status == 200)
        try within(seconds: 1) {
            let answer = try stack.send("GET", target, token: .some(nil), headers: [cookie])
            return answer.status == 401 && answer.code == "SESSION_ENDED" && answer.headers["X-Cache"] != "HIT"
        }
    }

    @Test("a revoked token and a removed role stop working within a second")
    func revoked() throws {
        let token = try stack.person("rhea@example.com", role: "viewer")
        let other = try stack.admirror("token", "create", "--user", "rhea@example.com", "--label", "other", "--json")
            .output
        let made = try JSONSerialization.jsonObject(with: Data(other.utf8)) as? [String: String] ?? [:]
        _ = try stack.hit(target)
        #expect(try stack.send("GET", target, token: made["token"]).headers["X-Cache"] == "HIT")
        #expect(try stack.admirror("token", "revoke", try #require(made["id"])).status == 0)
        try within(seconds: 1) { try stack.send("GET", target, token: made["token"]).code == "TOKEN_INVALID" }

        #expect(try stack.send("GET", target, token: token).headers["X-Cache"] == "HIT")
        try stack.admirror("access", "revoke", "rhea@example.com", Stack.dollars)
        try within(seconds: 1) { try stack.send("GET", target, token: token).status == 404 }
    }

    @Test("a response cached for one person is not visible to a person without access", arguments: reads)
    func cachedForOne(route: String) throws {
        let neighbour = try stack.person("neighbour@example.com", role: "owner", on: Stack.yen)
        let target = "/api/\(route)?adAccountId=act_\(Stack.euros)"
        let hit = try stack.hit(target)
        #expect(hit.body.count > 10)
        let tag = try #require(hit.headers["ETag"])
        let unknown = try stack.send("GET", "/api/\(route)?adAccountId=act_1", token: neighbour)
        #expect(unknown.code == "AD_ACCOUNT_NOT_FOUND")
        for headers in [[], [("If-None-Match", tag)], [("Range", "bytes=0-9")], [("Accept", "text/csv")]] {
            for method in ["GET", "HEAD"] {
                let answer = try stack.send(method, target, token: neighbour, headers: headers)
                #expect(answer.status == 404, "\(method) \(headers)")
                #expect(answer.headers["X-Cache"] != "HIT" && answer.headers["ETag"] == nil)
                if method == "GET" { #expect(answer.body == unknown.body) }
            }
        }
        #expect(try stack.send("GET", target, token: .some(nil)).status == 401)
        // The reverse also holds: a refusal for one person is not returned to another.
        #expect(try stack.hit(target).body == hit.body)
    }

    @Test("a page of another site changes nothing, whatever cookie its request carries")
    func crossSite() throws {
        let cookie = ("Cookie", try stack.cookie())
        let type = ("Content-Type", "application/json")
        let host = "127.0.0.1:\(stack.port)"
        for foreign in [
            [("Sec-Fetch-Site", "cross-site")], [("Origin", "https://evil.example")], [("Origin", "null")],
            [("Origin", "http://\(host).evil.example")],
            [("Sec-Fetch-Site", "same-site"), ("Origin", "http://\(host)")],
        ] {
            for (method, path) in [("POST", "/api/sync"), ("POST", "/api/revalidate"), ("DELETE", "/api/session")] {
                let body = method == "POST" ? #"{"adAccountId":"\#(Stack.yen)","path":"/api/ads"}"# : ""
                let answer = try stack.send(
                    method,
                    path,
                    token: .some(nil),
                    headers: [cookie, type] + foreign,
                    body: body
                )
                #expect(answer.status == 403 && answer.code == "CROSS_SITE", "\(method) \(path) \(foreign)")
            }
        }
        for own in [[("Sec-Fetch-Site", "same-origin")], [("Origin", "http://\(host)")], []] {
            let answer = try stack.send(
                "POST",
                "/api/revalidate",
                token: .some(nil),
                headers: [cookie, type] + own,
                body: #"{"path":"/api/changes"}"#
            )
            #expect(answer.status == 200, "\(own): \(answer.text)")
        }
        // A form cannot declare its body as JSON.
        let form = [cookie, ("Content-Type", "text/plain"), ("Sec-Fetch-Site", "same-origin")]
        #expect(try stack.send("POST", "/api/sync", token: .some(nil), headers: form, body: "{}").status == 415)
    }

    @Test(
        "two cookies with our name authenticate nobody in either order, and do not disturb a request with one right cookie"
    )
    func twoCookies() throws {
        let right = try stack.cookie()
        let wrong = "admirror=\(String(repeating: "a", count: 64))"
        let hidden = "__Host-\(right)"
        _ = try stack.hit(target)
        for headers in [
            [("Cookie", "\(right); \(wrong)")], [("Cookie", "\(wrong); \(right)")],
            [("Cookie", right), ("Cookie", wrong)], [("Cookie", wrong), ("Cookie", right)], [("Cookie", hidden)],
            [("Cookie", "\(right)x")], [("Cookie", "x\(right)")],
        ] {
            #expect(try stack.send("GET", target, token: .some(nil), headers: headers).status == 401, "\(headers)")
        }
        for headers in [[("Cookie", right)], [("Cookie", "\(hidden); \(right); theme=dark")]] {
            #expect(try stack.send("GET", target, token: .some(nil), headers: headers).status == 200, "\(headers)")
        }
        // nginx and the responder use the same one of two tokens.
        let stranger = try stack.person("twice@example.com")
        for order in [[stranger, stack.token], [stack.token, stranger]] {
            let headers = order.map { ("Authorization", "Bearer \($0)") }
            let status = try stack.send("GET", target, token: .some(nil), headers: headers).status
            #expect(status == 400 || status == (order[0] == stranger ? 404 : 200))
        }
    }

    @Test(
        "sign-ins, refusals, roles, tokens and syncs are recorded with person and address, and no line can be deleted"
    )
    func audit() throws {
        let viewer = try stack.person("vi@example.com", role: "viewer")
        _ = try stack.signIn("vi@example.com", "not the password")
        let cookie = ("Cookie", try stack.cookie())
        let type = ("Content-Type", "application/json")
        let body = #"{"adAccountId":"\#(Stack.dollars)","force":true}"#
        #expect(try stack.send("POST", "/api/sync", token: viewer, headers: [type], body: body).status == 403)
        #expect(
            try stack.send("POST", "/api/sync", token: .some(nil), headers: [type, cookie], body: body).status == 202
        )
        _ = try stack.send("DELETE", "/api/session", token: .some(nil), headers: [cookie])
        let events = Array(try stack.audit().prefix(8))
        #expect(
            events == [
                "signed_out,\(Stack.admin),127.0.0.1,-",
                "sync_requested,\(Stack.admin),127.0.0.1,\(Stack.dollars)",
                "request_refused,vi@example.com,127.0.0.1,\(Stack.dollars)",
                "signed_in,\(Stack.admin),127.0.0.1,-",
                "sign_in_refused,vi@example.com,127.0.0.1,-",
                "token_created,operator,,-",
                "role_granted,operator,,\(Stack.dollars)",
                "user_added,operator,,-",
            ]
        )
        try stack.waitForSync(Stack.dollars)
        for change in ["UPDATE audit_events SET actor = ''", "DELETE FROM audit_events", "TRUNCATE audit_events"] {
            let result = try Command.run(
                "/usr/bin/psql",
                [try stack.setting("DATABASE_URL"), "-c", change]
            )
            #expect(result.status != 0 && result.errors.contains("only ever added to"), "\(result.errors)")
        }
        #expect(try stack.number("SELECT count(*) FROM audit_events WHERE actor = ''") == 0)
    }

    /// Repeats the check until it holds. It must hold for every request that begins this many seconds from now or
    /// later, however long the machine takes to respond.
    private func within(seconds: Double, _ condition: () throws -> Bool) throws {
        // nginx reads its clock once in each turn of its event loop.
        let deadline = ContinuousClock.now + .seconds(seconds + 0.3)
        while true {
            let isLate = ContinuousClock.now >= deadline
            if try condition() { return }
            guard !isLate else { throw Failure("not over after \(seconds) s") }
            usleep(20_000)
        }
    }
}
