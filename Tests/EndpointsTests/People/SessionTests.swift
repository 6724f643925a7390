import Endpoints
import Foundation
import HTTPMessages
import Model
import Postgres
import Secrets
import Store
import TestSupport
import Testing

@Suite struct SessionTests {
    static let password = "correct horse  battery staple"
    let bench: Bench

    init() throws {
        bench = try Bench()
        let hash = try #require(Passwords.hash(Self.password))
        #expect(try bench.sample.store.setPasswordHash(hash, of: Sample.email))
    }

    private func request(
        _ method: String,
        _ path: String,
        query: String = "",
        _ headers: HTTPHeaders = [:],
        body: String = "",
        isSecure: Bool = false,
        address: String = "192.0.2.1"
    ) -> HTTPResponse {
        var request = HTTPRequest(method: method, path: path, query: query, headers: headers, body: Array(body.utf8))
        request.isSecure = isSecure
        request.clientAddress = address
        return bench.endpoints.answer(request)
    }

    /// Of /api/session.
    private func request(
        _ method: String,
        query: String = "",
        _ headers: HTTPHeaders = [:],
        body: String = "",
        isSecure: Bool = false,
        address: String = "192.0.2.1"
    ) -> HTTPResponse {
        request(method, "/api/session", query: query, headers, body: body, isSecure: isSecure, address: address)
    }

    private func signIn(
        _ email: String = Sample.email,
        _ password: String = password,
        _ headers: HTTPHeaders = [:],
        isSecure: Bool = false,
        address: String = "192.0.2.1"
    ) -> HTTPResponse {
        var all: HTTPHeaders = ["Content-Type": "application/json"]
        for field in headers.fields { all.add(field.name, field.value) }
        let body = #"{"email":"\#(email)","password":"\#(password)"}"#
        return request("POST", all, body: body, isSecure: isSecure, address: address)
    }

    /// The cookie that an answer sets, as a browser sends it back.
    private func cookie(_ response: HTTPResponse) throws -> HTTPHeaders {
        let pair = try #require(response.headers["Set-Cookie"]?.split(separator: ";").first)
        return ["Cookie": "theme=dark; \(pair)"]
    }

    private func isSignedIn(_ cookie: HTTPHeaders) -> Bool {
        request("GET", cookie).json["user"]["email"].string == Sample.email
    }

    @Test("whoever knows the password gets a cookie with which they may do what they may do")
    func signsIn() throws {
        let response = signIn()
        #expect(response.status == 200)
        #expect(response.json["user"]["email"].string == Sample.email)
        #expect(response.headers["Cache-Control"] == "no-store")
        let cookie = try cookie(response)
        #expect(isSignedIn(cookie))
        // Facts of the server that the dashboard needs. Facebook keeps 37 months, the shortest of which have 1,123 days.
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

    @Test("the cookie is out of reach of scripts and other sites, and under TLS of other hosts")
    func attributes() throws {
        let plain = try #require(signIn().headers["Set-Cookie"])
        #expect(plain.wholeMatch(of: /admirror=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict/) != nil)
        let secure = try #require(signIn(isSecure: true).headers["Set-Cookie"])
        #expect(
            secure.wholeMatch(of: /__Host-admirror=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Secure/) != nil
        )
        // A cookie without the prefix may be anybody's; under TLS it is none of ours.
        let name = try #require(plain.split(separator: ";").first)
        #expect(request("GET", ["Cookie": String(name)], isSecure: true).json["user"].isNull)
    }

    @Test("the database holds no id of a session, and no password")
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

    @Test(
        "an unknown address and a wrong password get one answer",
        arguments: [
            (Sample.email, "wrong password"), ("nobody@example.com", password), ("without@example.com", password),
            (Sample.email, ""),
            (Sample.email, "correct horse battery staple"), ("nobody@example.com", ""),
        ]
    )
    func refused(_ email: String, _ password: String) throws {
        _ = try bench.sample.store.addUser(email: "without@example.com")
        let response = signIn(email, password)
        #expect(isError(response, 401, "SIGN_IN_REFUSED"))
        #expect(response.body == signIn("someone@else.example", "x").body)
        #expect(response.headers["Set-Cookie"] == nil)
    }

    @Test("an unknown address costs as much as a wrong password")
    func cost() throws {
        let hash = Passwords.hash("y")
        let unknown = try #require((0..<5).map { _ in processorSeconds { _ = Passwords.matches("x", nil) } }.min())
        let known = try #require((0..<5).map { _ in processorSeconds { _ = Passwords.matches("x", hash) } }.min())
        // Both hash once: a comparison without hashing would take a thousandth of it.
        #expect((0.3...3).contains(unknown / known))
    }

