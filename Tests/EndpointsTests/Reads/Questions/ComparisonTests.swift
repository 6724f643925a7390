import Endpoints
import HTTPMessages
import Model
import Postgres
import TestSupport
import Testing

/// `compare`, and the totals of series, beside numbers written down here.
@Suite struct ComparisonTests {
    let bench: Bench

    /// Two ads of two campaigns. Held are 1 to 4 March 2026, 6 March and 1 March 2025. The first ad spends the number of the day
    /// on each of them, the second 10 on 4 and 6 March.
    init() throws {
        bench = try Bench()
        try bench.sql(
            """
            UPDATE ad_accounts SET time_zone = 'America/Los_Angeles';
            DELETE FROM insights_daily; DELETE FROM insights_days; DELETE FROM creatives; DELETE FROM ad_groups; DELETE FROM campaigns;
            INSERT INTO campaigns (facebook_campaign_id, ad_account_id, name, status, effective_status, created_at, spent)
                SELECT n, id, 'C' || n, 'ACTIVE', 'ACTIVE', now(), 77 FROM ad_accounts, (VALUES ('1'), ('2')) c (n);
            INSERT INTO ad_groups (facebook_ad_set_id, ad_account_id, facebook_campaign_id, name, status, effective_status, created_at)
                SELECT n || '1', id, n, 'S' || n, 'ACTIVE', 'ACTIVE', now() FROM ad_accounts, (VALUES ('1'), ('2')) s (n);
            INSERT INTO creatives (facebook_ad_id, ad_account_id, facebook_ad_set_id, facebook_campaign_id, name, status,
                                   effective_status, created_at)
                SELECT n || '11', id, n || '1', n, 'A' || n, 'ACTIVE', 'ACTIVE', now()
                FROM ad_accounts, (VALUES ('1'), ('2')) s (n);
            INSERT INTO insights_daily (ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id, spent,
                                        impressions, clicks, link_clicks, engagement, conversions, conversion_value, fetched_at)
                SELECT id, day::date, ad, left(ad, 2), left(ad, 1), spent, 100, 5, 2, 1, 1, spent * 2, now()
                FROM ad_accounts, (VALUES
                    ('2026-03-01', '111', 1), ('2026-03-02', '111', 2), ('2026-03-03', '111', 3), ('2026-03-04', '111', 4),
                    ('2026-03-06', '111', 6), ('2026-03-04', '211', 10), ('2026-03-06', '211', 10), ('2025-03-01', '111', 1)
                ) d (day, ad, spent);
            INSERT INTO insights_days (ad_account_id, day, spent, impressions, clicks, link_clicks, reach, engagement, conversions,
                                       conversion_value, state)
                SELECT ad_account_id, day, sum(spent), sum(impressions), sum(clicks), sum(link_clicks), 50, sum(engagement),
                       sum(conversions), sum(conversion_value), 'complete'
                FROM insights_daily GROUP BY 1, 2;
            """
        )
    }

    private func answer(_ path: String, _ query: String) -> JSON {
        let response = bench.get(path, "adAccountId=\(bench.id)&\(query)")
        #expect(response.status == 200, "\(query): \(response.text)")
        return response.json
    }

    private func key(_ path: String, _ query: String) -> String? {
        bench.get("/_authorize\(path)", "adAccountId=\(bench.id)&\(query)").headers["X-Cache-Key"]
    }

    private static let days = "from=2026-03-03&to=2026-03-04"

    @Test("each row and the totals have the same metrics of the days before", arguments: TableRoute.all)
    func previous(_ route: TableRoute) throws {
        let answer = answer(route.path, "\(Self.days)&compare=previous&totals=true&sort=id&fields=name,spend,ctr,reach")
        let rows = answer[route.member].list
        #expect(rows.map { $0["spend"].number } == [7, 10])
        #expect(rows.map { $0["previous"]["spend"].number } == [3, 0])
        #expect(rows.map { $0["ctr"].number } == [5, 5] && rows[0]["previous"]["ctr"].number == 5)
        #expect(rows[1]["previous"]["ctr"].isNull && rows[0]["previous"]["reach"].isNull)
        #expect(rows.allSatisfy { $0["previous"].names == ["spend", "ctr", "reach"] })
        #expect(answer["totals"]["spend"].number == 17 && answer["totals"]["previous"]["spend"].number == 3)
        #expect(answer["totals"]["previous"]["ctr"].number == 5 && answer["totals"]["previous"]["reach"].isNull)
        #expect(answer["totals"]["previous"].names == ["spend", "ctr", "reach"])
        let coverage = answer["previous_coverage"]
        #expect(coverage["date_start"].string == "2026-03-01" && coverage["date_end"].string == "2026-03-02")
        #expect(coverage["from"].string == "2026-03-01" && coverage["to"].string == "2026-03-02")
        #expect(coverage["complete"].boolean == true && coverage["whole_to"].string == "2026-03-02")
        #expect(answer["coverage"]["from"].string == "2026-03-03")
    }

