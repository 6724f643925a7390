import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// `totals=true`: the sums of all rows, compared with sums that PostgreSQL computes from the tables.
@Suite struct TotalsTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private func answer(_ route: TableRoute, _ query: String) -> JSON {
        bench.get(route.path, "adAccountId=\(bench.id)&totals=true&\(query)").json
    }

    private func number(_ sql: String) throws -> Double? {
        try bench.sample.database.connect().text(Query(raw: sql)).flatMap { Double($0) }
    }

    private static let isGone = "(status IN ('DELETED', 'ARCHIVED') OR effective_status IN ('DELETED', 'ARCHIVED'))"

    private func isClose(_ one: Double?, _ other: Double?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return abs(one - other) < 0.000_002
    }

    @Test(
        "totals cover all rows, and together with the hidden rows they equal the account's",
        arguments: TableRoute.all
    )
    func reconcile(_ route: TableRoute) throws {
        let json = answer(route, "")
        let spend = route.names.contains("spend") ? "spend" : "spent"
        let listed = "FROM \(route.table) WHERE NOT \(Self.isGone)"
        for (name, column) in [
            (spend, "spent"), ("impressions", "impressions"), ("clicks", "clicks"), ("conversions", "conversions"),
        ] {
            #expect(isClose(json["totals"][name].number, try number("SELECT sum(\(column)) \(listed)")), "\(name)")
        }
        #expect(
            isClose(
                json["totals"]["ctr"].number,
                try number("SELECT round(sum(clicks) * 100.0 / sum(impressions), 6) \(listed)")
            )
        )
        let hidden = "FROM \(route.table) WHERE \(Self.isGone)"
        #expect(json["hidden"]["rows"].number == (try number("SELECT count(*) \(hidden)")))
        #expect(isClose(json["hidden"]["spend"].number, try number("SELECT sum(spent) \(hidden)")))
        #expect(json["hidden"]["rows"].integer ?? 0 > 0)
        // In the simulator's account every spend belongs to an object.
        let account = try #require(json["account"]["spend"].number)
        let both = try #require(json["totals"][spend].number) + (json["hidden"]["spend"].number ?? 0)
        #expect(abs(both - account) < 0.01 * Double(route.names.count * 10))
        #expect(account > 0)
    }

    @Test("every page has the same totals, and filters apply to them", arguments: TableRoute.all)
    func filters(_ route: TableRoute) throws {
        let whole = answer(route, "")
        let page = answer(route, "limit=2")
        let sums = { (json: JSON) in
            ["impressions", "clicks", "ctr"].map { json["totals"][$0].number } + [json["hidden"]["rows"].number]
        }
        #expect(sums(page) == sums(whole))
        let cursor = try #require(page["paging"]["next"].string)
        #expect(sums(answer(route, "limit=2&cursor=\(cursor)")) == sums(whole))
        let all = answer(route, "status=ALL")
        #expect(all["hidden"]["rows"].integer == 0 && all["hidden"]["spend"].number == 0)
        #expect(isClose(all["totals"]["impressions"].number, try number("SELECT sum(impressions) FROM \(route.table)")))
        let paused = answer(route, "status=PAUSED")
        let sum = paused[route.member].list.reduce(0) { $0 + ($1["impressions"].number ?? 0) }
        #expect(paused["totals"]["impressions"].number == sum && paused["hidden"]["rows"].integer == 0)
        let none = answer(route, "q=nothing%20is%20called%20so")
        #expect(none["totals"]["impressions"].number == 0 && none["totals"]["ctr"].isNull)
        #expect(none["hidden"]["rows"].integer == 0)
    }

    @Test("totals over days are the sums of their rows; days that are not stored give null", arguments: TableRoute.all)
    func ranges(_ route: TableRoute) throws {
        try bench.sql(
            """
            INSERT INTO insights_daily (ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id, spent,
                                        impressions, clicks, engagement, conversions, conversion_value, fetched_at)
                SELECT ad_account_id, '2026-03-01', facebook_ad_id, facebook_ad_set_id, facebook_campaign_id, 1,
                       hashtext(facebook_ad_id) & 1023, hashtext(facebook_ad_id) & 7, 0, 0, 0, now() FROM creatives;
            INSERT INTO insights_days (ad_account_id, day, spent, impressions, clicks, engagement, conversions,
                                       conversion_value, state)
                SELECT ad_account_id, day, sum(spent), sum(impressions), sum(clicks), 0, 0, 0, 'complete'
                FROM insights_daily GROUP BY 1, 2
            """
        )
        let json = answer(route, "status=ALL&from=2026-03-01&to=2026-03-01")
        let sum = json[route.member].list.reduce(0) { $0 + ($1["clicks"].number ?? 0) }
        #expect(json["totals"]["clicks"].number == sum && sum > 0)
        #expect(json["account"]["spend"].number == 60)
        #expect(json["totals"]["reach"].isNull || json["totals"]["reach"].isMissing)
        let before = answer(route, "from=2020-01-01&to=2020-01-31")
        for name in ["impressions", "clicks", "ctr", "conversions"] {
            #expect(before["totals"][name].isNull, "\(name)")
        }
        #expect(before["account"]["spend"].isNull)
    }

    @Test("without totals=true a response is unchanged")
    func plain() {
        let response = bench.get("/api/ads")
        #expect(JSON.memberNames(response.body, depth: 1) == ["ads"])
        #expect(isError(bench.get("/api/ads", "adAccountId=\(bench.id)&totals=yes"), 400, "PARAMETER_INVALID"))
        let more = bench.get("/api/ads", "adAccountId=\(bench.id)&totals=true")
        #expect(JSON.memberNames(more.body, depth: 1) == ["ads", "totals", "hidden", "account"])
        #expect(more.headers["ETag"] != response.headers["ETag"])
    }
}
