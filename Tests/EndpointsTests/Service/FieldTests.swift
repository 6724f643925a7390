import Endpoints
import Foundation
import HTTPMessages
import Model
import Postgres
import TestSupport
import Testing

extension TableRoute {
    /// The level of the route's objects.
    var level: String {
        switch member {
        case "campaigns": "campaign"
        case "adSets": "adset"
        default: "ad"
        }
    }
}

extension Bench {
    /// The public response of `GET /api/fields`.
    var fields: [JSON] { send("GET", "/api/fields", headers: [:]).json["fields"].list }
}

/// The field catalogue, compared with the database, the responses, and README.
@Suite struct FieldTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    @Test("everybody may read the fields, and caches may keep them for minutes")
    func everybody() {
        let response = bench.send("GET", "/api/fields", headers: [:])
        #expect(response.status == 200)
        #expect(response.headers["Cache-Control"] == "public, max-age=300")
        let names = bench.fields.compactMap { $0["name"].string }
        #expect(names.count >= 30)
        // A name that is a field and a group stands for the group, which has the field.
        let others = bench.fields.filter { $0["name"].string != $0["group"].string }.compactMap { $0["name"].string }
        #expect(Set(others).isDisjoint(with: bench.fields.compactMap { $0["group"].string } + ["default"]))
        #expect(Set(names).count == names.count)
        #expect(bench.fields.allSatisfy { $0["label"].string?.isEmpty == false })
        #expect(bench.fields.allSatisfy { $0["description"].string?.hasSuffix(".") == true })
    }

    @Test(
        "a client that has the document gets 304 until the document changes",
        arguments: ["fields", "openapi.json", "docs"]
    )
    func unchanged(_ name: String) throws {
        let first = bench.send("GET", "/api/\(name)", headers: [:])
        let tag = try #require(first.headers["ETag"])
        #expect(tag.wholeMatch(of: /W\/"[0-9a-f]{32}"/) != nil)
        // The last one is how some proxies return it.
        for sent in [tag, "\"other\", \(tag)", "\(tag.dropLast())-gzip\""] {
            let again = bench.send("GET", "/api/\(name)", headers: ["If-None-Match": sent])
            #expect(again.status == 304, "\(sent)")
            #expect(again.body.isEmpty)
            #expect(again.headers["ETag"] == tag)
            #expect(again.headers["Cache-Control"] == "public, max-age=300")
        }
        #expect(bench.send("GET", "/api/\(name)", headers: ["If-None-Match": "\(tag.dropLast(2))\""]).status == 200)
    }

    @Test("every field is returned at its levels when requested, and nowhere else", arguments: TableRoute.all)
    func asked(_ route: TableRoute) {
        for field in bench.fields {
            guard let name = field["name"].string else { continue }
            let response = bench.get(route.path, "adAccountId=\(bench.id)&fields=\(name)")
            guard field["levels"].list.contains(where: { $0.string == route.level }) else {
                #expect(isError(response, 400, "FIELD_UNKNOWN"), "\(name)")
                continue
            }
            let rows = response.json[route.member].list
            let wanted = Set(["id", name])
            let isGroup = field["group"].string == name
            #expect(
                !rows.isEmpty && rows.allSatisfy { isGroup ? $0.names.isSuperset(of: wanted) : $0.names == wanted },
                "\(name)"
            )
        }
    }

    @Test("a field has the same values whatever else is requested, with and without a range", arguments: TableRoute.all)
    func sameValues(_ route: TableRoute) {
        for range in ["", "&from=2026-01-01&to=2026-12-31"] {
            let whole = bench.get(route.path, "adAccountId=\(bench.id)&status=ALL\(range)").json[route.member].list
            #expect(!whole.isEmpty)
            for name in route.names {
                let query = "adAccountId=\(bench.id)&status=ALL\(range)&fields=\(name)&sort=-created_at"
                let alone = bench.get(route.path, query).json[route.member].list
                #expect(alone.map { "\($0[name])" } == whole.map { "\($0[name])" }, "\(name)")
            }
        }
    }

    @Test("a ratio equals the quotient of its parts", arguments: TableRoute.all)
    func ratios(_ route: TableRoute) throws {
        for field in bench.fields where !field["formula"].isNull {
            let (name, formula) = (try #require(field["name"].string), field["formula"])
            let dividend = try #require(formula["dividend"].string)
            let divisor = try #require(formula["divisor"].string)
            let factor = try #require(formula["factor"].number)
            let query = "adAccountId=\(bench.id)&fields=\(name),\(dividend),\(divisor)"
            for range in ["", "&from=2026-01-01&to=2026-12-31"] {
                for row in bench.get(route.path, query + range).json[route.member].list {
                    guard let above = row[dividend].number, let below = row[divisor].number, below != 0 else {
                        #expect(row[name].isNull, "\(name)")
                        continue
                    }
                    let value = try #require(row[name].number)
                    #expect(abs(value - above * factor / below) < 0.000001 * max(1, abs(value)), "\(name)")
                }
            }
        }
    }

    @Test("all spellings of one choice of fields share a cache entry")
    func canonical() throws {
        let key = { (query: String) in
            self.bench.get("/_authorize/api/ads", "adAccountId=\(self.bench.id)&\(query)").headers["X-Cache-Key"]
        }
        let own = try #require(key(""))
        #expect(key("fields=default") == own)
        #expect(key("fields=") == own)
        let chosen = try #require(key("fields=default,cpm"))
        #expect(chosen != own)
        for same in ["fields=cpm,default", "fields=default%2C%20cpm", "fields=cpm,id,default,cpm,name"] {
            #expect(key(same) == chosen, "\(same)")
        }
        // The columns of a file have an order.
        #expect(key("fields=name,cpm&format=csv") != key("fields=cpm,name&format=csv"))
        let file = bench.get("/api/ads", "adAccountId=\(bench.id)&fields=cpm,name&format=csv&bom=false").text
        #expect(file.hasPrefix("id,cpm,name\r\n"))
    }

    @Test("totals and sort orders follow the chosen fields")
    func totals() throws {
        let query = "adAccountId=\(bench.id)&fields=cpm,spend&totals=true&sort=-conversion_value&status=ALL"
        let answer = bench.get("/api/campaigns", query).json
        #expect(answer["totals"].names == ["cpm", "spend"])
        let ids = answer["campaigns"].list.compactMap { $0["id"].string }
        let sorted = try bench.sample.database.connect().rows(
            """
            SELECT facebook_campaign_id FROM campaigns
            ORDER BY conversion_value DESC NULLS LAST, facebook_campaign_id DESC
            """
        ) { try $0.text(0) }
        #expect(ids == sorted)
    }

    @Test("every table that stores metrics has a column of the right type for each of them")
    func columns() throws {
        let connection = bench.sample.database.connect()
        let tables =
            ["campaigns", "ad_groups", "creatives", "staged_totals", "early_totals"].map { ($0, Metric.all) }
            + ["insights_daily", "staged_days"].map { ($0, Metric.ofAdDays) }
            + [("insights_days", Metric.ofAccountDays), ("running_sums", Metric.additive)]
        for (table, metrics) in tables {
            let types = try connection.rows(
                "SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = \(table)"
            ) { (try $0.text(0), "\(try $0.text(1)) \(try $0.text(2))") }
            let known = Dictionary(uniqueKeysWithValues: types)
            for metric in metrics {
                // Sums of whole numbers may be more than the largest whole number.
                let isWhole = metric.isWhole && table != "running_sums"
                let isJSON = metric == .resultMix || metric == .customConversions
                let type = isJSON ? "jsonb" : metric.isText ? "text" : isWhole ? "bigint" : "numeric"
                let wanted = "\(type) YES"
                #expect(known[metric.column] == wanted, "\(table).\(metric.column): add it in a migration")
            }
        }
    }

    @Test("the description lists the same fields for sort, for fields, and in totals", arguments: TableRoute.all)
    func described(_ route: TableRoute) throws {
        let operation = bench.send("GET", "/api/openapi.json", headers: [:]).json["paths"][route.path]["get"]
        let parameter = { (name: String) in operation["parameters"].list.first { $0["name"].string == name } }
        let known = bench.fields.filter { $0["levels"].list.contains { $0.string == route.level } }
        let names = known.compactMap { $0["name"].string }
        let sort = try #require(parameter("sort"))["schema"]["enum"].list.compactMap(\.string)
        #expect(Set(sort) == Set(names + names.map { "-\($0)" }))
        let chosen = try #require(parameter("fields"))["schema"]["items"]["enum"].list.compactMap(\.string)
        // One list of groups serves all levels: a group without fields of the level adds none.
        #expect(Set(chosen) == Set(names + bench.fields.compactMap { $0["group"].string } + ["default"]))
        let schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        let metrics = known.filter {
            // Results have a sum, so that their type has one, too.
            !["object", "delivery", "period"].contains($0["group"].string) && $0["kind"].string != "text"
                || $0["name"].string == "result_type"
        }.compactMap { $0["name"].string }
        let totals = schema["properties"]["totals"]["properties"]
        #expect(totals.names == Set(metrics + ["previous"]))
        let rows = schema["properties"][route.member]["items"]["properties"]
        for previous in [totals["previous"], rows["previous"]] {
            #expect(previous["properties"].names == Set(metrics))
        }
    }

    @Test("README's field table matches the catalogue")
    func readme() throws {
        let lines = bench.fields.map { field in
            let levels = field["levels"].list.compactMap(\.string).joined(separator: ", ")
            let texts = ["name", "kind", "description"].map { field[$0].string ?? "" }
            return "| `\(texts[0])` | \(texts[1]) | \(levels) | \(texts[2]) |"
        }
        let head = "<!-- fields -->\n| field | kind | of | meaning |\n|---|---|---|---|\n"
        let table = head + lines.joined(separator: "\n") + "\n<!-- end of fields -->"
        let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
        #expect(readme.contains(table), "README.md has another table. It should be:\n\(table)")
    }

    @Test("the dashboard's tests know the same fields")
    func dashboard() throws {
        let path = Self.root.appending(path: "Tests/DashboardTests/fields.json")
        let answer = bench.send("GET", "/api/fields", headers: [:]).text
        let file = try String(contentsOf: path, encoding: .utf8)
        #expect(file == answer + "\n", "Tests/DashboardTests/fields.json should be:\n\(answer)")
    }
}