    @Test(
        "without fields, previous has the metrics of a row, in their order, after its other members",
        arguments: TableRoute.all
    )
    func members(_ route: TableRoute) {
        let response = bench.get(
            route.path,
            "adAccountId=\(bench.id)&\(Self.days)&compare=previous&limit=1&totals=true"
        )
        let metrics = route.names.filter { response.json["totals"].names.contains($0) }
        // The members of a row, then those of `previous` in the totals.
        #expect(JSON.memberNames(response.body, depth: 3) == route.names + ["previous"] + metrics)
        #expect(JSON.memberNames(response.body, depth: 4) == metrics)
        #expect(
            JSON.memberNames(response.body, depth: 1) == [
                route.member, "paging", "coverage", "previous_coverage", "totals", "hidden", "account",
            ]
        )
        let names = bench.get(route.path, "adAccountId=\(bench.id)&\(Self.days)&compare=previous&fields=name").json
        #expect(names[route.member].list.allSatisfy { $0["previous"].names.isEmpty && !$0["previous"].isMissing })
    }

    @Test("days that are not held have no values, and those that are held count alone")
    func notHeld() {
        let none = answer("/api/ads", "\(Self.days)&compare=2024-01-01..2024-01-31&totals=true")
        #expect(none["ads"].list.allSatisfy { $0["previous"]["spend"].isNull && $0["previous"]["ctr"].isNull })
        #expect(none["totals"]["previous"]["spend"].isNull && none["totals"]["spend"].number == 17)
        #expect(
            none["previous_coverage"]["from"].isNull && none["previous_coverage"]["date_end"].string == "2024-01-31"
        )
        #expect(none["previous_coverage"]["complete"].boolean == false)
        let some = answer("/api/ads", "\(Self.days)&compare=2026-03-05..2026-03-06&sort=id&totals=true")
        #expect(some["ads"].list.map { $0["previous"]["spend"].number } == [6, 10])
        #expect(some["previous_coverage"]["from"].string == "2026-03-06")
        #expect(some["previous_coverage"]["complete"].boolean == false)
        let year = answer("/api/ads", "from=2026-03-01&to=2026-03-01&compare=previous_year&sort=id")
        #expect(year["ads"].list.map { $0["previous"]["spend"].number } == [1, 0])
        let requested = answer(
            "/api/ads",
            "from=2024-01-01&to=2024-01-31&compare=2026-03-01..2026-03-04&sort=id&totals=true"
        )
        #expect(requested["ads"].list.map { $0["spend"].number } == [nil, nil])
        #expect(requested["ads"].list.map { $0["previous"]["spend"].number } == [10, 10])
        #expect(requested["totals"]["previous"]["spend"].number == 20 && requested["totals"]["spend"].isNull)
    }

    @Test("conditions and orders are about the requested days, and the totals about the rows that meet them")
    func conditions() {
        let query = "\(Self.days)&compare=previous&totals=true&where=spend%3C8"
        let answer = answer("/api/ads", query)
        #expect(answer["ads"].list.map { $0["id"].string } == ["111"])
        #expect(answer["totals"]["previous"]["spend"].number == 3)
        let other = self.answer("/api/ads", "\(Self.days)&compare=previous&totals=true&where=spend%3E8")
        #expect(other["ads"].list.map { $0["previous"]["spend"].number } == [0])
        #expect(other["totals"]["previous"]["spend"].number == 0 && other["totals"]["previous"]["ctr"].isNull)
    }

    @Test("CSV has columns for the compared days, and a header for what is held of them")
    func csv() {
        let query =
            "adAccountId=\(bench.id)&\(Self.days)&compare=previous&format=csv&bom=false&sort=id&fields=ctr,date_end,spend"
        let response = bench.get("/api/ads", query)
        #expect(
            response.text == """
                id,ctr,date_end,spend,previous_ctr,previous_spend\r
                111,5,2026-03-04,7,5,3\r
                211,5,2026-03-04,10,,0\r\n
                """
        )
        #expect(
            response.headers["X-Previous-Coverage"] == #"""
                {"date_start":"2026-03-01","date_end":"2026-03-02","from":"2026-03-01","to":"2026-03-02",\#
                "complete":true,"whole_to":"2026-03-02"}
                """#
        )
    }

    @Test("pages of a comparison are the whole in pieces, and a cursor belongs to its compared days")
    func pages() throws {
        let base = "\(Self.days)&sort=-spend&limit=1"
        let first = answer("/api/ads", "\(base)&compare=previous")
        let cursor = try #require(first["paging"]["next"].string)
        let second = answer("/api/ads", "\(base)&compare=2026-03-01..2026-03-02&cursor=\(cursor)")
        #expect((first["ads"].list + second["ads"].list).map { $0["previous"]["spend"].number } == [0, 3])
        for other in ["", "&compare=previous_year"] {
            let response = bench.get("/api/ads", "adAccountId=\(bench.id)&\(base)\(other)&cursor=\(cursor)")
            #expect(isError(response, 400, "CURSOR_INVALID"))
        }
    }

    @Test("days are the same question, however they are named")
    func canonical() throws {
        for path in tablePaths + ["/api/insights"] {
            let own = try #require(key(path, "\(Self.days)&compare=previous"))
            #expect(key(path, "compare=2026-03-01..2026-03-02&\(Self.days)") == own)
            let others = [
                "", "&compare=previous_year", "&compare=2026-03-01..2026-03-03", "&compare=2026-02-28..2026-03-02",
            ]
            let keys = try others.map { try #require(key(path, Self.days + $0)) }
            #expect(Set(keys + [own]).count == 5)
            #expect(key(path, "\(Self.days)&compare=") == keys[0])
            var request = HTTPRequest(path: path, query: "adAccountId=\(bench.id)&\(Self.days)&compare=previous")
            request[.grant] = own
            #expect(bench.endpoints.answer(request).body == bench.get(path, request.query).body)
        }
    }

    @Test("a comparison without a range, and one that cannot be read, is refused")
    func refused() {
        for path in tablePaths {
            let response = bench.get(path, "adAccountId=\(bench.id)&compare=previous")
            #expect(isError(response, 400, "PARAMETER_INVALID"))
            #expect(response.json["hint"].string?.contains("range") == true)
        }
        for path in tablePaths + ["/api/insights"] {
            for value in [
                "last", "PREVIOUS", "2026-03-01", "2026-03-01..", "..2026-03-01", "2026-03-01..2026-02-30",
                "2026-03-01...2026-03-02", "2026-03-01T00:00:00Z..2026-03-02", "2026-03-01..2026-03-02..2026-03-03",
            ] {
                let response = bench.get(path, "adAccountId=\(bench.id)&\(Self.days)&compare=\(value)")
                #expect(isError(response, 400, "PARAMETER_INVALID"), "\(value)")
            }
            for value in ["2026-03-02..2026-03-01", "2020-01-01..2026-03-01"] {
                let response = bench.get(path, "adAccountId=\(bench.id)&\(Self.days)&compare=\(value)")
                #expect(isError(response, 400, "RANGE_INVALID"), "\(value)")
            }
        }
    }

    // MARK: Series

    @Test("a series has the totals of its held days, and the days before beside its days")
    func series() {
        let query = "from=2026-03-03&to=2026-03-06&compare=2026-03-01..2026-03-03&totals=true"
        let account = answer("/api/insights", "\(query)&fields=spend,ctr,reach,cpm")
        let days = account["insights"].list
        #expect(
            days.map { $0["spend"].number } == [3, 14, nil, 16] && days.map { $0["reach"].number } == [50, 50, nil, 50]
        )
        #expect(days.map { $0["previous"]["date"].string } == ["2026-03-01", "2026-03-02", "2026-03-03", nil])
        #expect(days.map { $0["previous"]["spend"].number } == [1, 2, 3, nil])
        #expect(days.map { $0["cpm"].number } == [30, 70, nil, 80])
        #expect(days[0].names == ["date", "spend", "ctr", "reach", "cpm", "previous"])
        #expect(account["totals"]["spend"].number == 33 && account["totals"]["previous"]["spend"].number == 6)
        #expect(account["totals"]["cpm"].number == 66 && account["totals"]["reach"].isNull)
        #expect(account["hidden"].isMissing && account["account"].isMissing)
        #expect(account["previous_coverage"]["date_end"].string == "2026-03-03")
        for (level, id, sum) in [("campaign", "1", 13.0), ("adset", "11", 13), ("ad", "211", 20)] {
            let object = answer("/api/insights", "\(query)&level=\(level)&id=\(id)&fields=default,link_clicks")
            #expect(object["totals"]["spend"].number == sum, "\(level)")
            #expect(object["totals"]["previous"]["spend"].number == (id == "211" ? 0 : 6))
            #expect(object["insights"].list.map { $0["link_clicks"].isNull } == [false, false, true, false])
            #expect(object["totals"].names.contains("link_clicks"))
        }
        // Longer compared days count in the totals, though no day is beside them.
        let long = answer("/api/insights", "from=2026-03-06&to=2026-03-06&compare=2026-03-01..2026-03-04&totals=true")
        #expect(long["insights"][0]["previous"]["spend"].number == 1)
        #expect(long["totals"]["previous"]["spend"].number == 20)
        let none = answer("/api/insights", "from=2024-01-01&to=2024-01-02&compare=previous&totals=true")
        #expect(none["totals"]["spend"].isNull && none["totals"]["previous"]["spend"].isNull)
    }

    @Test("conditions leave out days of a series, and the totals and the compared days are those of the others")
    func seriesConditions() {
        let days = { (query: String) -> [String?] in
            answer("/api/insights", "from=2026-03-01&to=2026-03-06&\(query)")["insights"].list.map { day in
                day["date"].string.map { String($0.suffix(1)) }
            }
        }
        #expect(days("where=spend%3E=3") == ["3", "4", "6"])
        #expect(days("where=spend%3E=3&where=cpm%3C75&fields=clicks") == ["3", "4"])
        #expect(days("where=spend=null") == ["5"] && days("where=spend!=null") == ["1", "2", "3", "4", "6"])
        #expect(days("level=ad&id=211&where=spend=0") == ["1", "2", "3"])
        #expect(days("level=campaign&id=1&where=spend%3C=2") == ["1", "2"])
        #expect(days("where=spend%3E99") == [])
        let compared = answer(
            "/api/insights",
            "from=2026-03-03&to=2026-03-06&compare=2026-03-01..2026-03-04&totals=true&where=spend%3E3"
        )
        #expect(compared["insights"].list.map { $0["previous"]["spend"].number } == [2, 14])
        #expect(compared["totals"]["spend"].number == 30 && compared["totals"]["previous"]["spend"].number == 16)
        let query = "adAccountId=\(bench.id)&where="
        #expect(isError(bench.get("/api/insights", "\(query)name~a"), 400, "FIELD_UNKNOWN"))
        #expect(isError(bench.get("/api/insights", "\(query)spend"), 400, "PARAMETER_INVALID"))
        #expect(key("/api/insights", "where=spend%3E3") == key("/api/insights", "where=spend%20%3E%203.0"))
        #expect(key("/api/insights", "where=spend%3E3") != key("/api/insights", ""))
    }

    @Test("a series has any metric of its level, and CSV has the columns in the requested order")
    func seriesFields() {
        let base = "adAccountId=\(bench.id)&from=2026-03-03&to=2026-03-04"
        let file = bench.get("/api/insights", "\(base)&fields=ctr,spend&compare=previous&format=csv&bom=false").text
        #expect(
            file == """
                date,ctr,spend,previous_date,previous_ctr,previous_spend\r
                2026-03-03,5,3,2026-03-01,5,1\r
                2026-03-04,5,14,2026-03-02,5,2\r\n
                """
        )
        let object = "&level=ad&id=111"
        #expect(isError(bench.get("/api/insights", "\(base)\(object)&fields=reach"), 400, "FIELD_UNKNOWN"))
        #expect(isError(bench.get("/api/insights", "\(base)&fields=name"), 400, "FIELD_UNKNOWN"))
        let group = bench.get("/api/insights", "\(base)\(object)&fields=funnel").json["insights"][0]
        #expect(group.names.isSuperset(of: ["date", "conversions", "roas"]) && !group.names.contains("spend"))
        #expect(key("/api/insights", "fields=default") == key("/api/insights", ""))
        #expect(key("/api/insights", "fields=ctr,spend") == key("/api/insights", "fields=spend,date,ctr"))
        #expect(key("/api/insights", "totals=true") != key("/api/insights", ""))
        for field in bench.fields {
            // A group without fields of the series adds none.
            let isGroup = field["name"].string == field["group"].string
            guard let name = field["name"].string, field["same_as"].isNull, !isGroup else { continue }
            let isOfAccounts = field["levels"].list.contains { $0.string == "account" }
            #expect((bench.get("/api/insights", "\(base)&fields=\(name)").status == 200) == isOfAccounts, "\(name)")
        }
    }
}
