import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// The table routes' responses to filters, sort orders, pages and ranges, compared with the database's own.
@Suite struct QuestionTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    // MARK: Filters

    @Test("a search finds an id, whole or its beginning, and ignores spaces around it", arguments: TableRoute.all)
    func searchByID(_ route: TableRoute) throws {
        try bench.sql("UPDATE \(route.table) SET name = 'nothing'")
        let all = bench.ids(route, "status=ALL")
        let id = try #require(all.last)
        #expect(bench.ids(route, "status=ALL&q=\(id)") == [id])
        #expect(bench.ids(route, "status=ALL&q=%20\(id)%20") == [id])
        let start = String(id.dropLast(2))
        #expect(bench.ids(route, "status=ALL&q=\(start)") == all.filter { $0.hasPrefix(start) })
        #expect(bench.ids(route, "status=ALL&q=\(id.dropFirst())").isEmpty)
        #expect(bench.ids(route, "status=ALL&q=%20") == all)
    }

    @Test("status filters in any case, and ALL includes deleted objects", arguments: TableRoute.all)
    func statuses(_ route: TableRoute) throws {
        try bench.sql(
            """
            UPDATE \(route.table) SET status = 'PAUSED', effective_status = 'PAUSED'
            WHERE \(route.key) IN (SELECT \(route.key) FROM \(route.table) ORDER BY 1 LIMIT 3);
            """
        )
        let paused = try bench.ids(
            route,
            where: "status = 'PAUSED' AND effective_status NOT IN ('DELETED', 'ARCHIVED')"
        )
        #expect(paused.count >= 3)
        #expect(bench.ids(route, "status=PAUSED") == paused)
        #expect(bench.ids(route, "status=paused,%20PAUSED,") == paused)
        let deleted = try bench.ids(
            route,
            where: "'DELETED' IN (status, effective_status) OR 'ARCHIVED' IN (status, effective_status)"
        )
        #expect(Set(bench.ids(route, "status=DELETED,ARCHIVED")) == Set(deleted))
        #expect(try bench.ids(route, "status=ALL") == bench.ids(route, where: "true"))
        #expect(bench.ids(route, "status=") == bench.ids(route, ""))
    }

    @Test("children of a deleted parent count as deleted, whatever status their owner set")
    func deletedParents() throws {
        let ads = TableRoute.all[2]
        try bench.sql("UPDATE creatives SET status = 'ACTIVE', effective_status = 'DELETED'")
        #expect(bench.ids(ads, "").isEmpty)
        #expect(bench.ids(ads, "status=ACTIVE").isEmpty)
        #expect(bench.ids(ads, "status=DELETED").count == 60)
        try bench.sql("UPDATE creatives SET effective_status = 'CAMPAIGN_PAUSED'")
        #expect(bench.ids(ads, "status=ACTIVE").count == 60)
        #expect(bench.ids(ads, "status=CAMPAIGN_PAUSED").count == 60)
        #expect(bench.ids(ads, "status=PAUSED").isEmpty)
    }

    @Test("campaignId and adSetId return the objects that belong to them", arguments: TableRoute.all)
    func parents(_ route: TableRoute) throws {
        let connection = bench.sample.database.connect()
        let (campaign, adSet) = try #require(
            try connection.firstRow(
                "SELECT facebook_campaign_id, facebook_ad_set_id FROM creatives GROUP BY 1, 2 HAVING count(*) > 1 LIMIT 1"
            ) { (try $0.text(0), try $0.text(1)) }
        )
        #expect(
            try bench.ids(route, "status=ALL&campaignId=\(campaign)")
                == bench.ids(route, where: "facebook_campaign_id = '\(campaign)'")
        )
        let own =
            route.table == "campaigns" ? "facebook_campaign_id = '\(campaign)'" : "facebook_ad_set_id = '\(adSet)'"
        #expect(try bench.ids(route, "status=ALL&adSetId=\(adSet)") == bench.ids(route, where: own))
        #expect(
            bench.ids(route, "status=ALL&campaignId=\(campaign)&adSetId=\(adSet)")
                == bench.ids(route, "status=ALL&adSetId=\(adSet)")
        )
        #expect(bench.ids(route, "campaignId=1").isEmpty)
        #expect(bench.ids(route, "adSetId=1").isEmpty)
    }

    @Test(
        "q finds a part of a name in any case and treats no character as a wildcard",
        arguments: [
            ("ümlaut", 1), ("ÜMLAUT", 1), ("100%25", 1), ("%25", 2), ("_", 1), ("\\", 1), ("'", 1), ("привет", 1),
            ("a%2Bb", 1), ("nothing+of+it", 0),
        ]
    )
    func search(_ query: String, _ count: Int) throws {
        let names = ["ÜmLaut", "100% sure", "5% of", "snake_case", "back\\slash", "it's", "ПРИВЕТ", "a+b"]
        try bench.sql("UPDATE creatives SET name = 'other'")
        for (index, name) in names.enumerated() {
            try bench.sample.database.connect().execute(
                """
                UPDATE creatives SET name = \(name) WHERE facebook_ad_id = (
                    SELECT facebook_ad_id FROM creatives ORDER BY 1 OFFSET \(index)::int LIMIT 1)
                """
            )
        }
        #expect(bench.ids(TableRoute.all[2], "status=ALL&q=\(query)").count == count)
    }

    // MARK: Bad values

    @Test(
        "a bad value is refused with a code and a hint that names the parameter",
        arguments: [
            ("limit", "0"), ("limit", "5001"), ("limit", "-1"), ("limit", "1.5"), ("limit", "ten"), ("limit", "+5"),
            ("limit", "99999999999999999999"), ("status", "BANANA"), ("status", "ACTIVE;PAUSED"), ("status", ","),
            ("campaignId", "abc"), ("campaignId", "123456789012345678901"), ("adSetId", "1%202"), ("adSetId", "-1"),
            ("sort", "nonsense"), ("sort", "--spend"), ("sort", "-"), ("sort", "ad_account_id"), ("sort", "name,id"),
            ("from", "yesterday"), ("from", "2026-02-30"), ("to", "2026-13-01"), ("to", "20260101"),
            ("from", "2026-1-1"),
            ("from", "2026-01-01T25:00:00Z"), ("from", "0001-01-01T00:00:01%2B03:04"), ("to", "0001-01-01"),
            ("from", "9999-12-31T23:59:59-12:00"), ("format", "xml"), ("format", "CSV"),
            ("q", String(repeating: "x", count: 401)),
        ]
    )
    func badValues(_ name: String, _ value: String) {
        for path in tablePaths {
            let response = bench.get(path, "adAccountId=\(bench.id)&\(name)=\(value)")
            #expect(isError(response, 400, "PARAMETER_INVALID"), "\(response.text)")
            #expect(response.json["hint"].string?.contains(name) == true)
            // nginx's authorization request ignores it, so that nothing is cached.
            #expect(
                bench.get("/_authorize\(path)", "adAccountId=\(bench.id)&\(name)=\(value)").headers["X-Cache-Key"]
                    == nil
            )
        }
    }

    @Test("days that form no range are refused")
    func badRanges() {
        for range in ["from=2026-02-02&to=2026-02-01", "from=1990-01-01&to=2026-01-01", "from=1970-01-01"] {
            let response = bench.get("/api/campaigns", "adAccountId=\(bench.id)&\(range)")
            #expect(isError(response, 400, "RANGE_INVALID"), "\(response.text)")
            #expect(response.json["hint"].string?.contains("from") == true)
        }
    }

    @Test(
        "a repeated parameter is refused",
        arguments: ["from", "status", "q", "limit", "cursor", "sort", "format"]
    )
    func repeated(_ name: String) {
        let response = bench.get("/api/ads", "adAccountId=\(bench.id)&\(name)=1&\(name)=1")
        #expect(isError(response, 400, "PARAMETER_REPEATED"))
    }
}