    /// What the processor works for something in this thread. The work of other programs is not in it.
    private func processorSeconds(_ body: () -> Void) -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let before = now()
        body()
        return now() - before
    }

    @Test("ten failures in a quarter of an hour stop a person's sign-ins, whoever tries, and nobody else's")
    func throttled() throws {
        for index in 0..<10 { #expect(signIn(Sample.email, "x", address: "192.0.2.\(index)").status == 401) }
        let response = signIn(address: "198.51.100.7")
        #expect(isError(response, 429, "SIGN_IN_THROTTLED"))
        #expect((1...900).contains(Int(response.headers["Retry-After"] ?? "") ?? 0))
        #expect(signIn("other@example.com", "x").status == 401)
        // An address that nobody has is treated alike.
        for _ in 0..<10 { _ = signIn("ghost@example.com", "x", address: "203.0.113.1") }
        #expect(signIn("ghost@example.com", "x").status == 429)
        try bench.sql("UPDATE sign_in_failures SET at = at - interval '16 minutes'")
        #expect(signIn().status == 200)
        #expect(signIn().status == 200)
    }

    @Test("fifty failures from one address stop that address")
    func throttledAddress() {
        for index in 0..<50 { _ = signIn("p\(index)@example.com", "x") }
        #expect(isError(signIn(), 429, "SIGN_IN_THROTTLED"))
        #expect(signIn(address: "192.0.2.2").status == 200)
    }

    @Test("so many addresses of one IPv6 /64 count as one, and one of another network does not")
    func throttledNetwork() {
        for index in 0..<50 { _ = signIn("p\(index)@example.com", "x", address: "2001:db8:0:1::\(index)") }
        #expect(isError(signIn(address: "2001:db8:0:1:ffff:ffff:ffff:ffff"), 429, "SIGN_IN_THROTTLED"))
        #expect(signIn(address: "2001:db8:0:2::1").status == 200)
        for address in ["::ffff:192.0.2.9", "::1", ":", "unix:", ""] {
            #expect(signIn(address: address).status == 200, "\(address)")
        }
    }

    @Test("while enough responders hash passwords, a sign-in is put off, and none is held against anybody")
    func busy() throws {
        let other = bench.sample.database.store()
        let slot = try #require(try other.acquireSlot(for: .hashing, host: "", of: 1))
        for _ in 0..<11 {
            let answer = signIn()
            #expect(isError(answer, 429, "SIGN_IN_THROTTLED"))
            #expect(answer.headers["Retry-After"] == "1")
        }
        #expect(bench.get("/api/campaigns").status == 200)
        try other.release(slot)
        #expect(signIn().status == 200)
        // Each hash releases its slot.
        #expect(signIn(Sample.email, "wrong").status == 401)
        #expect(try other.acquireSlot(for: .hashing, host: "", of: 1) != nil)
    }

    @Test("signing in again makes a new id, and the old one is over")
    func rotation() throws {
        let first = try cookie(signIn())
        let second = try cookie(signIn(Sample.email, Self.password, first))
        #expect(first != second)
        #expect(!isSignedIn(first))
        #expect(isSignedIn(second))
    }

    @Test("signing out ends this session, or all of them")
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

    @Test("another password signs out everywhere")
    func newPassword() throws {
        let cookie = try cookie(signIn())
        #expect(try bench.sample.store.setPasswordHash(Passwords.hash("another password") ?? "", of: Sample.email))
        #expect(!isSignedIn(cookie))
        #expect(signIn().status == 401)
        #expect(signIn(Sample.email, "another password").status == 200)
    }

    @Test(
        "a page of another site cannot act for whoever is signed in",
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
        #expect(isError(signIn(Sample.email, Self.password, headers), 403, "CROSS_SITE"))
        #expect(bench.started.isEmpty)
        // A token is never sent by itself, so it may come from anywhere.
        all = bench.bearer
        for field in headers.fields { all.add(field.name, field.value) }
        all.add("Content-Type", "application/json")
        #expect(request("POST", "/api/sync", all, body: body).status == 202)
    }

    @Test(
        "our own pages may",
        arguments: [
            ["Sec-Fetch-Site": "same-origin"], ["Sec-Fetch-Site": "none"],
            ["Origin": "https://Ads.example:8443", "Host": "ads.example:8443"], [:],
        ] as [HTTPHeaders]
    )
    func sameSite(_ headers: HTTPHeaders) throws {
        var all = try cookie(signIn(Sample.email, Self.password, headers))
        for field in headers.fields { all.add(field.name, field.value) }
        all.add("Content-Type", "application/json")
        #expect(request("POST", "/api/revalidate", all, body: #"{"path":"/api/ads"}"#).status == 200)
        // What changes something has to say that it is JSON, which a form of another page cannot.
        all["Content-Type"] = "text/plain"
        #expect(
            isError(
                request("POST", "/api/revalidate", all, body: #"{"path":"/api/ads"}"#),
                415,
                "CONTENT_TYPE_UNSUPPORTED"
            )
        )
    }

    @Test(
        "what is no sign-in is refused",
        arguments: [
            "", "[]", "{}", #"{"email":"a@b"}"#, #"{"password":"x"}"#, #"{"email":"","password":"x"}"#,
            #"{"email":1,"password":"x"}"#,
            #"{"email":"a\u0000@b","password":"x"}"#,
            #"{"email":"a@b","password":"\#(String(repeating: "x", count: 1001))"}"#,
        ]
    )
    func nonsense(_ body: String) {
        #expect(
            isError(request("POST", ["Content-Type": "application/json"], body: body), 400, "BODY_INVALID"),
            "\(body.prefix(40))"
        )
    }

    @Test(
        "cookies that are no session of ours are nobody",
        arguments: [
            "admirror=", "admirror=abc", "admirror=\(String(repeating: "a", count: 64))",
            "xadmirror=\(String(repeating: "a", count: 64))", ";;=;",
        ]
    )
    func foreignCookies(_ cookie: String) {
        #expect(request("GET", ["Cookie": cookie]).json["user"].isNull)
        #expect(request("GET", "/api/ad-accounts", ["Cookie": cookie]).status == 401)
    }

    @Test("two session cookies count as none: one of them may be slipped in")
    func twoCookies() throws {
        let mine = try #require(try cookie(signIn())["Cookie"])
        #expect(
            request("GET", ["Cookie": "\(mine); admirror=\(String(repeating: "a", count: 64))"]).json["user"].isNull
        )
    }

    @Test("a person whom the proxy in front has signed in is let in, if they are known")
    func proxied() {
        func ask(_ email: String) -> HTTPResponse {
            var request = HTTPRequest(path: "/api/campaigns", query: "adAccountId=\(bench.id)")
            request.proxiedUser = email
            return bench.endpoints.answer(request)
        }
        #expect(ask(Sample.email.uppercased()).status == 200)
        #expect(isError(ask("stranger@example.com"), 401, "USER_UNKNOWN"))
    }

    @Test("a token for reading reads, and does nothing else")
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

    private func events() throws -> [String] {
        try bench.sample.store.auditEvents(limit: 1000).map {
            "\($0.event) \($0.actor ?? "-") \($0.facebookAccountID ?? "-") \($0.detail)"
        }
    }

    @Test("what was typed at a sign-in that failed, which may be a password, is kept nowhere")
    func typed() throws {
        for index in 0..<12 { _ = signIn("hunter2 of ada", "x", address: "192.0.2.\(index)") }
        _ = signIn(Sample.email.uppercased(), "x", address: "198.51.100.1")
        let refused = try events().filter { $0.hasPrefix("sign_in_") }
        // Of nobody's tries one line a minute.
        #expect(refused == ["sign_in_refused \(Sample.email) - ", "sign_in_throttled - - ", "sign_in_refused - - "])
        for table in ["audit_events", "sign_in_failures"] {
            let dump = try bench.sample.database.connect().text("SELECT string_agg(t::text, ' ') FROM \(raw: table) t")
            #expect(dump?.isEmpty == false && dump?.contains("hunter2") == false, "\(table)")
        }
    }

    @Test("the same refusal of one person makes a line an hour, however often they try, and each other one its own")
    func flood() throws {
        let viewer = try bench.newPerson("vi@example.com", role: .viewer)
        let other = try bench.newPerson("otto@example.com", role: .viewer)
        func post(_ path: String, _ bearer: HTTPHeaders, _ body: String) {
            var headers = bearer
            headers["Content-Type"] = "application/json"
            _ = request("POST", path, headers, body: body)
        }
        for _ in 0..<5 {
            for bearer in [viewer, other] { post("/api/sync", bearer, #"{"adAccountId":"\#(bench.id)"}"#) }
            post("/api/revalidate", viewer, #"{"tag":"ads-\#(bench.id)"}"#)
        }
        let account = bench.sample.facebookID
        #expect(
            try events() == [
                "request_refused vi@example.com \(account) POST /api/revalidate: MANAGER_REQUIRED",
                "request_refused otto@example.com \(account) POST /api/sync: MANAGER_REQUIRED",
                "request_refused vi@example.com \(account) POST /api/sync: MANAGER_REQUIRED",
            ]
        )
        try age("61 minutes")
        post("/api/sync", viewer, #"{"adAccountId":"\#(bench.id)"}"#)
        #expect(try events().count == 4)
    }

    /// Makes every line of the audit older, behind the back of its triggers.
    private func age(_ interval: String) throws {
        try bench.sql(
            """
            ALTER TABLE audit_events DISABLE TRIGGER USER;
            UPDATE audit_events SET at = at - interval '\(interval)';
            ALTER TABLE audit_events ENABLE TRIGGER USER;
            """
        )
    }

    @Test("whoever comes from another site, or with too small a token, or with a wrong secret, leaves a line")
    func attempts() throws {
        let foreign: HTTPHeaders = ["Sec-Fetch-Site": "cross-site"]
        let token = AccessToken.generate()
        _ = try bench.sample.store.addAccessToken(
            hash: AccessToken.hash(token),
            email: Sample.email,
            label: "",
            scope: .read,
            days: nil
        )
        let reader: HTTPHeaders = ["Authorization": "Bearer \(token)", "Content-Type": "application/json"]
        var cookie = try cookie(signIn())
        cookie.add("Sec-Fetch-Site", "same-site")
        for _ in 0..<3 {
            _ = request("POST", "/api/sync", reader, body: "{}")
            _ = request("POST", "/api/sync", cookie, body: "{}")
            _ = signIn(Sample.email, Self.password, foreign)
            _ = request("GET", "/api/sync", query: "secret=wrong")
        }
        let expected = [
            "request_refused - - GET /api/sync: CRON_SECRET_INVALID",
            "request_refused - - POST /api/session: CROSS_SITE",
            "request_refused \(Sample.email) - POST /api/sync: CROSS_SITE",
            "request_refused \(Sample.email) - POST /api/sync: SCOPE_INSUFFICIENT",
        ]
        #expect(try events().filter { $0.hasPrefix("request_refused") } == expected)
        // Of nobody there is a line a minute.
        try age("61 seconds")
        _ = request("GET", "/api/sync", query: "secret=wrong")
        #expect(try events().first == expected[0])
        #expect(try events().count == 6)
    }

    @Test("the audit can be pruned of what is old, and of nothing younger than ninety days")
    func pruned() throws {
        let store = bench.sample.store
        for days in [500, 100, 80] {
            try store.note(.revalidated, by: "operator", "\(days)")
            try bench.sql(
                """
                ALTER TABLE audit_events DISABLE TRIGGER USER;
                UPDATE audit_events SET at = now() - interval '\(days) days' WHERE detail = '\(days)';
                ALTER TABLE audit_events ENABLE TRIGGER USER;
                """
            )
        }
        func left() throws -> [String] { try store.auditEvents(limit: 10).map(\.detail) }
        #expect(throws: PostgresError.self) { try store.pruneAudit(olderThan: 70) }
        #expect(try left() == ["80", "100", "500"])
        #expect(try store.pruneAudit(olderThan: 400) == 1)
        #expect(try store.pruneAudit(olderThan: 90) == 1)
        #expect(try left() == ["80"])
    }

    @Test("sign-ins, refusals and syncs by hand are written down, and nobody can change that")
    func audit() throws {
        _ = signIn(Sample.email, "wrong", address: "198.51.100.1")
        let cookie = try cookie(signIn(address: "198.51.100.2"))
        var post = cookie
        post.add("Content-Type", "application/json")
        _ = request(
            "POST",
            "/api/sync",
            post,
            body: #"{"adAccountId":"\#(bench.id)","force":true}"#,
            address: "198.51.100.2"
        )
        let viewer = try bench.newPerson("vi@example.com", role: .viewer)
        var refused = viewer
        refused.add("Content-Type", "application/json")
        _ = request("POST", "/api/sync", refused, body: #"{"adAccountId":"\#(bench.id)"}"#)
        _ = request("DELETE", cookie, address: "198.51.100.2")
        let events = try bench.sample.store.auditEvents(limit: 10)
        #expect(
            events.map(\.event) == ["signed_out", "request_refused", "sync_requested", "signed_in", "sign_in_refused"]
        )
        #expect(events.map(\.address) == ["198.51.100.2", "192.0.2.1", "198.51.100.2", "198.51.100.2", "198.51.100.1"])
        #expect(events[2].facebookAccountID == bench.sample.facebookID && events[2].detail == "forced")
        #expect(events[1].actor == "vi@example.com")
        for change in ["UPDATE audit_events SET actor = ''", "DELETE FROM audit_events", "TRUNCATE audit_events"] {
            #expect(throws: PostgresError.self) { try bench.sql(change) }
        }
        #expect(try bench.sample.store.auditEvents(limit: 2).count == 2)
    }
}
