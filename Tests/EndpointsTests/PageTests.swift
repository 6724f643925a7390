import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// Orders, and pages of them.
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

    @Test("any field sorts, both ways, and its pages are the whole in pieces", arguments: TableRoute.all)
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

    @Test("rows without a value come last, both ways, and are not lost between pages")
    func undefinedValues() throws {
        let campaigns = TableRoute.all[0]
        try bench.sql(
            "UPDATE campaigns SET conversions = CASE WHEN hashtext(name) & 1 = 0 THEN 0 ELSE 3 END, spent = 5"
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

    @Test("pages neither repeat nor leave out what was there all the time, whatever is synced between them")
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

    @Test("the last page says that it is the last, also when it is full")
    func lastPage() {
        let count = bench.ids(TableRoute.all[2], "status=ALL").count
        let full = bench.get("/api/ads", "adAccountId=\(bench.id)&status=ALL&limit=\(count)")
        #expect(full.json["ads"].list.count == count && full.json["paging"].isMissing)
        let less = bench.get("/api/ads", "adAccountId=\(bench.id)&status=ALL&limit=\(count - 1)")
        #expect(less.json["paging"]["next"].string != nil)
        #expect(JSON.memberNames(less.body, depth: 1) == ["ads", "paging"])
    }

    @Test("a cursor that was changed, or belongs to another question, is refused")
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

    @Test("a cursor of one range is of no use for another")
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
