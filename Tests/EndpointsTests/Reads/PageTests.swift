import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// Sort orders, and pages of them.
@Suite struct PageTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private func everyPage(
        _ route: TableRoute,
        _ query: String,
        limit: Int,
        between: () throws -> Void = {}
    ) throws -> [String] {
        var all: [String] = []
        var cursor: String?
        for _ in 0..<200 {
            let suffix = cursor.map { "&cursor=\($0)" } ?? ""
            let response = bench.get(route.path, "adAccountId=\(bench.id)&limit=\(limit)&\(query)\(suffix)")
            #expect(response.status == 200, "\(response.text)")
            let page = response.json[route.member].list.compactMap { $0["id"].string }
            #expect(page.count <= limit)
            all += page
            cursor = response.json["paging"]["next"].string
            guard cursor != nil else {
                #expect(response.json["paging"].isMissing)
                return all
            }
            #expect(page.count == limit)
            try between()
        }
        Issue.record("the pages have no end")
        return all
    }

    @Test("every field sorts both ways, and its pages add up to the whole list", arguments: TableRoute.all)
    func orders(_ route: TableRoute) throws {
        try bench.sql(
            """
            UPDATE \(route.table) SET spent = (hashtext(\(route.key)) & 3), impressions = (hashtext(\(route.key)) & 1) * 1000,
                name = CASE hashtext(\(route.key)) & 3 WHEN 0 THEN 'b' WHEN 1 THEN 'B' ELSE 'Ä' END
            """
        )
        for name in route.names {
            for direction in ["", "-"] {
                let whole = bench.ids(route, "status=ALL&sort=\(direction)\(name)")
                #expect(Set(whole) == Set(try bench.ids(route, where: "true")))
                #expect(
                    try everyPage(route, "status=ALL&sort=\(direction)\(name)", limit: 7) == whole,
                    "\(direction)\(name)"
                )
            }
        }
        let key = { (row: JSON) in row["impressions"].integer ?? -1 }
        let rows = bench.get(route.path, "adAccountId=\(bench.id)&status=ALL&sort=-impressions").json[route.member].list
        #expect(rows.map(key) == rows.map(key).sorted(by: >))
        let byName = bench.get(route.path, "adAccountId=\(bench.id)&status=ALL&sort=name").json[route.member].list
        let names = byName.compactMap { $0["name"].string?.lowercased() }
        #expect(names == names.sorted() && Set(byName.map { $0["name"].string }).isSubset(of: ["b", "B", "Ä"]))
    }

    @Test("rows without a value come last in both directions and are not lost between pages")
    func undefinedValues() throws {
        let campaigns = TableRoute.all[0]
        try bench.sql(
            """
            UPDATE campaigns SET conversions = CASE WHEN hashtext(name) & 1 = 0 THEN 0 ELSE 3 END,
                spent = CASE WHEN hashtext(name) & 1 = 0 THEN 0 ELSE 5 END
            """
        )
        for sort in ["cost_per_conversion", "-cost_per_conversion"] {
            let response = bench.get(campaigns.path, "adAccountId=\(bench.id)&status=ALL&sort=\(sort)")
            let values = response.json["campaigns"].list.map { $0["cost_per_conversion"] }
            let tail = values.drop { !$0.isNull }
            #expect(tail.allSatisfy { $0.isNull })
            #expect(
                try everyPage(campaigns, "status=ALL&sort=\(sort)", limit: 1)
                    == bench.ids(campaigns, "status=ALL&sort=\(sort)")
            )
        }
        try bench.sql("UPDATE campaigns SET created_at = NULL WHERE hashtext(name) & 1 = 0")
        for sort in ["created_at", "-created_at"] {
            #expect(
                try everyPage(campaigns, "status=ALL&sort=\(sort)", limit: 2)
                    == bench.ids(campaigns, "status=ALL&sort=\(sort)")
            )
        }
    }

    /// Spend without a result is the highest cost, no spend is no cost, and both hold across every page boundary.
    @Test("by cost, spend without a result is the highest, and rows without spend come last", arguments: [false, true])
    func costs(isRanged: Bool) throws {
        try bench.sql(
            """
            DELETE FROM insights_daily; DELETE FROM insights_days;
            UPDATE campaigns SET spent = v.spent, clicks = v.clicks, impressions = v.clicks * 10, conversions = v.clicks / 2
            FROM (SELECT facebook_campaign_id AS id, (hashtext(name) & 3) AS spent, (hashtext(name || 'x') & 3) AS clicks
                  FROM campaigns) v
            WHERE facebook_campaign_id = v.id;
            INSERT INTO insights_days (ad_account_id, day, spent, impressions, clicks, engagement, conversions,
                                       conversion_value, state)
                SELECT id, '2026-03-01', 1, 1, 1, 0, 0, 0, 'complete' FROM ad_accounts;
            INSERT INTO insights_daily (ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id, spent,
                                        impressions, clicks, engagement, conversions, conversion_value, fetched_at)
                SELECT ad_account_id, '2026-03-01', facebook_campaign_id, '1', facebook_campaign_id, spent, impressions,
                       clicks, 0, conversions, 0, now() FROM campaigns WHERE spent + clicks > 0;
            """
        )
        let route = TableRoute.all[0]
        let range = isRanged ? "&from=2026-03-01&to=2026-03-01" : ""
        for (column, divisor) in [("cpc", "clicks"), ("cpm", "impressions"), ("cost_per_conversion", "conversions")] {
            for sign in ["", "-"] {
                let query = "status=ALL&sort=\(sign)\(column)\(range)"
                let rows = bench.get(route.path, "adAccountId=\(bench.id)&\(query)").json[route.member].list
                let ranks = try rows.map { row -> Double? in
                    let spent = try #require(row["spent"].number)
                    let parts = try #require(row[divisor].number)
                    if parts == 0 { return spent > 0 ? .infinity : nil }
                    return spent / parts
                }
                let defined = ranks.compactMap(\.self)
                #expect(defined.contains(.infinity) && defined.contains { $0.isFinite })
                #expect(defined == defined.sorted { sign == "" ? $0 < $1 : $0 > $1 }, "\(query)")
                #expect(ranks.drop { $0 != nil }.allSatisfy { $0 == nil }, "\(query)")
                for limit in [1, 2, 3] {
                    #expect(try everyPage(route, query, limit: limit) == rows.compactMap { $0["id"].string })
                }
            }
        }
    }

    @Test("pages neither repeat nor skip rows that exist throughout, whatever a sync changes between them")
    func movingPages() throws {
        let ads = TableRoute.all[2]
        let before = bench.ids(ads, "status=ALL")
        var added = 0
        let pages = try everyPage(ads, "status=ALL", limit: 9) {
            added += 1
            try bench.sql(
                """
                INSERT INTO creatives (facebook_ad_id, ad_account_id, facebook_ad_set_id, facebook_campaign_id, name, status,
                                       effective_status, created_at)
                SELECT '9\(added)', id, '1', '1', 'new', 'ACTIVE', 'ACTIVE', now() FROM ad_accounts;
                UPDATE ad_accounts SET creatives_version = creatives_version + 1
                """
            )
        }
        #expect(pages == before)
    }

    @Test("the last page is marked as the last, also when it is full")
    func lastPage() {
        let count = bench.ids(TableRoute.all[2], "status=ALL").count
        let full = bench.get("/api/ads", "adAccountId=\(bench.id)&status=ALL&limit=\(count)")
        #expect(full.json["ads"].list.count == count && full.json["paging"].isMissing)
        let less = bench.get("/api/ads", "adAccountId=\(bench.id)&status=ALL&limit=\(count - 1)")
        #expect(less.json["paging"]["next"].string != nil)
        #expect(JSON.memberNames(less.body, depth: 1) == ["ads", "paging"])
    }

    @Test("a cursor that was changed or belongs to another query is refused")
    func foreignCursors() throws {
        let query = "adAccountId=\(bench.id)&limit=5&sort=name"
        let cursor = try #require(bench.get("/api/ads", query).json["paging"]["next"].string)
        #expect(bench.get("/api/ads", "\(query)&cursor=\(cursor)").status == 200)
        #expect(
            bench.get("/api/ads", "adAccountId=\(bench.sample.facebookID)&sort=name&limit=9&cursor=\(cursor)").status
                == 200
        )
        for index in stride(from: 0, to: cursor.count, by: 3) {
            var characters = Array(cursor)
            characters[index] = characters[index] == "A" ? "B" : "A"
            #expect(isError(bench.get("/api/ads", "\(query)&cursor=\(String(characters))"), 400, "CURSOR_INVALID"))
        }
        for (path, other) in [
            ("/api/ad-sets", query), ("/api/ads", "adAccountId=\(bench.id)&limit=5"),
            ("/api/ads", "\(query)&status=ALL"),
            ("/api/ads", "\(query)&q=a"),
        ] {
            #expect(isError(bench.get(path, "\(other)&cursor=\(cursor)"), 400, "CURSOR_INVALID"), "\(path)?\(other)")
        }
        for text in [
            "x", "====", "%F0%9F%98%80", String(repeating: "A", count: 9000), "\(cursor)AA", String(cursor.dropLast(4)),
        ] {
            #expect(
                isError(bench.get("/api/ads", "\(query)&cursor=\(text)"), 400, "CURSOR_INVALID"),
                "\(text.prefix(20))"
            )
        }
    }

    @Test("a cursor of one range is refused for another")
    func cursorOfAnotherRange() throws {
        let base = "adAccountId=\(bench.id)&limit=5&sort=-spend&status=ALL"
        let cursor = try #require(
            bench.get("/api/ads", "\(base)&from=2026-01-01&to=2026-01-02").json["paging"]["next"].string
        )
        #expect(bench.get("/api/ads", "\(base)&from=2026-01-01&to=2026-01-02&cursor=\(cursor)").status == 200)
        #expect(isError(bench.get("/api/ads", "\(base)&cursor=\(cursor)"), 400, "CURSOR_INVALID"))
        #expect(
            isError(
                bench.get("/api/ads", "\(base)&from=2026-01-01&to=2026-01-03&cursor=\(cursor)"),
                400,
                "CURSOR_INVALID"
            )
        )
    }
}
