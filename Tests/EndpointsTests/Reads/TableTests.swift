import Endpoints
import Foundation
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

struct TableRoute: Sendable, CustomTestStringConvertible {
    let path: String
    let member: String
    let table: String
    let key: String
    let names: [String]
    let numbers: Set<String>
    let nullable: Set<String>

    var testDescription: String { path }

    static let all = [
        TableRoute(
            path: "/api/campaigns",
            member: "campaigns",
            table: "campaigns",
            key: "facebook_campaign_id",
            names: [
                "id", "name", "status", "effective_status", "objective", "budget", "daily_budget", "lifetime_budget",
                "spent", "impressions", "clicks", "ctr", "cpc", "cpm", "reach", "frequency", "conversions",
                "cost_per_conversion", "date_start", "date_end", "created_at", "updated_at",
            ],
            numbers: [
                "budget", "daily_budget", "lifetime_budget", "spent", "impressions", "clicks", "ctr", "cpc", "cpm",
                "reach", "frequency", "conversions", "cost_per_conversion",
            ],
            nullable: [
                "objective", "budget", "daily_budget", "lifetime_budget", "ctr", "cpc", "cpm", "frequency",
                "cost_per_conversion",
            ]
        ),
        TableRoute(
            path: "/api/ad-sets",
            member: "adSets",
            table: "ad_groups",
            key: "facebook_ad_set_id",
            names: [
                "id", "name", "campaign_id", "campaign_name", "status", "effective_status", "budget", "daily_budget",
                "lifetime_budget", "optimization_goal", "spent", "impressions", "clicks", "ctr", "cpc", "cpm", "reach",
                "conversions", "date_start", "date_end", "created_at", "updated_at",
            ],
            numbers: [
                "budget", "daily_budget", "lifetime_budget", "spent", "impressions", "clicks", "ctr", "cpc", "cpm",
                "reach", "conversions",
            ],
            nullable: ["budget", "daily_budget", "lifetime_budget", "optimization_goal", "ctr", "cpc", "cpm"]
        ),
        TableRoute(
            path: "/api/ads",
            member: "ads",
            table: "creatives",
            key: "facebook_ad_id",
            names: [
                "id", "name", "ad_set_id", "ad_set_name", "campaign_id", "campaign_name", "format", "status",
                "effective_status", "impressions", "clicks", "ctr", "engagement", "spend", "conversions", "roas",
                "date_start", "date_end", "created_at", "updated_at",
            ],
            numbers: ["impressions", "clicks", "ctr", "engagement", "spend", "conversions", "roas"],
            nullable: ["format", "ctr", "roas"]
        ),
    ]
}

