import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// Metrics over days, and daily series, compared with sums computed in the test.
@Suite struct RangeTests {
    let bench: Bench

    /// Three ads in two ad sets of one campaign on three days; the rest of the account has no results.
    init() throws {
        bench = try Bench()
        try bench.sql(
            """
            UPDATE ad_accounts SET time_zone = 'America/Los_Angeles';
            DELETE FROM insights_daily; DELETE FROM insights_days; DELETE FROM creatives; DELETE FROM ad_groups; DELETE FROM campaigns;
            INSERT INTO campaigns (facebook_campaign_id, ad_account_id, name, status, effective_status, created_at, spent)
                SELECT '1', id, 'C', 'ACTIVE', 'ACTIVE', now(), 77 FROM ad_accounts;
            INSERT INTO ad_groups (facebook_ad_set_id, ad_account_id, facebook_campaign_id, name, status, effective_status, created_at)
                SELECT n, id, '1', 'S' || n, 'ACTIVE', 'ACTIVE', now() FROM ad_accounts, (VALUES ('11'), ('12')) s (n);
            INSERT INTO creatives (facebook_ad_id, ad_account_id, facebook_ad_set_id, facebook_campaign_id, name, status,
                                   effective_status, created_at)
                SELECT n, id, left(n, 2), '1', 'A' || n, 'ACTIVE', 'ACTIVE', now()
                FROM ad_accounts, (VALUES ('111'), ('112'), ('121'), ('129')) s (n);
            INSERT INTO insights_daily (ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id, spent,
                                        impressions, clicks, engagement, conversions, conversion_value, fetched_at)
                SELECT id, day::date, ad, left(ad, 2), '1', spent, impressions, clicks, engagement, conversions, value, now()
                FROM ad_accounts, (VALUES
                    ('2026-03-01', '111', 0.10, 100, 1, 2, 1, 0.30), ('2026-03-01', '112', 0.20, 50, 0, 0, 0, 0),
                    ('2026-03-01', '121', 10.01, 1000, 30, 5, 3, 99.99), ('2026-03-02', '111', 0.20, 300, 2, 1, 0, 0),
                    ('2026-03-04', '111', 5.555555, 10, 1, 0, 0, 0), ('2026-03-04', '121', 1, 0, 0, 0, 0, 0)
                ) d (day, ad, spent, impressions, clicks, engagement, conversions, value);
            INSERT INTO insights_days (ad_account_id, day, spent, impressions, clicks, engagement, conversions, conversion_value)
                SELECT id, day::date, spent, 10, 1, 0, 2, 3.5 FROM ad_accounts,
                    (VALUES ('2026-03-01', 10.31), ('2026-03-02', 0.2), ('2026-03-04', 6.6)) d (day, spent);
            """
        )
    }

    private func rows(_ path: String, _ member: String, _ query: String) -> [JSON] {
        let response = bench.get(path, "adAccountId=\(bench.id)&\(query)")
        #expect(response.status == 200, "\(response.text)")
        return response.json[member].list
    }

    @Test("metrics over days are sums to the cent, and ratios are computed from the sums")
    func sums() throws {
        let campaign = try #require(rows("/api/campaigns", "campaigns", "from=2026-03-01&to=2026-03-02").first)
        #expect(campaign["spent"].number == 10.51)
        #expect(campaign["impressions"].integer == 1450)
        #expect(campaign["clicks"].integer == 33)
        #expect(campaign["ctr"].number == 2.275862)
        #expect(campaign["cpc"].number == 0.318485)
        #expect(campaign["cpm"].number == 7.248276)
        #expect(campaign["conversions"].number == 4)
        #expect(campaign["cost_per_conversion"].number == 2.6275)
        #expect(campaign["reach"].isNull && campaign["frequency"].isNull)
        #expect(campaign["date_start"].string == "2026-03-01" && campaign["date_end"].string == "2026-03-02")

        let adSets = rows("/api/ad-sets", "adSets", "from=2026-03-01&to=2026-03-31&sort=id")
        #expect(adSets.map { $0["spent"].number } == [6.055555, 11.01])
        #expect(adSets.map { $0["impressions"].integer } == [460, 1000])
        #expect(adSets.allSatisfy { $0["reach"].isNull })

        let ads = rows("/api/ads", "ads", "from=2026-03-01&to=2026-03-01&sort=-spend")
        #expect(ads.map { $0["id"].string } == ["121", "112", "111", "129"])
        #expect(ads.map { $0["spend"].number } == [10.01, 0.2, 0.1, 0])
        #expect(ads.map { $0["roas"].number } == [9.989011, 0, 3, nil])
        #expect(ads.map { $0["engagement"].number } == [5, 0, 2, 0])
        #expect(ads[3]["ctr"].isNull && ads[3]["roas"].isNull && ads[3]["impressions"].integer == 0)
    }

