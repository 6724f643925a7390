import Endpoints
import HTTPMessages
import Model
import Postgres
import Secrets
import Store
import TestSupport
import Testing

@Suite struct ChangesTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
        try bench.sql(
            """
            UPDATE ad_accounts SET time_zone = 'Asia/Tokyo', facebook_time_zone = 'Asia/Tokyo';
            INSERT INTO object_changes (ad_account_id, seen_at, level, facebook_object_id, name, field, old_value, new_value)
            SELECT id, seen_at::timestamptz, level, object, 'Name "1"', field, old, new FROM ad_accounts, (VALUES
                ('2026-03-01 14:59:59Z', 'campaign', '1', 'status', 'ACTIVE', 'PAUSED'),
                ('2026-03-01 15:00:00.25Z', 'ad', '3', 'name', 'a', NULL),
                ('2026-03-01 15:00:00.25Z', 'adset', '2', 'daily_budget', NULL, '12.5'),
                ('2026-03-05 00:00:00Z', 'ad', '3', 'name', NULL, 'b')
            ) c (seen_at, level, object, field, old, new)
            """
        )
    }

    private func changes(_ query: String) -> [JSON] {
        let response = bench.get("/api/changes", "adAccountId=\(bench.id)&\(query)")
        #expect(response.status == 200, "\(response.text)")
        return response.json["changes"].list
    }

    @Test("changes are listed newest first, as recorded")
    func all() {
        let response = bench.get("/api/changes")
        #expect(JSON.memberNames(response.body, depth: 1) == ["changes"])
        #expect(
            Array(JSON.memberNames(response.body, depth: 3).prefix(7)) == [
                "seen_at", "level", "id", "name", "field", "old", "new",
            ]
        )
        #expect(response.headers["Cache-Control"] == "public, s-maxage=300, stale-while-revalidate=600")
        let changes = changes("")
        #expect(changes.map { $0["level"].string } == ["ad", "adset", "ad", "campaign"])
        #expect(changes[1]["seen_at"].string == "2026-03-01T15:00:00.25Z")
        #expect(changes[1]["old"].isNull && changes[1]["new"].string == "12.5")
        #expect(changes[3]["name"].string == "Name \"1\"")
    }

    @Test("since is a timestamp, or the start of a day in the account's time zone")
    func since() {
        #expect(changes("since=2026-03-01T15:00:00Z").count == 3)
        #expect(changes("since=2026-03-01T15:00:01Z").count == 1)
        #expect(changes("since=2026-03-02").count == 3)
        #expect(changes("since=2026-03-01").count == 4)
        #expect(changes("since=2027-01-01").isEmpty)
        #expect(isError(bench.get("/api/changes", "adAccountId=\(bench.id)&since=soon"), 400, "PARAMETER_INVALID"))
    }

    @Test("pages follow each other without a gap, also between changes recorded at the same time")
    func pages() throws {
        var all: [String?] = []
        var cursor = ""
        for _ in 0..<4 {
            let response = bench.get("/api/changes", "adAccountId=\(bench.id)&limit=1\(cursor)")
            all += response.json["changes"].list.map { $0["level"].string }
            cursor = "&cursor=" + (response.json["paging"]["next"].string ?? "none")
        }
        #expect(all == ["ad", "adset", "ad", "campaign"])
        #expect(cursor == "&cursor=none")
        #expect(isError(bench.get("/api/changes", "adAccountId=\(bench.id)&cursor=abc"), 400, "CURSOR_INVALID"))
    }

    @Test("a sync that changed an object changes the tag")
    func tag() throws {
        // The first sync stores the account's own time zone, which defines its days.
        let foreign = bench.get("/api/changes").headers["ETag"]
        try bench.sample.sync()
        let before = bench.get("/api/changes").headers["ETag"]
        #expect(before != foreign)
        try bench.sample.sync()
        #expect(bench.get("/api/changes").headers["ETag"] == before)
        let id = try bench.sample.database.connect().text("SELECT facebook_ad_id FROM creatives LIMIT 1")
        bench.sample.order(#"{"fault":"rename","id":"\#(id ?? "")","name":"New"}"#)
        try bench.sample.sync()
        #expect(bench.get("/api/changes").headers["ETag"] != before)
        #expect(changes("limit=1")[0]["new"].string == "New")
    }
}

