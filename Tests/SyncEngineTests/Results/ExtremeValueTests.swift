import Foundation
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import SyncEngine
import TestSupport
import Testing

/// Every value that is read from Facebook must fit into PostgreSQL's columns.
@Suite struct ExtremeValueTests {
    let sample: Sample

    init() throws {
        sample = try Sample()
        sample.settings.historyBudget = 300
    }

    private var connection: Connection { sample.database.connect() }

    @Test("values at the accepted limits are stored unchanged, and values beyond them are unknown")
    func extremes() throws {
        let extremes = Extremes()
        for _ in 0..<3 {
            #expect(try sample.sync(changing: extremes.change) == .done)
            for (column, expected) in extremes.expected {
                let stored = try connection.rows(
                    """
                    SELECT \(raw: column.key), \(raw: column.name)::text FROM \(raw: column.table)
                    WHERE \(raw: column.key) = ANY (string_to_array(\(expected.keys.joined(separator: ",")), ','))
                    """
                ) { (try $0.text(0), $0.optionalText(1)) }
                #expect(stored.count == expected.count, "\(column)")
                for (id, value) in stored {
                    let wanted = expected[id] ?? nil
                    #expect(value == wanted, "\(column) of \(id): \(value?.prefix(60) ?? "NULL")")
                }
            }
            #expect(try connection.text("SELECT max(spent)::text FROM insights_daily") == Extremes.mostMoney)
            #expect(try connection.integer("SELECT max(impressions) FROM insights_daily") == Extremes.mostCount)
            #expect(try connection.text("SELECT max(spent)::text FROM insights_days") == Extremes.mostMoney)
            try sample.pass(600, movesClock: false)
            extremes.shift += 1
        }
        // The extremes did occur.
        #expect(extremes.polls > 0 && extremes.totals > 5)
        let seen = Set(extremes.expected.flatMap { $0.value.values.map { $0 ?? "NULL" } })
        #expect(seen.isSuperset(of: [Extremes.mostMoney, "\(Extremes.mostCount)", "9999-12-31 23:59:59+00", "NULL"]))
    }

    @Test("a run with any value in any field of any row commits, and a sync without damage corrects everything")
    func anyValue() throws {
        #expect(try sample.sync() == .done)
        let clean = try sample.contents()
        for shift in 0..<5 {
            let damage = AnyDamage(shift: shift)
            let damaged = sample.changed(damage.change)
            let send = { (request: HTTPRequest) throws -> HTTPResponse in
                var response = try damaged(request)
                response.body = damage.written(response.body)
                return response
            }
            let outcome = try sample.sync(client: { [sample] in sample.client(send: send) })
            #expect(outcome == .done)
            #expect(damage.rows > 200)
            try sample.pass(600, movesClock: false)
        }
        let wrong = "spent < 0 OR impressions < 0 OR clicks < 0 OR conversions < 0"
        #expect(try connection.integer("SELECT count(*) FROM insights_daily WHERE \(raw: wrong)") == 0)
        #expect(try sample.sync() == .done)
        #expect(try sample.contents() == clean)
    }
}

/// Changes rows so that each field takes each of its extremes in turn, and knows the value to store for each.
private final class Extremes {
    struct Column: Hashable {
        let table: String
        let key: String
        let name: String
    }

    static let mostMoney = "9223372036854.775807"
    static let mostCount = 1_000_000_000_000_000
    var shift = 0
    /// The value of each object, as PostgreSQL writes it.
    private(set) var expected: [Column: [String: String?]] = [:]
    private(set) var polls = 0
    private(set) var totals = 0

    /// The value as Facebook sends it and as PostgreSQL writes it; `nil` is unknown.
    private static let times: [(String, String?)] = [
        ("0001-01-01T00:00:00+0000", "0001-01-01 00:00:00+00"), ("0001-01-01T00:00:00+0100", nil),
        ("9999-12-31T23:59:59+0000", "9999-12-31 23:59:59+00"), ("9999-12-31T23:59:59-0100", nil),
        ("1969-12-31T23:59:59Z", "1969-12-31 23:59:59+00"),
    ]
    private static let budgets: [(String, String?)] = [
        ("922337203685477", "9223372036854.77"), ("922337203685478", nil), ("1", "0.01"),
        ("9223372036854775808", nil), ("1e3", "10"),
    ]
    private static let money: [(String, String?)] = [
        (mostMoney, mostMoney), ("9223372036854.775808", nil), ("0.000001", "0.000001"), ("0", "0"), ("1e99", nil),
    ]
    private static let counts: [(String, String?)] = [
        ("\(mostCount)", "\(mostCount)"), ("\(mostCount + 1)", nil), ("0", "0"), ("9223372036854775808", nil),
    ]
    private static let long = String((0..<9000).map { "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"[$0 * $0 % 7919 % 27] })
    private static let words: [(String, String?)] = [(long, long), ("ÄÖ_🚀", "ÄÖ_🚀"), ("\u{0}X", nil), ("", nil)]
    private static let rocket = String(repeating: "🚀", count: 3000)
    private static let names: [(String, String?)] = [
        (rocket, rocket), ("a\u{0}b", "a\u{FFFD}b"), ("\\N\t\n\\.", "\\N\t\n\\."), ("", ""),
        ("\u{FFFF}\u{10FFFF}", "\u{FFFF}\u{10FFFF}"),
    ]
    private static let objects: [String: (column: String, values: [(String, String?)])] = [
        "created_time": ("created_at", times), "updated_time": ("updated_at", times),
        "start_time": ("starts_at", times), "stop_time": ("ends_at", times), "end_time": ("ends_at", times),
        "daily_budget": ("daily_budget", budgets), "lifetime_budget": ("lifetime_budget", budgets),
        "bid_amount": ("bid_amount", budgets), "objective": ("objective", words),
        "bid_strategy": ("bid_strategy", words), "optimization_goal": ("optimization_goal", words),
        "status": ("status", words), "effective_status": ("effective_status", words), "name": ("name", names),
    ]
    private static let results: [String: (column: String, values: [(String, String?)])] = [
        "spend": ("spent", money), "frequency": ("frequency", money), "impressions": ("impressions", counts),
        "unique_clicks": ("unique_clicks", counts),
        "clicks": ("clicks", counts), "reach": ("reach", counts), "inline_link_clicks": ("link_clicks", counts),
    ]
    private static let tables = [
        "campaign": ("campaigns", "facebook_campaign_id"), "adset": ("ad_groups", "facebook_ad_set_id"),
        "ad": ("creatives", "facebook_ad_id"),
    ]