    @Test("the members are the same with a range as without")
    func members() {
        for route in TableRoute.all {
            let response = bench.get(route.path, "adAccountId=\(bench.id)&from=2026-03-01&to=2026-03-02&limit=1")
            #expect(JSON.memberNames(response.body, depth: 3) == route.names)
        }
    }

    @Test("a timestamp counts as its day in the account's time zone")
    func times() {
        // 07:59 UTC is the day before in California, 08:00 is not.
        for (from, day) in [
            ("2026-03-02T07:59:59Z", "2026-03-01"), ("2026-03-02T08:00:00.000Z", "2026-03-02"),
            ("2026-03-02T01:00:00%2B01:00", "2026-03-01"), ("2026-03-02T01:00:00+0100", "2026-03-01"),
            ("2026-03-02T00:00:00-08:00", "2026-03-02"),
        ] {
            #expect(
                rows("/api/campaigns", "campaigns", "from=\(from)&to=2026-03-04")[0]["date_start"].string == day,
                "\(from)"
            )
        }
        let row = rows("/api/campaigns", "campaigns", "from=2026-03-01&to=2026-03-05T07:59:00Z")[0]
        #expect(row["date_end"].string == "2026-03-04")
    }

    @Test("a range without an end ends today, and one without a start has thirty days")
    func openRanges() throws {
        let today = try bench.sample.database.connect().text("SELECT (now() AT TIME ZONE 'America/Los_Angeles')::date")
        #expect(rows("/api/ads", "ads", "from=2026-03-01")[0]["date_end"].string == today)
        let until = rows("/api/ads", "ads", "to=2026-03-30")[0]
        #expect(until["date_start"].string == "2026-03-01" && until["date_end"].string == "2026-03-30")
        // Where it is already tomorrow, a request for tomorrow is valid.
        let tomorrow = try #require(Day(today ?? "").map { "\($0 + 1)" })
        #expect(rows("/api/ads", "ads", "from=\(tomorrow)")[0]["date_end"].string == tomorrow)
    }

    @Test("pages and filters work on sums of days")
    func pages() {
        let query = "from=2026-03-01&to=2026-03-04&sort=-spend"
        let whole = rows("/api/ads", "ads", query).map { $0["id"].string }
        #expect(whole == ["121", "111", "112", "129"])
        let first = bench.get("/api/ads", "adAccountId=\(bench.id)&\(query)&limit=2")
        let cursor = first.json["paging"]["next"].string ?? ""
        #expect(rows("/api/ads", "ads", "\(query)&limit=2&cursor=\(cursor)").map { $0["id"].string } == ["112", "129"])
        #expect(rows("/api/ads", "ads", "\(query)&adSetId=11").map { $0["spend"].number } == [5.855555, 0.2])
        #expect(rows("/api/ads", "ads", "\(query)&campaignId=1&q=a12").map { $0["id"].string } == ["121", "129"])
    }

    @Test("a range has its own validator, which changes with the days")
    func validators() {
        let query = "adAccountId=\(bench.id)&from=2026-03-01&to=2026-03-02"
        let tags = { (path: String, query: String) in self.bench.get(path, query).headers["ETag"] }
        let before = tags("/api/campaigns", query)
        let plain = tags("/api/campaigns", "adAccountId=\(bench.id)")
        #expect(before != plain)
        #expect(throws: Never.self) { try bench.sql("UPDATE ad_accounts SET insights_version = insights_version + 1") }
        #expect(tags("/api/campaigns", query) != before)
        #expect(tags("/api/campaigns", "adAccountId=\(bench.id)") == plain)
    }

    // MARK: Series

    @Test("a series has every day of the range, with null where nothing is stored")
    func series() {
        let days = rows("/api/insights", "insights", "from=2026-02-28&to=2026-03-04")
        #expect(
            days.map { $0["date"].string } == ["2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"]
        )
        #expect(days.map { $0["spend"].number } == [nil, 10.31, 0.2, nil, 6.6])
        #expect(days.map { $0["conversion_value"].number } == [nil, 3.5, 3.5, nil, 3.5])
        let response = bench.get("/api/insights", "adAccountId=\(bench.id)&from=2026-03-01&to=2026-03-01")
        #expect(
            JSON.memberNames(response.body, depth: 3) == [
                "date", "spend", "impressions", "clicks", "conversions", "conversion_value",
            ]
        )
        #expect(response.headers["Cache-Control"] == "public, s-maxage=300, stale-while-revalidate=600")
        #expect(rows("/api/insights", "insights", "").count == 30)
    }

    @Test(
        "a series of an object is the sum of its ads",
        arguments: [
            ("campaign", "1", [10.31, 0.2, nil, 6.555555]), ("adset", "11", [0.3, 0.2, nil, 5.555555]),
            ("ad", "121", [10.01, 0, nil, 1]),
            ("ad", "129", [0, 0, nil, 0]), ("account", "1", [10.31, 0.2, nil, 6.6]),
        ]
    )
    func objectSeries(_ level: String, _ id: String, _ spend: [Double?]) {
        let days = rows("/api/insights", "insights", "level=\(level)&id=\(id)&from=2026-03-01&to=2026-03-04")
        #expect(days.map { $0["spend"].number } == spend)
    }

    @Test("a series without an object is an error that names the fault")
    func badSeries() throws {
        let base = "adAccountId=\(bench.id)&from=2026-03-01&to=2026-03-04"
        #expect(isError(bench.get("/api/insights", "\(base)&level=ad"), 400, "PARAMETER_INVALID"))
        #expect(isError(bench.get("/api/insights", "\(base)&level=adSet&id=11"), 400, "PARAMETER_INVALID"))
        #expect(isError(bench.get("/api/insights", "\(base)&level=ad&id=x"), 400, "PARAMETER_INVALID"))
        #expect(isError(bench.get("/api/insights", "\(base)&level=ad&id=999"), 404, "OBJECT_NOT_FOUND"))
        #expect(isError(bench.get("/api/insights", "\(base)&level=ad&id=11"), 404, "OBJECT_NOT_FOUND"))
        // Another account's object counts as missing too.
        let other = try bench.sample.store.addAdAccount(
            facebookID: "42",
            name: "",
            token: StoredToken(bytes: [1], keyID: "k")
        )
        try bench.sql("UPDATE creatives SET ad_account_id = '\(other)' WHERE facebook_ad_id = '129'")
        #expect(isError(bench.get("/api/insights", "\(base)&level=ad&id=129"), 404, "OBJECT_NOT_FOUND"))
    }

    @Test("the overview's sums are the account's days")
    func totals() throws {
        let response = bench.get("/api/ad-accounts", "from=2026-03-01&to=2026-03-02")
        let totals = response.json["adAccounts"][0]["totals"]
        #expect(totals["spend"].number == 10.51)
        #expect(totals["impressions"].integer == 20)
        #expect(totals["ctr"].number == 10)
        #expect(totals["roas"].number == 0.666032)
        #expect(totals["date_start"].string == "2026-03-01" && totals["date_end"].string == "2026-03-02")
        let none = bench.get("/api/ad-accounts", "").json["adAccounts"][0]["totals"]
        #expect(none["spend"].isNull && none["roas"].isNull && none["ctr"].isNull)
        #expect(isError(bench.get("/api/ad-accounts", "from=2026-03-03&to=2026-03-02"), 400, "RANGE_INVALID"))
        #expect(isError(bench.get("/api/ad-accounts", "from=x"), 400, "PARAMETER_INVALID"))
    }
}
