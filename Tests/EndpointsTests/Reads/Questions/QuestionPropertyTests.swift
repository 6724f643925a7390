import Endpoints
import Foundation
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// Random questions about every field, beside a slow calculation from rows and series that were read one by one.
@Suite struct QuestionPropertyTests {
    let bench: Bench
    private let today: Day
    private let timeZone: TimeZone

    /// Fifty days of results, without one of them.
    init() throws {
        bench = try Bench(isSynced: false)
        bench.sample.settings.historyDays = 50
        bench.sample.settings.historyBudget = 3600
        try bench.sample.sync()
        let connection = bench.sample.database.connect()
        let (zone, today) = try #require(
            try connection.firstRow("SELECT time_zone, (now() AT TIME ZONE time_zone)::date FROM ad_accounts") {
                (try $0.text(0), try $0.text(1))
            }
        )
        timeZone = try #require(TimeZone(identifier: zone))
        self.today = try #require(Day(today))
        try bench.sql(
            """
            DELETE FROM insights_daily WHERE day = '\(self.today + -9)';
            DELETE FROM insights_days WHERE day = '\(self.today + -9)';
            UPDATE campaigns SET spent = NULL WHERE facebook_campaign_id = (SELECT min(facebook_campaign_id) FROM campaigns);
            UPDATE creatives SET link_clicks = NULL, format = NULL WHERE right(facebook_ad_id, 1) = '3';
            """
        )
    }

    // MARK: Reading

    private func read(_ route: TableRoute) throws -> SlowTable {
        // Lists are compared as JSON text, in a spelling of PostgreSQL.
        let known = bench.fields.filter { field in
            field["kind"].string != "list" && field["levels"].list.contains { $0.string == route.level }
        }
        let fields = known.map { json in
            let formula = json["formula"]
            return SlowTable.Field(
                name: json["name"].string ?? "",
                kind: json["kind"].string ?? "",
                isMetric: !["object", "delivery", "period"].contains(json["group"].string)
                    && json["kind"].string != "text"
                    || json["name"].string == "result_type",
                isAdditive: json["additive"].boolean ?? false,
                formula: formula.isNull
                    ? nil
                    : (
                        formula["dividend"].string ?? "", formula["factor"].decimal ?? 1,
                        formula["divisor"].string ?? ""
                    )
            )
        }
        let names = fields.map(\.name).joined(separator: ",")
        let rows = bench.get(route.path, "adAccountId=\(bench.id)&status=ALL&fields=\(names)").json[route.member].list
        #expect(rows.count >= 6)
        // A field with another name has the values of that field.
        let aliases = known.compactMap { json in json["same_as"].string.map { (json["name"].string ?? "", $0) } }
        let daily = fields.filter { field in
            field.isMetric && field.isAdditive && !aliases.contains { $0.0 == field.name }
        }
        let (since, until) = (rows[0]["date_start"].string ?? "", rows[0]["date_end"].string ?? "")
        let totals = FacebookGoals(bench.sample, level: route.level, since: since, until: until, daily: false)
        let ads = FacebookGoals(bench.sample, level: "ad", since: "\(today + -60)", until: "\(today)", daily: true)
        return SlowTable(
            fields: fields,
            rows: rows.map { row in
                let id = row["id"].string ?? ""
                return SlowTable.Row(
                    id: id,
                    values: Dictionary(uniqueKeysWithValues: fields.map { ($0.name, row[$0.name]) }),
                    days: days(of: id, route.level, daily.map(\.name), aliases),
                    goals: GoalSum(totals.rows(of: id, route.level).map(\.goals)),
                    goalDays: Dictionary(grouping: ads.rows(of: id, route.level), by: \.day).mapValues { rows in
                        rows.map(\.goals)
                    }
                )
            },
            timeZone: timeZone
        )
    }

    private func days(
        of id: String,
        _ level: String,
        _ names: [String],
        _ aliases: [(String, String)]
    ) -> [String: [String: Decimal?]] {
        let query = """
            adAccountId=\(bench.id)&level=\(level)&id=\(id)&fields=\(names.joined(separator: ","))\
            &from=\(today + -60)&to=\(today)
            """
        var days: [String: [String: Decimal?]] = [:]
        // On a held day of this account impressions are known.
        for row in bench.get("/api/insights", query).json["insights"].list where !row["impressions"].isNull {
            var values = Dictionary(uniqueKeysWithValues: names.map { ($0, row[$0].decimal) })
            for (alias, name) in aliases { values[alias] = values[name] }
            days[row["date"].string ?? ""] = values
        }
        return days
    }

    // MARK: Asking

    private struct Question {
        var query: [String]
        var fields: [String]
        var days: [String]?
        var compared: [String]?
        var conditions: [SlowTable.Condition]
        var sort: String
        var isDescending: Bool
        var showsAll: Bool
        var limit: Int?
    }

    private func question(_ table: SlowTable, _ random: inout some RandomNumberGenerator) -> Question {
        let names = table.fields.filter { $0.name != "date_start" && $0.name != "date_end" }.map(\.name)
        let (days, range) = range(&random)
        var query = range
        var compared: [String]?
        if let days, Bool.random(using: &random) {
            let (since, until) = (days[0] + -days.count, days[0] + -1)
            compared = (0..<days.count).map { "\(since + $0)" }
            query.append("compare=\(Bool.random(using: &random) ? "previous" : "\(since)..\(until)")")
        }
        let texts = days.map { $0.map(\.description) }
        let conditions = (0..<Int.random(in: 0...2, using: &random)).map { _ in condition(table, texts, &random) }
        let sort = names.randomElement(using: &random) ?? "name"
        let isDescending = Bool.random(using: &random)
        let fields = Array(names.shuffled(using: &random).prefix(Int.random(in: 1...6, using: &random)))
        let showsAll = Bool.random(using: &random)
        query += ["sort=\(isDescending ? "-" : "")\(sort)", "fields=\(fields.joined(separator: ","))", "totals=true"]
        query += conditions.map { QueryParameters([.init(name: "where", value: $0.text)]).encoded }
        if showsAll { query.append("status=ALL") }
        let limit = Bool.random(using: &random) ? Int.random(in: 1...9, using: &random) : nil
        return Question(
            query: query.shuffled(using: &random),
            fields: fields,
            days: texts,
            compared: compared,
            conditions: conditions,
            sort: sort,
            isDescending: isDescending,
            showsAll: showsAll,
            limit: limit
        )
    }

    private func range(_ random: inout some RandomNumberGenerator) -> ([Day]?, [String]) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return (nil, [])
        case 1: return ((1...7).reversed().map { today + -$0 }, ["range=last_7d"])
        case 2: return ((0..<14).reversed().map { today + -$0 }, ["range=last_14d", "includeToday=true"])
        default:
            let until = Int.random(in: 0...55, using: &random)
            let since = until + Int.random(in: 0...12, using: &random)
            return (
                (until...since).reversed().map { today + -$0 }, ["from=\(today + -since)", "to=\(today + -until)"]
            )
        }
    }

    /// A condition on any field. Its value is often one that a row has.
    private func condition(
        _ table: SlowTable,
        _ days: [String]?,
        _ random: inout some RandomNumberGenerator
    ) -> SlowTable.Condition {
        let fields = table.fields.filter { $0.name != "date_start" && $0.name != "date_end" }
        guard let field = fields.randomElement(using: &random), let row = table.rows.randomElement(using: &random)
        else {
            preconditionFailure("no fields")
        }
        let numeric = ["=", "!=", "<", "<=", ">", ">="]
        let (operators, value): ([String], String) =
            switch (table.value(field.name, of: row, over: days), field.kind) {
            case (.unknown, _): (["=", "!="], "null")
            case (.number(let number), _): (numeric, "\(number)")
            case (.text(let time), "time"): (numeric, Bool.random(using: &random) ? time : String(time.prefix(10)))
            case (.text(let text), _):
                (["=", "!=", "~"], Bool.random(using: &random) ? text.uppercased() : String(text.suffix(3)))
            }
        let trimmed = value.trimmingCharacters(in: .whitespaces)
        return SlowTable.Condition(
            field: field.name,
            comparison: operators.randomElement(using: &random) ?? "=",
            value: trimmed.isEmpty ? "x" : trimmed
        )
    }

    private func sumDays(_ most: Int = .max) throws {
        var days = 0
        while days < most, try bench.sample.store.sumDay() { days += 1 }
        try #require(days > 9)
    }

    // MARK: Comparing

    @Test("random questions are answered as a slow calculation answers them", arguments: TableRoute.all, 0..<3)
    func questions(_ route: TableRoute, seed: Int) throws {
        var table = try read(route)
        var random = Seeded(state: UInt64(seed + 1))
        var (hits, lasts) = (0, 0)
        for number in 0..<120 {
            // The first questions are asked without running sums, the last ones with those of all days.
            if number == 40 { try sumDays(12) }
            if number == 80 { try sumDays() }
            // The last questions are those of an account that counts something else.
            if number == 90 {
                table.event = ["add_to_cart", "leads", "video_p50"][seed]
                let event = try #require(ConversionEvent(table.event ?? ""))
                #expect(try bench.sample.store.setConversionEvent(event, of: bench.sample.account))
            }
            let question = question(table, &random)
            let met = table.rows.filter { row in
                question.conditions.allSatisfy { table.holds($0, for: row, over: question.days) }
            }
            let (gone, current) = (met.filter(isGone), met.filter { !isGone($0) })
            let wanted = table.sorted(
                question.showsAll ? met : current,
                by: question.sort,
                isDescending: question.isDescending,
                over: question.days
            )
            let answer = try ask(route, question)
            #expect(answer.rows.map { $0["id"].string } == wanted.map(\.id), "\(question.query)")
            guard answer.rows.count == wanted.count else { continue }
            for (row, own) in zip(answer.rows, wanted) {
                for name in question.fields {
                    let value = table.value(name, of: own, over: question.days)
                    #expect(SlowTable.Value(row[name]) == value, "\(name) of \(own.id): \(question.query)")
                }
                #expect(matches(row["previous"], question, table) { table.value($0, of: own, over: $1) })
            }
            for name in question.fields where table.field(name).isMetric {
                let total = table.total(name, of: wanted, over: question.days)
                #expect(SlowTable.Value(answer.totals[name]) == total, "\(name) of all: \(question.query)")
            }
            #expect(matches(answer.totals["previous"], question, table) { table.total($0, of: wanted, over: $1) })
            let hidden = question.showsAll ? [] : gone
            #expect(answer.hidden["rows"].integer == hidden.count)
            #expect(SlowTable.Value(answer.hidden["spend"]) == table.total("spend", of: hidden, over: question.days))
            hits += wanted.isEmpty ? 0 : 1
            lasts += wanted.count < table.rows.count ? 1 : 0
        }
        // Neither all questions find nothing, nor all find everything.
        #expect(hits > 30 && lasts > 30)
    }

    /// Whether `previous` has the metrics that were asked for, and their values over the compared days.
    private func matches(
        _ previous: JSON,
        _ question: Question,
        _ table: SlowTable,
        _ value: (String, [String]) -> SlowTable.Value
    ) -> Bool {
        guard let compared = question.compared else { return previous.isMissing }
        let names = question.fields.filter { table.field($0).isMetric }
        return previous.names == Set(names) && names.allSatisfy { SlowTable.Value(previous[$0]) == value($0, compared) }
    }

    private func isGone(_ row: SlowTable.Row) -> Bool {
        ["status", "effective_status"].contains { name in
            ["DELETED", "ARCHIVED"].contains(row.values[name]?.string)
        }
    }

    /// All pages of the answer. The totals are those of the last one.
    private func ask(_ route: TableRoute, _ question: Question) throws -> (rows: [JSON], totals: JSON, hidden: JSON) {
        var rows: [JSON] = []
        var query = (["adAccountId=\(bench.id)"] + question.query).joined(separator: "&")
        if let limit = question.limit { query += "&limit=\(limit)" }
        var cursor = ""
        while true {
            let response = bench.get(route.path, "\(query)&cursor=\(cursor)")
            try #require(response.status == 200, "\(query): \(response.text)")
            let json = response.json
            rows += json[route.member].list
            guard let next = json["paging"]["next"].string, rows.count < 1000 else {
                return (rows, json["totals"], json["hidden"])
            }
            cursor = next
        }
    }
}

/// The generator of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators".
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