    func change(_ path: Substring, _ query: QueryParameters?, _ object: inout [String: Any]) {
        if object["async_status"] != nil {
            object["async_percent_completion"] = 3_000_000_000
            polls += 1
        }
        if let summary = object["summary"] as? [String: Any], summary["total_count"] != nil {
            object["summary"] = ["total_count": 3_000_000_000]
            totals += 1
        }
        guard let rows = object["data"] as? [[String: Any]] else {
            if object["account_id"] != nil, object["currency"] != nil { object["name"] = Self.rocket }
            return
        }
        if let level = ["campaign", "adset", "ad"].first(where: { path.hasSuffix("/\($0)s") }) {
            object["data"] = rows.map { changed($0, Self.objects, level, $0["id"] as? String) }
        } else if path.hasSuffix("/insights") {
            // A report is read without a query, and contains days.
            let level = query?["level"] ?? ""
            let isTotals = Self.tables[level] != nil && query?["time_increment"] == nil
            object["data"] = rows.map { row in
                changed(row, Self.results, level, isTotals ? row["\(level)_id"] as? String : nil)
            }
        }
    }

    /// - Parameter id: the id of the object with the row's values; `nil` if they are not checked one by one.
    private func changed(
        _ row: [String: Any],
        _ fields: [String: (column: String, values: [(String, String?)])],
        _ level: String,
        _ id: String?
    ) -> [String: Any] {
        var row = row
        let name = id ?? "\(row["ad_id"] ?? "") \(row["date_start"] ?? "")"
        let place = Int(name.utf8.reduce(UInt32(17)) { $0 &* 31 &+ UInt32($1) } % 1009)
        for (field, extreme) in fields where row[field] != nil {
            let number = (place + shift + field.utf8.reduce(0) { $0 + Int($1) }) % extreme.values.count
            let (wire, stored) = extreme.values[number]
            row[field] = wire
            guard let id, let (table, key) = Self.tables[level] else { continue }
            let column = Column(table: table, key: key, name: extreme.column)
            // Objects keep the last good value, and have none at first. Metrics are unknown.
            let isMetric = Self.results[field] != nil
            let before = expected[column]?[id] ?? (field.hasSuffix("status") ? "UNKNOWN" : nil)
            expected[column, default: [:]][id] = .some(stored ?? (isMetric ? nil : before))
        }
        if row["actions"] != nil {
            row["actions"] = [["action_type": "omni_purchase", "value": Self.mostMoney]]
            row["action_values"] = [["action_type": "omni_purchase", "value": Self.mostMoney]]
        }
        return row
    }
}

extension String {
    fileprivate subscript(place: Int) -> Character { self[index(startIndex, offsetBy: place)] }
}

/// Puts one value into one field of each row, so that after some time each field has had each value.
private final class AnyDamage {
    /// As they occur in the body. `\ud800` is half a pair.
    private static let values = [
        "null", "true", "0", "-1", "1e400", #""""#, #""x""#, #""\ud800""#, "[]", "{}", "[[null]]",
        String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000),
        String(repeating: "9", count: 1000), "\"" + String(repeating: "long", count: 1 << 12) + "\"", "NaN",
        #""\u0000""#, #""0001-01-01T00:00:00+0100""#, "9223372036854775808", #""9223372036854775807""#,
    ]
    /// The last values: these are ids of other objects.
    private static let ids = 2
    private let shift: Int
    private(set) var rows = 0

    init(shift: Int) {
        self.shift = shift
    }

    func change(_ path: Substring, _ query: QueryParameters?, _ object: inout [String: Any]) {
        if let rows = object["data"] as? [[String: Any]] {
            object["data"] = rows.map(damaged)
        } else if object["account_id"] != nil {
            object = damaged(object)
        }
    }

    private func damaged(_ row: [String: Any]) -> [String: Any] {
        rows += 1
        var row = row
        let fields = row.keys.sorted()
        let field = fields[(rows + shift) % fields.count]
        let count = Self.values.count - (field.hasSuffix("id") ? Self.ids : 0)
        let mark = "(value \((rows / fields.count + rows + shift * 7) % count))"
        if var entries = row[field] as? [[String: Any]], !entries.isEmpty, rows % 2 == 0 {
            let place = rows % entries.count
            entries[place][rows % 4 == 0 ? "value" : "action_type"] = mark
            row[field] = entries
        } else {
            row[field] = mark
        }
        return row
    }

    /// The body with the values in place of their marks.
    func written(_ body: [UInt8]) -> [UInt8] {
        var text = String(decoding: body, as: UTF8.self)
        for (number, value) in Self.values.enumerated() {
            text = text.replacingOccurrences(of: "\"(value \(number))\"", with: value)
        }
        return Array(text.utf8)
    }
}
