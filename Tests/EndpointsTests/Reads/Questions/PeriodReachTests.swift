import Endpoints
import Foundation
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import SyncEngine
import TestSupport
import Testing

/// Reach, frequency and unique clicks of Facebook's own periods, beside the simulator's own numbers.
@Suite struct PeriodReachTests {
    let bench: Bench
    private let zone: String
    private let ads = TableRoute.all[2]

    /// Everybody's tables were looked at, and the periods were read.
    init() throws {
        bench = try Bench(isSynced: false)
        bench.sample.settings.historyDays = 70
        for path in tablePaths { #expect(bench.get(path).status == 200) }
        bench.sample.settings.historyBudget = 10_000
        try bench.sample.sync()
        zone = try bench.sample.database.connect().text("SELECT time_zone FROM ad_accounts") ?? ""
    }

    private struct Counts: Equatable {
        var reach: Decimal?
        var frequency: Decimal?
        var uniqueClicks: Decimal?
        /// Of an object without delivery.
        static let nobody = Counts(reach: 0, frequency: nil, uniqueClicks: 0)
        static let unknown = Counts()
    }

    /// What the simulator counts for each object with delivery.
    private func facebook(_ level: String, _ since: String, _ until: String) -> [String: Counts] {
        let words =
            ["ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "CAMPAIGN_PAUSED", "ADSET_PAUSED", "WITH_ISSUES"]
            + ["PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO", "IN_PROCESS"]
        let statuses = words.map { "\"\($0)\"" }.joined(separator: ",")
        let query = QueryParameters([
            .init(name: "level", value: level), .init(name: "limit", value: "500"),
            .init(name: "fields", value: "\(level)_id,reach,frequency,unique_clicks"),
            .init(name: "time_range", value: #"{"since":"\#(since)","until":"\#(until)"}"#),
            .init(
                name: "filtering",
                value: #"[{"field":"\#(level).effective_status","operator":"IN","value":[\#(statuses)]}]"#
            ),
        ])
        let response = bench.sample.simulator.respond(
            to: HTTPRequest(
                path: "/v23.0/act_\(bench.sample.facebookID)/insights",
                query: query.encoded,
                headers: ["Authorization": "Bearer \(GraphSimulator.demoToken)"]
            )
        )
        let page = JSON(response.body)
        #expect(page["paging"]["next"].isMissing)
        let rows = page["data"].list.map { row in
            let number = { (name: String) in row[name].string.flatMap { Decimal(string: $0) } }
            let counts = Counts(
                reach: number("reach"),
                frequency: number("frequency"),
                uniqueClicks: number("unique_clicks")
            )
            return (row["\(level)_id"].string ?? "", counts)
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    private static let fields = "fields=reach,frequency,unique_clicks,spend&status=ALL"

    private func rows(_ route: TableRoute, _ query: String) -> [JSON] {
        let response = bench.get(route.path, "adAccountId=\(bench.id)&\(query)")
        #expect(response.status == 200, "\(query): \(response.text)")
        return response.json[route.member].list
    }

    private func counts(_ row: JSON) -> Counts {
        Counts(
            reach: row["reach"].decimal,
            frequency: row["frequency"].decimal,
            uniqueClicks: row["unique_clicks"].decimal
        )
    }

    /// The first and last day of a named range, in words of PostgreSQL.
    private func days(_ name: String) throws -> (since: String, until: String) {
        let (since, until) =
            switch name {
            case "last_7d": ("today - 7", "today - 1")
            case "last_14d": ("today - 14", "today - 1")
            case "last_30d": ("today - 30", "today - 1")
            case "this_month": ("date_trunc('month', today)", "today - 1")
            default:
                ("date_trunc('month', today) - interval '1 month'", "date_trunc('month', today) - interval '1 day'")
            }
        return try #require(
            try bench.sample.database.connect().firstRow(
                """
                SELECT (\(raw: since))::date, (\(raw: until))::date
                FROM (SELECT (now() AT TIME ZONE \(zone))::date AS today) t
                """
            ) { (try $0.text(0), try $0.text(1)) }
        )
    }

    @Test("each table has Facebook's numbers of each period, and nobody for what had no delivery")
    func periods() throws {
        var nobody = 0
        for name in ["last_7d", "last_14d", "last_30d", "this_month", "last_month"] {
            let (since, until) = try days(name)
            // On the first of a month.
            guard since <= until else { continue }
            for route in TableRoute.all {
                let expected = facebook(route.level, since, until)
                #expect(!expected.isEmpty)
                let found = rows(route, "range=\(name)&\(Self.fields)")
                #expect(Set(found.compactMap { $0["id"].string }).isSuperset(of: expected.keys))
                for row in found {
                    let wanted = expected[row["id"].string ?? ""]
                    #expect(counts(row) == wanted ?? .nobody, "\(route.path) \(name) \(row["id"].string ?? "")")
                    if wanted == nil { nobody += 1 }
                }
                let days = bench.get(route.path, "adAccountId=\(bench.id)&from=\(since)&to=\(until)&\(Self.fields)")
                #expect(days.json[route.member].list.map(counts) == found.map(counts))
            }
        }
        #expect(nobody > 0)
    }

    @Test("other days have none, and neither have totals: people are not added up")
    func otherDays() throws {
        let (since, until) = try days("last_7d")
        let before = (Day(since) ?? Day(daysSince1970: 0)) + -1
        for query in ["range=last_90d", "range=yesterday", "range=today", "from=\(before)&to=\(until)"] {
            for route in TableRoute.all {
                let found = rows(route, "\(query)&\(Self.fields)")
                #expect(!found.isEmpty && found.allSatisfy { counts($0) == .unknown })
            }
        }
        let answer = bench.get("/api/ads", "adAccountId=\(bench.id)&range=last_7d&totals=true&\(Self.fields)")
        #expect(answer.json["totals"].names.contains("reach"))
        #expect(counts(answer.json["totals"]) == .unknown)
        #expect(answer.json["totals"]["spend"].decimal ?? 0 > 0)
    }

    @Test("comparison, order, conditions and CSV have them, too")
    func questions() throws {
        let (since, until) = try days("last_month")
        let week = try days("last_7d")
        let (now, then) = (facebook("ad", week.since, week.until), facebook("ad", since, until))
        let compared = rows(ads, "range=last_7d&compare=\(since)..\(until)&\(Self.fields)")
        #expect(!compared.isEmpty)
        for row in compared {
            let id = row["id"].string ?? ""
            #expect(counts(row) == now[id] ?? .nobody)
            #expect(counts(row["previous"]) == then[id] ?? .nobody)
        }
        let reaches = rows(ads, "range=last_7d&sort=-reach&status=ALL&fields=name").map { row in
            now[row["id"].string ?? ""]?.reach ?? 0
        }
        #expect(reaches.count == compared.count && reaches == reaches.sorted(by: >))
        let middle = reaches[reaches.count / 4]
        let many = rows(ads, "range=last_7d&status=ALL&fields=name&where=reach%3E\(middle)")
        #expect(many.count == reaches.count { $0 > middle } && !many.isEmpty)
        let text = bench.get(
            "/api/ads",
            "adAccountId=\(bench.id)&range=last_7d&sort=-reach&limit=1&format=csv&bom=false&fields=reach&status=ALL"
        ).text
        #expect(text.split(separator: "\r\n").last?.split(separator: ",").last.map(String.init) == "\(reaches[0])")
    }

    @Test("a missing row means nobody only if nothing was spent and every row could be read")
    func missing() throws {
        let (since, until) = try days("last_7d")
        let expected = facebook("ad", since, until)
        let id = try #require(expected.first { $0.value.reach ?? 0 > 0 }?.key)
        try bench.sql("DELETE FROM period_results WHERE level = 'ad' AND object_id = '\(id)'")
        let found = rows(ads, "range=last_7d&\(Self.fields)")
        for row in found where row["spend"].decimal != 0 {
            let own = row["id"].string ?? ""
            #expect(counts(row) == (own == id ? .unknown : expected[own]))
        }
        #expect(found.contains { counts($0) == .nobody })
        try bench.sql("UPDATE period_readings SET lacks_rows = true")
        #expect(!rows(ads, "range=last_7d&\(Self.fields)").contains { counts($0) == .nobody })
    }

    @Test("reads record a look once in 12 hours, and answer when it cannot be recorded")
    func looks() throws {
        let recorded = { [bench] in
            try bench.sample.database.connect().rows("SELECT level FROM level_looks ORDER BY 1") { try $0.text(0) }
        }
        #expect(try recorded() == ["ad", "adset", "campaign"])
        try bench.sql("DELETE FROM level_looks")
        #expect(bench.get("/api/ads").status == 200)
        #expect(try recorded().isEmpty)
        bench.now += 43_201
        #expect(bench.get("/api/ads").status == 200)
        #expect(bench.get("/api/insights").status == 200)
        #expect(try recorded() == ["ad"])
        try bench.sql("ALTER TABLE level_looks RENAME TO no_looks")
        #expect(bench.get("/_authorize/api/campaigns").headers["X-Cache-Key"] != nil)
        #expect(bench.logs.contains { $0.contains("a look at campaigns was not recorded") })
        try bench.sql("ALTER TABLE no_looks RENAME TO level_looks")
        bench.now += 61
        #expect(bench.get("/api/campaigns").status == 200)
        #expect(try recorded() == ["ad", "campaign"])
    }
}