@Suite struct RevalidationTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private func post(_ body: String, headers: HTTPHeaders? = nil) -> HTTPResponse {
        bench.send(
            "POST",
            "/api/revalidate",
            headers: headers,
            adding: ["Content-Type": "application/json"],
            body: body
        )
    }

    private let paths = tablePaths + ["/api/insights", "/api/changes"]

    private func tags() -> [String?] { paths.map { bench.get($0).headers["ETag"] } }

    @Test(
        "a tag raises the version that it names, and no other",
        arguments: ["campaigns", "ad-sets", "ads", "insights", "changes"]
    )
    func tag(_ kind: String) throws {
        let index = try #require(paths.firstIndex(of: "/api/\(kind)"))
        for id in [bench.id, bench.sample.facebookID, "act_\(bench.sample.facebookID)"] {
            let before = tags()
            let response = post(#"{"tag":"\#(kind)-\#(id)"}"#)
            #expect(response.status == 200)
            #expect(response.json["revalidated"].list.map { $0.string } == ["\(kind)-\(bench.id)"])
            for (other, (old, new)) in zip(before, tags()).enumerated() { #expect((old != new) == (other == index)) }
        }
    }

    @Test("a path raises its version for every account that the caller manages, or for the account that it names")
    func path() throws {
        let other = try bench.sample.store.addAdAccount(
            facebookID: "42",
            name: "",
            token: StoredToken(bytes: [1], keyID: "k")
        )
        let third = try bench.sample.store.addAdAccount(
            facebookID: "43",
            name: "",
            token: StoredToken(bytes: [1], keyID: "k")
        )
        _ = try bench.sample.store.grant(.manager, on: other, to: Sample.email)
        _ = try bench.sample.store.grant(.viewer, on: third, to: Sample.email)
        let both = post(#"{"path":"/api/ads"}"#).json["revalidated"].list.compactMap { $0.string }
        #expect(Set(both) == ["ads-\(bench.id)", "ads-\(other)"])
        let one = post(#"{"path":"/api/ads?adAccountId=act_42"}"#).json["revalidated"].list.map { $0.string }
        #expect(one == ["ads-\(other)"])
    }

    @Test(
        "a target that names nothing is refused",
        arguments: [
            "{}", #"{"tag":null}"#, #"{"tag":""}"#, #"{"tag":"campaigns"}"#, #"{"tag":"campaigns-"}"#,
            #"{"tag":"campaigns-x"}"#,
            #"{"tag":"/api/campaigns"}"#, #"{"path":"campaigns-1"}"#, #"{"path":"/api/sync"}"#,
            #"{"path":"/api/campaigns/"}"#,
            #"{"tag":"ads-1","path":"/api/ads"}"#, #"{"tag":"users-1"}"#,
        ]
    )
    func unclear(_ body: String) {
        #expect(isError(post(body), 400, "REVALIDATION_UNCLEAR"), "\(body)")
    }

    @Test("viewers may not revalidate, and strangers learn nothing")
    func roles() throws {
        let body = #"{"tag":"campaigns-\#(bench.id)"}"#
        let viewer = try bench.newPerson("vi@example.com", role: .viewer)
        #expect(isError(post(body, headers: viewer), 403, "MANAGER_REQUIRED"))
        #expect(isError(post(#"{"path":"/api/campaigns"}"#, headers: viewer), 403, "MANAGER_REQUIRED"))
        let stranger = try bench.newPerson("eve@example.com", role: nil)
        #expect(isError(post(body, headers: stranger), 404, "AD_ACCOUNT_NOT_FOUND"))
        #expect(isError(post(#"{"tag":"campaigns-77"}"#), 404, "AD_ACCOUNT_NOT_FOUND"))
        #expect(post(body, headers: [:]).status == 401)
        #expect(isError(bench.send("POST", "/api/revalidate", body: body), 415, "CONTENT_TYPE_UNSUPPORTED"))
        #expect(isError(post("{"), 400, "BODY_INVALID"))
        #expect(bench.get("/api/revalidate").status == 405)
    }
}
