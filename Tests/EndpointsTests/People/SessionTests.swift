import Endpoints
import Foundation
import HTTPMessages
import Model
import Postgres
import Secrets
import Store
import TestSupport
import Testing

@Suite struct SessionTests: SigningIn {
    let bench: Bench

    init() throws {
        bench = try .withPassword()
    }

    @Test("a person with the right password gets a cookie with their rights")
    func signsIn() throws {
        let response = signIn()
        #expect(response.status == 200)
        #expect(response.json["user"]["email"].string == Sample.email)
        #expect(response.headers["Cache-Control"] == "no-store")
        let cookie = try cookie(response)
        #expect(isSignedIn(cookie))
        // Facts of the server that the dashboard needs. Facebook keeps 37 months, and the shortest 37 months have 1,123
        // days.
        for session in [response.json, request("GET", cookie).json] {
            #expect(session["longestHistoryDays"].integer == 1123)
            #expect(session["longestRangeDays"].integer == 1150)
        }
        #expect(request("GET", "/api/campaigns", query: "adAccountId=\(bench.id)", cookie).status == 200)
        #expect(
            request("GET", "/_authorize/api/campaigns", query: "adAccountId=\(bench.id)", cookie).headers["X-Cache-Key"]
                != nil
        )
        var post = cookie
        post.add("Content-Type", "application/json")
        #expect(request("POST", "/api/sync", post, body: #"{"adAccountId":"\#(bench.id)"}"#).status == 200)
        #expect(signIn(Sample.email.uppercased()).status == 200)
    }

    @Test("scripts and other sites cannot read the cookie, and under TLS other hosts cannot either")
    func attributes() throws {
        let plain = try #require(signIn().headers["Set-Cookie"])
        #expect(plain.wholeMatch(of: /admirror=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict/) != nil)
        let secure = try #require(signIn(isSecure: true).headers["Set-Cookie"])
        #expect(
            secure.wholeMatch(of: /__Host-admirror=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Secure/) != nil
        )
        // Any host may have set a cookie without the prefix, so under TLS it is ignored.
        let name = try #require(plain.split(separator: ";").first)
        #expect(request("GET", ["Cookie": String(name)], isSecure: true).json["user"].isNull)
    }

    @Test("the database holds no session id and no password")
    func hashes() throws {
        let id = try #require(signIn().headers["Set-Cookie"]?.dropFirst("admirror=".count).prefix(64))
        let connection = bench.sample.database.connect()
        let dump = try connection.text(
            "SELECT (SELECT string_agg(s::text, ' ') FROM sessions s) || (SELECT string_agg(u::text, ' ') FROM users u) || (SELECT string_agg(e::text, ' ') FROM audit_events e)"
        )
        #expect(dump?.contains(id) == false)
        #expect(dump?.contains("horse") == false)
        #expect(
            try connection.text("SELECT password_hash FROM users")?.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$") == true
        )
    }

    @Test("signing in again makes a new id and ends the old session")
    func rotation() throws {
        let first = try cookie(signIn())
        let second = try cookie(signIn(Sample.email, Sample.password, first))
        #expect(first != second)
        #expect(!isSignedIn(first))
        #expect(isSignedIn(second))
    }

    @Test("signing out ends this session, or all of the person's sessions")
    func signOut() throws {
        let cookies = try (0..<3).map { _ in try cookie(signIn()) }
        let out = request("DELETE", cookies[0])
        #expect(out.status == 200)
        #expect(out.headers["Set-Cookie"]?.contains("Max-Age=0") == true)
        #expect(!isSignedIn(cookies[0]) && isSignedIn(cookies[1]) && isSignedIn(cookies[2]))
        #expect(isError(request("GET", "/api/ad-accounts", cookies[0]), 401, "SESSION_ENDED"))
        #expect(request("DELETE", query: "everywhere=true", cookies[1]).json["ended"].integer == 2)
        #expect(!isSignedIn(cookies[1]) && !isSignedIn(cookies[2]))
        #expect(request("DELETE").status == 200)
        #expect(isError(request("DELETE", query: "everywhere=yes"), 400, "PARAMETER_INVALID"))
    }

    @Test(
        "a session ends after a day without use, and after two weeks in any case",
        arguments: [
            ("last_used_at = now() - interval '23 hours'", true), ("last_used_at = now() - interval '25 hours'", false),
            ("created_at = now() - interval '13 days'", true), ("created_at = now() - interval '15 days'", false),
        ]
    )
    func expiry(_ change: String, _ isAlive: Bool) throws {
        let cookie = try cookie(signIn())
        try bench.sql("UPDATE sessions SET \(change)")
        #expect(isSignedIn(cookie) == isAlive)
        // Use keeps it alive.
        if isAlive {
            _ = request("GET", "/api/ad-accounts", cookie)
            let idle = try bench.sample.database.connect().integer(
                "SELECT extract(epoch FROM now() - last_used_at)::int FROM sessions"
            )
            #expect(idle ?? 99 < 70)
        }
    }

    @Test("a new password ends all sessions")
    func newPassword() throws {
        let cookie = try cookie(signIn())
        #expect(try bench.sample.store.setPasswordHash(Passwords.hash("another password") ?? "", of: Sample.email))
        #expect(!isSignedIn(cookie))
        #expect(signIn().status == 401)
        #expect(signIn(Sample.email, "another password").status == 200)
    }

    @Test(
        "cookies that are not our sessions authenticate nobody",
        arguments: [
            "admirror=", "admirror=abc", "admirror=\(String(repeating: "a", count: 64))",
            "xadmirror=\(String(repeating: "a", count: 64))", ";;=;",
        ]
    )
    func foreignCookies(_ cookie: String) {
        #expect(request("GET", ["Cookie": cookie]).json["user"].isNull)
        #expect(request("GET", "/api/ad-accounts", ["Cookie": cookie]).status == 401)
    }

    @Test("two session cookies count as none, because an attacker may have added one")
    func twoCookies() throws {
        let mine = try #require(try cookie(signIn())["Cookie"])
        #expect(
            request("GET", ["Cookie": "\(mine); admirror=\(String(repeating: "a", count: 64))"]).json["user"].isNull
        )
    }

    @Test("a person whom the proxy signed in gets in if they have an account here")
    func proxied() {
        func ask(_ email: String) -> HTTPResponse {
            var request = HTTPRequest(path: "/api/campaigns", query: "adAccountId=\(bench.id)")
            request[.user] = email
            return bench.endpoints.answer(request)
        }
        #expect(ask(Sample.email.uppercased()).status == 200)
        #expect(isError(ask("stranger@example.com"), 401, "USER_UNKNOWN"))
    }

    @Test("a read token reads, and does nothing else")
    func readScope() throws {
        let token = AccessToken.generate()
        _ = try bench.sample.store.addAccessToken(
            hash: AccessToken.hash(token),
            email: Sample.email,
            label: "",
            scope: .read,
            days: nil
        )
        let bearer: HTTPHeaders = ["Authorization": "Bearer \(token)", "Content-Type": "application/json"]
        #expect(request("GET", "/api/campaigns", query: "adAccountId=\(bench.id)", bearer).status == 200)
        #expect(
            isError(
                request("POST", "/api/sync", bearer, body: #"{"adAccountId":"\#(bench.id)"}"#),
                403,
                "SCOPE_INSUFFICIENT"
            )
        )
        #expect(
            isError(
                request("POST", "/api/revalidate", bearer, body: #"{"path":"/api/ads"}"#),
                403,
                "SCOPE_INSUFFICIENT"
            )
        )
        #expect(bench.started.isEmpty)
    }

    @Test(
        "a page of another site cannot act as the signed-in person",
        arguments: [
            ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"],
            ["Origin": "https://evil.example", "Host": "ads.example"],
            ["Origin": "null", "Host": "ads.example"], ["Origin": "https://ads.example.evil", "Host": "ads.example"],
            ["Origin": "https://ads.example"],
        ] as [HTTPHeaders]
    )
    func crossSite(_ headers: HTTPHeaders) throws {
        var all = try cookie(signIn())
        for field in headers.fields { all.add(field.name, field.value) }
        all.add("Content-Type", "application/json")
        let body = #"{"adAccountId":"\#(bench.id)","force":true}"#
        #expect(isError(request("POST", "/api/sync", all, body: body), 403, "CROSS_SITE"))
        #expect(isError(request("POST", "/api/revalidate", all, body: #"{"path":"/api/ads"}"#), 403, "CROSS_SITE"))
        #expect(isError(request("DELETE", all), 403, "CROSS_SITE"))
        #expect(isError(signIn(Sample.email, Sample.password, headers), 403, "CROSS_SITE"))
        #expect(bench.started.isEmpty)
        // A browser never sends a token by itself, so the request may come from any site.
        all = bench.bearer
        for field in headers.fields { all.add(field.name, field.value) }
        all.add("Content-Type", "application/json")
        #expect(request("POST", "/api/sync", all, body: body).status == 202)
    }

    @Test(
        "our own pages can act as the signed-in person",
        arguments: [
            ["Sec-Fetch-Site": "same-origin"], ["Sec-Fetch-Site": "none"],
            ["Origin": "https://Ads.example:8443", "Host": "ads.example:8443"], [:],
        ] as [HTTPHeaders]
    )
    func sameSite(_ headers: HTTPHeaders) throws {
        var all = try cookie(signIn(Sample.email, Sample.password, headers))
        for field in headers.fields { all.add(field.name, field.value) }
        all.add("Content-Type", "application/json")
        #expect(request("POST", "/api/revalidate", all, body: #"{"path":"/api/ads"}"#).status == 200)
        // A request that changes something must declare JSON, which another page's form cannot.
        all["Content-Type"] = "text/plain"
        #expect(
            isError(
                request("POST", "/api/revalidate", all, body: #"{"path":"/api/ads"}"#),
                415,
                "CONTENT_TYPE_UNSUPPORTED"
            )
        )
    }
}
