import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// Cache keys, tags, and the grants that nginx sends back.
@Suite struct KeyTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private func key(_ path: String, _ query: String, adding more: HTTPHeaders = [:]) -> String? {
        bench.get("/_authorize\(path)", query, adding: more).headers["X-Cache-Key"]
    }

    @Test("all spellings of one query have the same cache key, and another query has another")
    func keys() throws {
        let id = bench.id
        let own = try #require(key("/api/ads", "adAccountId=\(id)&q=a%20b&status=ACTIVE,PAUSED&limit=5"))
        for same in [
            "limit=5&status=PAUSED,ACTIVE&q=a+b&adAccountId=\(id)",
            "limit=005&status=active,,paused&q=a%20b&adAccountId=\(id)",
            "x=1&limit=5&utm=2&status=PAUSED%2CACTIVE&q=%61+b&adAccountId=act_\(bench.sample.facebookID)&format=json&sort=",
            "limit=5&status=PAUSED,ACTIVE&q=a+b&adAccountId=\(id)&sort=-created_at",
        ] {
            #expect(key("/api/ads", same) == own, "\(same)")
        }
        var all = [own]
        for other in [
            "", "q=a%20b", "q=a%20B", "status=ALL", "limit=5", "limit=6", "sort=name", "sort=-name", "campaignId=1",
            "adSetId=1",
            "from=2026-01-01&to=2026-01-02", "from=2026-01-01&to=2026-01-03", "format=csv", "format=csv&bom=false",
            "format=csv&ids=text", "q=status%3DALL",
        ] {
            all.append(try #require(key("/api/ads", "adAccountId=\(id)&\(other)"), "\(other)"))
        }
        all.append(try #require(key("/api/campaigns", "adAccountId=\(id)")))
        all.append(try #require(key("/api/ads", "adAccountId=\(id)&limit=7", adding: ["Accept": "text/csv"])))
        #expect(Set(all).count == all.count)
    }

    @Test(
        "a granted request gets the same response as one with full authorization",
        arguments: [
            "", "limit=3", "from=2026-01-01&to=2026-01-31&sort=-spent", "q=a&format=csv",
        ]
    )
    func grants(_ query: String) throws {
        let query = "adAccountId=\(bench.id)&\(query)"
        let grant = try #require(key("/api/campaigns", query))
        var request = HTTPRequest(path: "/api/campaigns", query: query)
        request[.grant] = grant
        let granted = bench.endpoints.answer(request)
        let admitted = bench.get("/api/campaigns", query)
        #expect(granted.status == 200)
        #expect(granted.body == admitted.body)
        #expect(granted.headers == admitted.headers)
        request.headers["If-None-Match"] = granted.headers["ETag"]
        #expect(bench.endpoints.answer(request).status == 304)
    }

    @Test("a grant is valid for its own query only")
    func foreignGrants() throws {
        let grant = try #require(key("/api/campaigns", "adAccountId=\(bench.id)&limit=3"))
        for (path, query) in [("/api/campaigns", "limit=4"), ("/api/campaigns", ""), ("/api/ads", "limit=3")] {
            var request = HTTPRequest(path: path, query: "adAccountId=\(bench.id)&\(query)")
            request[.grant] = grant
            #expect(bench.endpoints.answer(request).status == 401)
        }
        for text in ["", "nonsense", grant + ":", String(grant.dropLast()), grant.replacing(bench.id, with: "x:y")] {
            var request = HTTPRequest(path: "/api/campaigns", query: "adAccountId=\(bench.id)&limit=3")
            request[.grant] = text
            #expect(bench.endpoints.answer(request).status == 401, "\(text)")
        }
    }

    @Test("a response whose cache key in nginx differs from ours is cached by nobody")
    func otherGrants() throws {
        let grant = try #require(key("/api/campaigns", "adAccountId=\(bench.id)"))
        var request = HTTPRequest(path: "/api/campaigns", query: "adAccountId=\(bench.id)", headers: bench.bearer)
        // The third part names the format of the responses.
        var parts = grant.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        parts[2] = "1"
        request[.grant] = parts.joined(separator: ":")
        let response = bench.endpoints.answer(request)
        #expect(response.status == 200)
        #expect(response.headers["Cache-Control"] == "no-store")
    }

    @Test("the tag of an ad set's campaigns changes with the ad sets, because these name the campaign")
    func campaignsOfAdSet() throws {
        let query = "adAccountId=\(bench.id)&adSetId=4711"
        let before = bench.get("/api/campaigns", query).headers["ETag"]
        let plain = bench.get("/api/campaigns").headers["ETag"]
        try bench.sql("UPDATE ad_accounts SET ad_groups_version = ad_groups_version + 1")
        #expect(bench.get("/api/campaigns", query).headers["ETag"] != before)
        #expect(bench.get("/api/campaigns").headers["ETag"] == plain)
    }

    @Test("a version is never issued twice, not even after a lost commit")
    func versionsAfterLoss() throws {
        let connection = bench.sample.database.connect()
        try bench.sql("UPDATE ad_accounts SET campaigns_version = 5")
        _ = try bench.sample.store.revalidate(.campaigns, of: bench.sample.account)
        let first = try connection.integer("SELECT campaigns_version FROM ad_accounts") ?? 0
        try bench.sql("UPDATE ad_accounts SET campaigns_version = 5")
        _ = try bench.sample.store.revalidate(.campaigns, of: bench.sample.account)
        let second = try connection.integer("SELECT campaigns_version FROM ad_accounts") ?? 0
        #expect(first > 1_700_000_000_000 && second > first)
    }
}