@Suite struct TableTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private func first(_ query: Query) throws -> String? { try bench.sample.database.connect().text(query) }

    @Test("every object has exactly the contract's members, in its order and with its types", arguments: TableRoute.all)
    func members(_ route: TableRoute) throws {
        let response = bench.get(route.path)
        #expect(response.status == 200)
        #expect(JSON.memberNames(response.body, depth: 1) == [route.member])
        let rows = response.json[route.member].list
        #expect(rows.count > 3)
        let names = JSON.memberNames(response.body, depth: 3)
        #expect(names == (0..<rows.count).flatMap { _ in route.names })
        for row in rows {
            for name in route.names where !(row[name].isNull && route.nullable.contains(name)) {
                if route.numbers.contains(name) {
                    #expect(row[name].number != nil, "\(name)")
                } else {
                    #expect(row[name].string != nil, "\(name)")
                }
            }
            for name in ["created_at", "updated_at"] {
                #expect(
                    row[name].string?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil,
                    "\(name)"
                )
            }
            for name in ["date_start", "date_end"] {
                #expect(row[name].string?.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil)
            }
        }
    }

    @Test(
        "the rows are the database's, neither archived nor deleted, newest first",
        arguments: TableRoute.all
    )
    func rows(_ route: TableRoute) throws {
        let connection = bench.sample.database.connect()
        let expected = try connection.rows(
            """
            SELECT \(raw: route.key) FROM \(raw: route.table)
            WHERE status NOT IN ('ARCHIVED', 'DELETED') AND effective_status NOT IN ('ARCHIVED', 'DELETED')
            ORDER BY created_at DESC, \(raw: route.key) DESC
            """
        ) { try $0.text(0) }
        let all = try connection.integer("SELECT count(*) FROM \(raw: route.table)")
        #expect(expected.count < all ?? 0)
        #expect(bench.get(route.path).json[route.member].list.map { $0["id"].string } == expected)
    }

    @Test("numbers equal the database's, and undefined ones are null")
    func values() throws {
        try bench.sql(
            """
            UPDATE campaigns SET spent = 12.5, impressions = 3000, clicks = 7, reach = NULL, frequency = NULL,
                conversions = 0, daily_budget = NULL, lifetime_budget = 99.95, objective = NULL,
                created_at = '2024-03-12 15:02:47-07', updated_at = NULL, status = 'ACTIVE', effective_status = 'WITH_ISSUES';
            UPDATE creatives SET spent = 2, conversion_value = 5, impressions = 0, clicks = 0, format = NULL;
            """
        )
        let campaign = bench.get("/api/campaigns").json["campaigns"][0]
        #expect(campaign["spent"].number == 12.5)
        #expect(campaign["impressions"].integer == 3000)
        #expect(campaign["ctr"].number == 0.233333)
        #expect(campaign["cpc"].number == 1.785714)
        #expect(campaign["cpm"].number == 4.166667)
        #expect(campaign["budget"].number == 99.95)
        #expect(campaign["lifetime_budget"].number == 99.95)
        for name in ["reach", "frequency", "daily_budget", "objective", "updated_at", "cost_per_conversion"] {
            #expect(campaign[name].isNull, "\(name)")
        }
        #expect(campaign["created_at"].string == "2024-03-12T22:02:47Z")
        let ad = bench.get("/api/ads").json["ads"][0]
        #expect(ad["roas"].number == 2.5)
        #expect(ad["ctr"].isNull && ad["format"].isNull)
        #expect(ad["impressions"].integer == 0)
    }

    @Test("the budget is the daily one where it is set, and the dates are those of the metrics")
    func budgetAndDays() throws {
        try bench.sql("UPDATE campaigns SET daily_budget = 5, lifetime_budget = 700")
        let campaign = bench.get("/api/campaigns").json["campaigns"][0]
        #expect(campaign["budget"].number == 5)
        #expect(try campaign["date_start"].string == first("SELECT metrics_since FROM ad_accounts"))
        #expect(try campaign["date_end"].string == first("SELECT metrics_until FROM ad_accounts"))
    }

    @Test("rows have their parents' names and ids; a missing parent has no name")
    func parents() throws {
        try bench.sql(
            "UPDATE campaigns SET name = 'C-' || facebook_campaign_id; UPDATE ad_groups SET name = 'S-' || facebook_ad_set_id"
        )
        for ad in bench.get("/api/ads").json["ads"].list {
            #expect(ad["campaign_name"].string == "C-\(ad["campaign_id"].string ?? "")")
            #expect(ad["ad_set_name"].string == "S-\(ad["ad_set_id"].string ?? "")")
        }
        try bench.sql("DELETE FROM campaigns")
        let adSets = bench.get("/api/ad-sets").json["adSets"].list
        #expect(!adSets.isEmpty && adSets.allSatisfy { $0["campaign_name"].isNull && $0["campaign_id"].string != nil })
    }

    @Test(
        "every name survives the round trip through a JSON parser",
        arguments: [
            "☀️ 👨‍👩‍👧‍👦 \"quoted\" 'single' \\back\\slash/", "<b>bold</b><script>alert(1)</script>&amp;",
            "رمضان كريم \u{202E}rtl מבצע",
            "\u{1}\u{2}\u{8}\u{B}\u{C}\u{1F}\u{7F}\u{85}\u{2028}\u{2029}", "a\tb\nc\rd", "", "𠮷𝄞", "null", "]}",
            "\\u0041",
        ]
    )
    func names(_ name: String) throws {
        struct Answer: Decodable {
            struct Row: Decodable { var name: String }
            var campaigns: [Row]
        }
        try bench.sample.database.connect().execute("UPDATE campaigns SET name = \(name)")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(bench.get("/api/campaigns").body))
        #expect(!answer.campaigns.isEmpty)
        #expect(answer.campaigns.allSatisfy { Array($0.name.utf8) == Array(name.utf8) })
        #expect(bench.get("/api/ads").json["ads"][0]["campaign_name"].string.map { Array($0.utf8) } == Array(name.utf8))
    }

    @Test("an account without data returns an empty list", arguments: TableRoute.all)
    func empty(_ route: TableRoute) throws {
        try bench.sql("TRUNCATE campaigns, ad_groups, creatives")
        let response = bench.get(route.path)
        #expect(response.status == 200)
        #expect(response.text == "{\"\(route.member)\":[]}")
    }

    @Test("all three names of the account return the same response", arguments: TableRoute.all)
    func references(_ route: TableRoute) {
        let own = bench.get(route.path)
        for name in [bench.sample.facebookID, "act_\(bench.sample.facebookID)", bench.id.uppercased()] {
            let other = bench.get(route.path, "adAccountId=\(name)")
            #expect(other.body == own.body)
            #expect(other.headers["ETag"] == own.headers["ETag"])
        }
    }

    @Test("an account returns no rows of another account")
    func otherAccount() throws {
        let other = try bench.sample.store.addAdAccount(
            facebookID: "42",
            name: "Other",
            token: StoredToken(bytes: [1], keyID: "k")
        )
        _ = try bench.sample.store.grant(.viewer, on: other, to: Sample.email)
        let response = bench.get("/api/campaigns", "adAccountId=act_42")
        #expect(response.text == #"{"campaigns":[]}"#)
        #expect(response.headers["ETag"] != bench.get("/api/campaigns").headers["ETag"])
    }

    @Test("unknown parameters change nothing", arguments: tablePaths)
    func unknownParameters(_ path: String) {
        let plain = bench.get(path)
        let other = bench.get(path, "utm_source=mail&adAccountId=\(bench.id)&x=1&x=2&&=&y")
        #expect(other.status == 200)
        #expect(other.body == plain.body)
        #expect(other.headers["ETag"] == plain.headers["ETag"])
    }
}

