import Endpoints
import HTTPMessages
import Model
import Postgres
import TestSupport
import Testing

/// `where`, beside the rows that the database itself finds.
@Suite struct ConditionTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
        // Every sixth row has an unknown spend, zero impressions, or no objective.
        try bench.sql(
            """
            UPDATE ad_accounts SET time_zone = 'America/Los_Angeles';
            \(TableRoute.all.map { route in
                """
                UPDATE \(route.table) t SET
                    spent = CASE n % 6 WHEN 0 THEN NULL WHEN 1 THEN 0 ELSE n * 2.5 END,
                    impressions = CASE n % 4 WHEN 0 THEN 0 ELSE n * 100 END, clicks = n,
                    name = CASE n % 3 WHEN 0 THEN 'Summer ' || n WHEN 1 THEN 'WINTER <' || n ELSE 'ÄPFEL = ' || n END,
                    created_at = timestamptz '2026-03-01 08:00:00Z' + interval '6 hours' * n + interval '0.4 seconds'
                FROM (SELECT \(route.key) AS id, row_number() OVER (ORDER BY \(route.key)) AS n FROM \(route.table)) v
                WHERE t.\(route.key) = v.id;
                """
            }.joined(separator: "\n"))
            """
        )
    }

    private func ids(_ route: TableRoute, _ conditions: [String], _ more: String = "") -> [String] {
        bench.ids(route, "status=ALL\(query(conditions))\(more)")
    }

    private func query(_ conditions: [String]) -> String {
        conditions.map { "&" + QueryParameters([.init(name: "where", value: $0)]).encoded }.joined()
    }

    private func key(_ route: TableRoute, _ conditions: [String]) -> String? {
        bench.get("/_authorize\(route.path)", "adAccountId=\(bench.id)\(query(conditions))").headers["X-Cache-Key"]
    }

    private static let la = "AT TIME ZONE 'America/Los_Angeles')::date"

    @Test(
        "a condition finds the rows that the database finds",
        arguments: [
            ("spend>=50", "spent >= 50"), ("spend<50", "spent < 50"), ("spend = 5", "spent = 5"),
            ("spend!=5", "spent <> 5"), ("spend>0", "spent > 0"), ("spend<=0.0", "spent <= 0"),
            ("spend>-1", "spent > -1"), ("spend=null", "spent IS NULL"), ("spend!=null", "spent IS NOT NULL"),
            ("impressions=0", "impressions = 0"), ("impressions>999.5", "impressions > 999.5"),
            ("ctr=1", "impressions > 0"), ("ctr=null", "impressions = 0"), ("ctr<1", "false"),
            ("cpm>20", "spent * 1000 / nullif(impressions, 0) > 20"),
            ("cpc<=2.5", "round(spent / nullif(clicks, 0), 6) <= 2.5"),
            ("name~summer", "name LIKE 'Summer%'"), ("name~äpfel", "name LIKE 'Ä%'"),
            ("name ~ R <", "name LIKE 'WINTER%'"),
            ("name=winter <1", "name = 'WINTER <1'"), ("name!=winter <1", "name <> 'WINTER <1'"),
            ("name~= 2", "name LIKE '%= 2%'"), ("name~%", "false"), ("name~null", "false"), ("name!=null", "true"),
            ("status=active", "status = 'ACTIVE'"), ("status!=ACTIVE", "status <> 'ACTIVE'"),
            ("created_at>2026-03-03", "(created_at \(la) > '2026-03-03'"),
            ("created_at>=2026-03-03", "(created_at \(la) >= '2026-03-03'"),
            ("created_at=2026-03-03", "(created_at \(la) = '2026-03-03'"),
            ("created_at<=2026-03-03", "(created_at \(la) <= '2026-03-03'"),
            ("created_at>2026-03-02T08:00:00Z", "created_at >= '2026-03-02T08:00:01Z'"),
            (
                "created_at=2026-03-02T01:00:00-07:00",
                "created_at BETWEEN '2026-03-02T08:00:00Z' AND '2026-03-02T08:00:01Z'"
            ),
            ("updated_at=null", "updated_at IS NULL"), ("date_start>2000-01-01", "true"),
            ("date_end<2000-01-01", "false"),
            ("id=1", "false"), ("id~1", "true"),
        ]
    )
    func found(_ condition: String, _ sql: String) throws {
        for route in TableRoute.all {
            #expect(try ids(route, [condition]) == bench.ids(route, where: sql), "\(route.path) \(condition)")
        }
    }

    @Test("all conditions hold, beside the other filters, in totals, and over days", arguments: TableRoute.all)
    func together(_ route: TableRoute) throws {
        let both = ["spend>=10", "name~summer"]
        #expect(try ids(route, both) == bench.ids(route, where: "spent >= 10 AND name LIKE 'Summer%'"))
        #expect(
            try ids(route, both, "&q=3")
                == bench.ids(route, where: "spent >= 10 AND name LIKE 'Summer%' AND name LIKE '%3%'")
        )
        let answer = bench.get(route.path, "adAccountId=\(bench.id)&status=ALL&totals=true\(query(both))&limit=1").json
        let sum = try bench.sample.database.connect().text(
            "SELECT trim_scale(sum(spent)) FROM \(raw: route.table) WHERE spent >= 10 AND name LIKE 'Summer%'"
        )
        #expect(answer["totals"]["spend"].isMissing == (route.member != "ads"))
        let total = route.member == "ads" ? answer["totals"]["spend"] : answer["totals"]["spent"]
        #expect(total.number == sum.flatMap { Double($0) } ?? 0)
        let plain = bench.get(route.path, "adAccountId=\(bench.id)&totals=true\(query(both))").json
        let gone = "status IN ('DELETED', 'ARCHIVED') OR effective_status IN ('DELETED', 'ARCHIVED')"
        let hidden = try bench.ids(route, where: "spent >= 10 AND name LIKE 'Summer%' AND (\(gone))")
        #expect(plain["hidden"]["rows"].integer == hidden.count)
    }

    @Test("pages of a condition are the whole in pieces, and their cursors belong to it", arguments: TableRoute.all)
    func pages(_ route: TableRoute) throws {
        let conditions = ["clicks>2", "spend!=null"]
        let base = "adAccountId=\(bench.id)&status=ALL&sort=-cpm&limit=1"
        var all: [String] = []
        var cursor = ""
        repeat {
            let page = bench.get(route.path, "\(base)\(query(conditions))&cursor=\(cursor)").json
            all += page[route.member].list.compactMap { $0["id"].string }
            cursor = page["paging"]["next"].string ?? ""
            guard !cursor.isEmpty else { break }
            #expect(isError(bench.get(route.path, "\(base)&cursor=\(cursor)"), 400, "CURSOR_INVALID"))
            let other = query(["clicks>2", "spend>0"])
            #expect(isError(bench.get(route.path, "\(base)\(other)&cursor=\(cursor)"), 400, "CURSOR_INVALID"))
            #expect(bench.get(route.path, "\(base)\(query(conditions.reversed()))&cursor=\(cursor)").status == 200)
        } while all.count < 100
        #expect(all == ids(route, conditions, "&sort=-cpm"))
        #expect(all.count > 1)
    }

    @Test(
        "one question is one cache entry, in whichever order and spelling its conditions are",
        arguments: TableRoute.all
    )
    func canonical(_ route: TableRoute) throws {
        let own = try #require(key(route, ["impressions>=50", "name~summer", "created_at>2026-03-01"]))
        for same in [
            ["name~summer", "created_at>2026-03-01", "impressions>=50"],
            [" impressions  >=  050.00 ", "name ~ summer", "created_at > 2026-03-01", "impressions>=50"],
        ] {
            #expect(key(route, same) == own, "\(same)")
        }
        let others = [
            [], ["impressions>=50"], ["impressions>50", "name~summer", "created_at>2026-03-01"], ["name~summer"],
            ["name=summer"], ["name~Summer"], ["impressions=null"], ["impressions=0"], ["name~impressions>=50"],
        ]
        let keys = others.compactMap { key(route, $0) }
        #expect(Set(keys).count == others.count && !keys.contains(own))
        #expect(key(route, [""]) == key(route, []))
        if route.member != "ads" { #expect(key(route, ["spent>5"]) == key(route, ["spend>5"])) }
        let zero = try #require(key(route, ["clicks=0"]))
        for same in ["clicks=-0", "clicks=0.0", "clicks=00"] { #expect(key(route, [same]) == zero) }
    }

    @Test(
        "what is no condition is refused with a sentence that says what to do",
        arguments: [
            ("spend", "PARAMETER_INVALID"), ("spend>", "PARAMETER_INVALID"), ("spend>abc", "PARAMETER_INVALID"),
            ("spend>1e3", "PARAMETER_INVALID"), ("spend>1,5", "PARAMETER_INVALID"), ("spend>=>5", "PARAMETER_INVALID"),
            ("spend==5", "PARAMETER_INVALID"), ("spend>.5", "PARAMETER_INVALID"), ("spend>5.", "PARAMETER_INVALID"),
            ("spend>NaN", "PARAMETER_INVALID"), ("spend>--5", "PARAMETER_INVALID"), ("spend~5", "PARAMETER_INVALID"),
            ("spend>1234567890123456789", "PARAMETER_INVALID"), ("spend=0.1234567890123", "PARAMETER_INVALID"),
            ("spend>null", "PARAMETER_INVALID"), ("name<b", "PARAMETER_INVALID"), ("name>=b", "PARAMETER_INVALID"),
            ("name~", "PARAMETER_INVALID"), ("created_at~2026", "PARAMETER_INVALID"),
            ("created_at>yesterday", "PARAMETER_INVALID"), ("created_at>2026-02-30", "PARAMETER_INVALID"),
            ("name<null", "PARAMETER_INVALID"), ("!", "PARAMETER_INVALID"), ("name!summer", "PARAMETER_INVALID"),
            ("spendings>5", "FIELD_UNKNOWN"), ("SPEND>5", "FIELD_UNKNOWN"), (">5", "FIELD_UNKNOWN"),
            ("ad_account_id=5", "FIELD_UNKNOWN"), ("t.spent>5", "FIELD_UNKNOWN"), ("spend);--<1", "FIELD_UNKNOWN"),
            (String(repeating: "x", count: 501), "PARAMETER_INVALID"),
        ]
    )
    func refused(_ condition: String, _ code: String) {
        for route in TableRoute.all {
            let response = bench.get(route.path, "adAccountId=\(bench.id)\(query([condition]))")
            #expect(isError(response, 400, code), "\(condition): \(response.text)")
            let sentence = response.json["error"].string ?? ""
            #expect(sentence.contains("where"), "\(sentence)")
            #expect(response.json["hint"].string?.isEmpty == false)
            #expect(key(route, [condition]) == nil)
        }
    }

    @Test("more conditions than anybody needs are refused, and a field of another level is unknown")
    func bounds() {
        let many = (1...20).map { "clicks>\($0)" }
        #expect(bench.get("/api/ads", "adAccountId=\(bench.id)\(query(many))").status == 200)
        let response = bench.get("/api/ads", "adAccountId=\(bench.id)\(query(many + ["clicks>21"]))")
        #expect(isError(response, 400, "PARAMETER_INVALID"))
        #expect(response.json["error"].string?.contains("20") == true)
        #expect(
            isError(
                bench.get("/api/campaigns", "adAccountId=\(bench.id)\(query(["ad_set_name=x"]))"),
                400,
                "FIELD_UNKNOWN"
            )
        )
        let names = (0...200).map { _ in "name" }.joined(separator: ",")
        #expect(isError(bench.get("/api/ads", "adAccountId=\(bench.id)&fields=\(names)"), 400, "PARAMETER_INVALID"))
    }
}
