import Endpoints
import HTTPMessages
import Model
import Postgres
import Secrets
import Store
import TestSupport
import Testing

/// The audit log of sign-ins, refusals and syncs.
@Suite struct AuditTests: SigningIn {
    let bench: Bench

    init() throws {
        bench = try .withPassword()
    }

    private func events() throws -> [String] {
        try bench.sample.store.auditEvents(limit: 1000).map {
            "\($0.event) \($0.actor ?? "-") \($0.facebookAccountID ?? "-") \($0.detail)"
        }
    }

    @Test("the text typed at a failed sign-in, which may be a password, is stored nowhere")
    func typed() throws {
        for index in 0..<12 { _ = signIn("hunter2 of ada", "x", address: "192.0.2.\(index)") }
        _ = signIn(Sample.email.uppercased(), "x", address: "198.51.100.1")
        let refused = try events().filter { $0.hasPrefix("sign_in_") }
        // Attempts without an account are logged at most once a minute.
        #expect(refused == ["sign_in_refused \(Sample.email) - ", "sign_in_throttled - - ", "sign_in_refused - - "])
        for table in ["audit_events", "sign_in_failures"] {
            let dump = try bench.sample.database.connect().text("SELECT string_agg(t::text, ' ') FROM \(raw: table) t")
            #expect(dump?.isEmpty == false && dump?.contains("hunter2") == false, "\(table)")
        }
    }

    @Test("repeated refusals of one kind are logged once an hour per person, and each other kind separately")
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

    /// Makes every line of the audit log older, bypassing its triggers.
    private func age(_ interval: String) throws {
        try bench.sql(
            """
            ALTER TABLE audit_events DISABLE TRIGGER USER;
            UPDATE audit_events SET at = at - interval '\(interval)';
            ALTER TABLE audit_events ENABLE TRIGGER USER;
            """
        )
    }

    @Test("a request from another site, with too small a token, or with a wrong secret is logged")
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
            _ = signIn(Sample.email, Sample.password, foreign)
            _ = request("GET", "/api/sync", query: "secret=wrong")
        }
        let expected = [
            "request_refused - - GET /api/sync: CRON_SECRET_INVALID",
            "request_refused - - POST /api/session: CROSS_SITE",
            "request_refused \(Sample.email) - POST /api/sync: CROSS_SITE",
            "request_refused \(Sample.email) - POST /api/sync: SCOPE_INSUFFICIENT",
        ]
        #expect(try events().filter { $0.hasPrefix("request_refused") } == expected)
        // Requests without a person are logged at most once a minute.
        try age("61 seconds")
        _ = request("GET", "/api/sync", query: "secret=wrong")
        #expect(try events().first == expected[0])
        #expect(try events().count == 6)
    }

    @Test("pruning the audit log removes old lines, and never lines younger than ninety days")
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

    @Test("sign-ins, refusals and manual syncs are logged, and nobody can change the log")
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