@Suite struct CachingTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    @Test("responses declare their type and how long caches may keep them", arguments: tablePaths)
    func headers(_ path: String) {
        let response = bench.get(path)
        #expect(response.headers["Content-Type"] == "application/json; charset=utf-8")
        #expect(response.headers["Cache-Control"] == "public, s-maxage=300, stale-while-revalidate=600")
        #expect(response.headers["X-Content-Type-Options"] == "nosniff")
        #expect(response.headers["Content-Encoding"] == nil)
        #expect(response.headers["ETag"]?.wholeMatch(of: /(W\/)?"[^"]+"/) != nil)
        #expect(response.headers["Vary"]?.contains("Accept-Encoding") == true)
    }

    @Test(
        "bodies are gzipped for clients that accept it",
        arguments: ["gzip", "deflate, gzip;q=1.0, *;q=0.5", "GZIP", "*", "br;q=1, gzip;q=0.001", " gzip "]
    )
    func gzip(_ accepted: String) throws {
        let plain = bench.get("/api/ads")
        let response = bench.get("/api/ads", adding: ["Accept-Encoding": accepted])
        #expect(response.headers["Content-Encoding"] == "gzip")
        #expect(response.body.count < plain.body.count)
        #expect(gunzip(response.body) == plain.body)
        #expect(response.headers["Content-Type"] == plain.headers["Content-Type"])
    }

    @Test(
        "bodies are plain for clients that do not accept gzip",
        arguments: ["", "identity", "br", "gzip;q=0", "*;q=0", "gzip; q=0.0, *", "x-gzipped"]
    )
    func plain(_ accepted: String) {
        let response = bench.get("/api/ads", adding: ["Accept-Encoding": accepted])
        #expect(response.headers["Content-Encoding"] == nil)
        #expect(!response.json["ads"].list.isEmpty)
    }

    @Test("each table has its own tag, which changes when a sync changes the table")
    func etag() throws {
        let tags = { tablePaths.map { self.bench.get($0).headers["ETag"] } }
        let before = tags()
        #expect(Set(before).count == 3)
        #expect(tags() == before)
        #expect(try bench.sample.sync() == .done)
        #expect(tags() == before)
        let id = try bench.sample.database.connect().text("SELECT facebook_ad_id FROM creatives LIMIT 1")
        bench.sample.order(#"{"fault":"rename","id":"\#(id ?? "")","name":"New"}"#)
        #expect(try bench.sample.sync() == .done)
        let after = tags()
        #expect(after[0] == before[0])
        #expect(after[1] == before[1])
        #expect(after[2] != before[2])
    }

    @Test("a client that has the current response gets a 304 without a body", arguments: tablePaths)
    func notModified(_ path: String) throws {
        let tag = try #require(bench.get(path).headers["ETag"])
        let strong = tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag
        for header in [
            tag, strong, "*", "\"other\", \(tag)", "\(strong) ,\"x\"", " W/\(strong) ", "\"a\",W/\"b\",\(tag),\"c\"",
            "\(tag.dropLast())-gzip\"", "\(strong.dropLast())-BR\"", "\"a\", \(tag.dropLast())-br-gzip\",\"c\"",
            "\(tag.dropLast());gzip\"", "\(tag.dropLast())--gzip\"",
        ] {
            let response = bench.get(path, adding: ["If-None-Match": header, "Accept-Encoding": "gzip"])
            #expect(response.status == 304, "\(header)")
            #expect(response.body == [])
            #expect(response.headers["ETag"] == tag)
            #expect(response.headers["Cache-Control"] == "public, s-maxage=300, stale-while-revalidate=600")
            #expect(response.headers["Content-Encoding"] == nil)
        }
        for header in [
            "", "\"other\"", "W/\"\"", strong.replacing("\"", with: ""), "\"*\"",
            "\(tag.dropLast())-zip\"", "\(tag.dropLast())gzip\"", "\"-gzip\"",
        ] {
            #expect(bench.get(path, adding: ["If-None-Match": header]).status == 200, "\(header)")
        }
    }

    @Test("a tag from before a change gets the new response")
    func oldTag() throws {
        let tag = try #require(bench.get("/api/campaigns").headers["ETag"])
        try bench.sql("UPDATE ad_accounts SET campaigns_version = campaigns_version + 1")
        #expect(bench.get("/api/campaigns", adding: ["If-None-Match": tag]).status == 200)
    }

    @Test("a tag gives no access to people who may not see the account")
    func tagIsNoKey() throws {
        let tag = try #require(bench.get("/api/campaigns").headers["ETag"])
        let query = "adAccountId=\(bench.id)"
        #expect(bench.send("GET", "/api/campaigns", query, headers: ["If-None-Match": tag]).status == 401)
        var stranger = try bench.newPerson("eve@example.com", role: nil)
        stranger.add("If-None-Match", tag)
        #expect(bench.send("GET", "/api/campaigns", query, headers: stranger).status == 404)
    }
}
