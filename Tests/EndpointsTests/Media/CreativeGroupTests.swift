import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// `GET /api/creatives`, beside sums of what /api/ads returns.
@Suite struct CreativeGroupTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
        // Creatives in seven groups; one in eight is not read yet.
        try bench.sql(
            """
            INSERT INTO ad_creatives (ad_account_id, facebook_creative_id, title, body, content_key, picture, state, due_at)
            SELECT '\(bench.id)', c.id, 'Title ' || c.n % 7, NULL, CASE WHEN c.n % 8 > 0 THEN 'key' || c.n % 7 END,
                   CASE c.n % 7 WHEN 0 THEN repeat('0a', 32) END, 'done', NULL
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS n
                  FROM (SELECT DISTINCT facebook_creative_id AS id FROM creatives) d) c
            """
        )
    }

    private static let metrics = ["spend", "impressions", "clicks", "conversions", "leads"]

    /// Group of each ad.
    private func keys() throws -> [String: String] {
        var keys: [String: String] = [:]
        _ = try bench.sample.database.connect().rows(
            """
            SELECT t.facebook_ad_id, coalesce(k.content_key, 'creative-' || t.facebook_creative_id)
            FROM creatives t JOIN ad_creatives k ON k.facebook_creative_id = t.facebook_creative_id
            """
        ) { keys[try $0.text(0)] = try $0.text(1) }
        return keys
    }

    @Test(
        "a group has its ads, and the sums of their metrics",
        arguments: ["", "&range=last_30d&includeToday=true", "&status=ALL", "&range=last_7d&status=PAUSED"]
    )
    func sums(_ query: String) throws {
        let keys = try keys()
        let fields = Self.metrics.joined(separator: ",")
        let ads = bench.get("/api/ads", "adAccountId=\(bench.id)&fields=\(fields)\(query)").json["ads"].list
        let response = bench.get("/api/creatives", "adAccountId=\(bench.id)&fields=default,\(fields),reach,ctr\(query)")
        #expect(response.status == 200, "\(response.text)")
        let groups = response.json["creatives"].list
        let expected = Dictionary(grouping: ads) { keys[$0["id"].string ?? ""] ?? "" }
        #expect(Set(groups.compactMap { $0["id"].string }) == Set(expected.keys))
        for group in groups {
            let members = expected[group["id"].string ?? ""] ?? []
            #expect(Set(group["ads"].list.compactMap(\.string)) == Set(members.compactMap { $0["id"].string }))
            #expect(group["ad_count"].number == Double(members.count))
            for metric in Self.metrics {
                let parts = members.map { $0[metric].number }
                let sum = parts.contains(nil) ? nil : parts.compactMap(\.self).reduce(0, +)
                #expect(
                    group[metric].number.map { ($0 * 1e6).rounded() } == sum.map { ($0 * 1e6).rounded() },
                    "\(metric)"
                )
            }
            #expect(group["reach"].isNull)
            let (clicks, shown) = (group["clicks"].number ?? 0, group["impressions"].number ?? 0)
            #expect(
                shown == 0 ? group["ctr"].isNull : abs((group["ctr"].number ?? -1) - clicks * 100 / shown) < 0.00001
            )
        }
        let spends = groups.map { $0["spend"].number ?? -1 }
        #expect(spends == spends.sorted(by: >))
        #expect(response.json.names.contains("coverage") == query.contains("range"))
    }

    @Test("groups have what they show, and can be chosen and sorted by it")
    func contents() {
        let groups = bench.get("/api/creatives", "adAccountId=\(bench.id)&where=title~title 0").json["creatives"].list
        #expect(!groups.isEmpty)
        for group in groups {
            #expect(group["title"].string == "Title 0")
            #expect(group["thumbnail"].string?.hasSuffix("?w=256") == true)
            #expect(group["body"].isNull)
        }
        let titles = bench.get("/api/creatives", "adAccountId=\(bench.id)&sort=-title&fields=title").json["creatives"]
            .list
            .compactMap { $0["title"].string }
        #expect(titles == titles.sorted(by: >))
        let rich = bench.get("/api/creatives", "adAccountId=\(bench.id)&where=spend>0").json["creatives"].list
        #expect(rich.allSatisfy { $0["spend"].number ?? 0 > 0 })
    }

    @Test(
        "groups keep their members whatever the account counts as conversions",
        arguments: ["leads", "add_to_cart", "conversion:1200755193193331"],
        ["", "&range=last_7d", "&fields=conversions,cost_per_conversion,roas,leads,purchases,spend"]
    )
    func counted(_ event: String, _ query: String) throws {
        let read = { bench.get("/api/creatives", "adAccountId=\(bench.id)&sort=id\(query)").json["creatives"].list }
        let before = read()
        #expect(try bench.sample.store.setConversionEvent(ConversionEvent(event), of: bench.sample.account))
        let after = read()
        #expect(!after.isEmpty && after.count == before.count)
        let counted = ["conversions", "cost_per_conversion", "roas"]
        for (group, known) in zip(after, before) {
            #expect(group.names == known.names)
            for name in known.names where !counted.contains(name) { #expect("\(group[name])" == "\(known[name])") }
            #expect(group["roas"].isNull)
            if event == "leads", !group["leads"].isMissing {
                #expect(group["conversions"].number == group["leads"].number)
            }
            if event.contains(":") { #expect(counted.allSatisfy { group[$0].isNull || group[$0].isMissing }) }
        }
    }

    @Test("pages have each group once", arguments: ["", "&sort=title", "&sort=-ad_count", "&range=last_7d"])
    func pages(_ query: String) {
        let all = bench.get("/api/creatives", "adAccountId=\(bench.id)\(query)").json["creatives"].list
            .compactMap { $0["id"].string }
        var ids: [String] = []
        var cursor = ""
        repeat {
            let page = bench.get("/api/creatives", "adAccountId=\(bench.id)\(query)&limit=3&cursor=\(cursor)").json
            ids += page["creatives"].list.compactMap { $0["id"].string }
            cursor = page["paging"]["next"].string ?? ""
        } while !cursor.isEmpty && ids.count < 200
        #expect(ids == all)
    }

    @Test("CSV has the ids of ads in one field")
    func csv() {
        let text = bench.get("/api/creatives", "adAccountId=\(bench.id)&format=csv&bom=false&fields=ads,ad_count").text
        let lines = text.split(separator: "\r\n")
        #expect(lines.first == "id,ads,ad_count")
        for line in lines.dropFirst() {
            let cells = line.split(separator: ",")
            #expect(cells.count == 3)
            #expect(cells[1].split(separator: " ").count == Int(cells[2]))
        }
    }

    @Test("unknown fields are refused, and the answer changes with the ads")
    func refused() throws {
        #expect(isError(bench.get("/api/creatives", "adAccountId=\(bench.id)&fields=name"), 400, "FIELD_UNKNOWN"))
        #expect(isError(bench.get("/api/creatives", "adAccountId=\(bench.id)&where=name=x"), 400, "FIELD_UNKNOWN"))
        // Groups have no custom conversions.
        for (parameter, code) in [
            ("fields=conversion:7", "FIELD_UNKNOWN"), ("where=conversion:7%3E=1", "FIELD_UNKNOWN"),
            ("sort=conversion:7", "PARAMETER_INVALID"),
        ] {
            #expect(isError(bench.get("/api/creatives", "adAccountId=\(bench.id)&\(parameter)"), 400, code))
        }
        #expect(isError(bench.get("/api/creatives", ""), 400, "AD_ACCOUNT_ID_REQUIRED"))
        let tag = try #require(bench.get("/api/creatives").headers["ETag"])
        #expect(bench.get("/api/creatives", adding: ["If-None-Match": tag]).status == 304)
        let stranger = try bench.newPerson("mallory@example.com", role: nil)
        let answer = bench.send("GET", "/api/creatives", "adAccountId=\(bench.id)", headers: stranger)
        #expect(isError(answer, 404, "AD_ACCOUNT_NOT_FOUND"))
    }
}
