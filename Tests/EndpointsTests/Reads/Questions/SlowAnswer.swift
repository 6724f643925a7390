import Foundation
import TestSupport

/// An account's objects of one level, as plain requests return them, and what a question about them has to return.
struct SlowTable {
    /// A field as `GET /api/fields` has it.
    struct Field {
        let name: String
        let kind: String
        let isMetric: Bool
        let isAdditive: Bool
        let formula: (dividend: String, factor: Decimal, divisor: String)?
    }

    struct Row {
        let id: String
        /// Of the plain answer without a range.
        let values: [String: JSON]
        /// By day and metric; no entry for a day that is not held.
        let days: [String: [String: Decimal?]]
        /// Facebook's own results by goal: those of the plain answer, and by day those of each ad.
        let goals: GoalSum
        let goalDays: [String: [[String: Decimal]]]
    }

    let fields: [Field]
    let rows: [Row]
    let timeZone: TimeZone
    /// The field that the account counts as conversions; `nil` for purchases, which the rows have.
    var event: String?

    /// A value of a row: a number, a text, or nothing.
    enum Value: Equatable {
        case unknown
        case number(Decimal)
        case text(String)

        init(_ json: JSON) {
            if let number = json.decimal {
                self = .number(number)
            } else {
                self = json.string.map { .text($0) } ?? .unknown
            }
        }

        var number: Decimal? { if case .number(let number) = self { number } else { nil } }
        var text: String? { if case .text(let text) = self { text } else { nil } }
    }

    func field(_ name: String) -> Field {
        guard let field = fields.first(where: { $0.name == name }) else { preconditionFailure("no field \(name)") }
        return field
    }

    // MARK: Values

    /// A row's value, stored or summed over days.
    func value(_ name: String, of row: Row, over days: [String]?) -> Value {
        if let event {
            switch name {
            case "conversions": return value(event, of: row, over: days)
            case "conversion_value", "roas": return .unknown
            default: break
            }
        }
        if let part = goalParts[name] { return goals(of: row, over: days).map(part) ?? .unknown }
        let field = field(name)
        guard field.isMetric else {
            // Facebook ranks ads over its last 30 days only.
            if days != nil, name.hasSuffix("_ranking") { return .unknown }
            return row.values[name].map { Value($0) } ?? .unknown
        }
        if let formula = field.formula {
            return ratio(
                formula,
                value(formula.dividend, of: row, over: days).number,
                value(formula.divisor, of: row, over: days).number
            )
        }
        guard let days else { return row.values[name].map { Value($0) } ?? .unknown }
        guard field.isAdditive else { return .unknown }
        let held = days.compactMap { row.days[$0] }
        return sum(held.map { $0[name] ?? nil }, isHeld: !held.isEmpty)
    }

    /// What rows have together.
    func total(_ name: String, of rows: [Row], over days: [String]?) -> Value {
        if let event {
            switch name {
            case "conversions": return total(event, of: rows, over: days)
            case "conversion_value", "roas": return .unknown
            default: break
            }
        }
        if let part = goalParts[name] {
            guard isHeld(days) else { return .unknown }
            let all = rows.map { goals(of: $0, over: days) }
            return all.contains { $0 == nil } ? .unknown : part(GoalSum(all.compactMap(\.self)))
        }
        let field = field(name)
        if let formula = field.formula {
            return ratio(
                formula,
                total(formula.dividend, of: rows, over: days).number,
                total(formula.divisor, of: rows, over: days).number
            )
        }
        guard field.isAdditive else { return .unknown }
        return sum(rows.map { value(name, of: $0, over: days).number }, isHeld: isHeld(days))
    }

    /// Whether any of the days is held.
    private func isHeld(_ days: [String]?) -> Bool {
        days.map { days in rows.contains { row in days.contains { row.days[$0] != nil } } } ?? true
    }

    private let goalParts: [String: (GoalSum) -> Value] = [
        "results": { $0.number.map { .number($0) } ?? .unknown },
        "result_type": { $0.words.map { .text($0) } ?? .unknown },
    ]

    /// - Returns: `nil` if no day is held.
    private func goals(of row: Row, over days: [String]?) -> GoalSum? {
        guard let days else { return row.goals }
        let held = days.filter { row.days[$0] != nil }
        return held.isEmpty ? nil : GoalSum(held.flatMap { row.goalDays[$0] ?? [] })
    }

    private func sum(_ values: [Decimal?], isHeld: Bool) -> Value {
        guard isHeld, !values.contains(nil) else { return .unknown }
        return .number(values.compactMap(\.self).reduce(0, +))
    }

    private func ratio(
        _ formula: (dividend: String, factor: Decimal, divisor: String),
        _ dividend: Decimal?,
        _ divisor: Decimal?
    ) -> Value {
        guard let dividend, let divisor, divisor != 0 else { return .unknown }
        var (exact, rounded) = (dividend * formula.factor / divisor, Decimal())
        NSDecimalRound(&rounded, &exact, 6, .plain)
        return .number(rounded)
    }

    // MARK: Conditions

    struct Condition {
        let field: String
        let comparison: String
        /// `null`, a number, a text, a day or a time.
        let value: String

        var text: String { field + comparison + value }
    }

    func holds(_ condition: Condition, for row: Row, over days: [String]?) -> Bool {
        let own = value(condition.field, of: row, over: days)
        if condition.value == "null", condition.comparison != "~" {
            return (own == .unknown) == (condition.comparison == "=")
        }
        switch (own, field(condition.field).kind) {
        case (.unknown, _): return false
        case (.number(let number), _):
            guard let other = Decimal(string: condition.value) else {
                preconditionFailure("no number: \(condition.value)")
            }
            return compares(number, condition.comparison, other)
        case (.text(let time), "time"):
            if condition.value.contains("T") { return compares(time, condition.comparison, condition.value) }
            return compares(day(time), condition.comparison, condition.value)
        case (.text(let text), _):
            let (own, other) = (text.lowercased(), condition.value.lowercased())
            return condition.comparison == "~" ? own.contains(other) : compares(own, condition.comparison, other)
        }
    }

    private func compares<Value: Comparable>(_ one: Value, _ comparison: String, _ other: Value) -> Bool {
        switch comparison {
        case "=": one == other
        case "!=": one != other
        case "<": one < other
        case "<=": one <= other
        case ">": one > other
        case ">=": one >= other
        default: preconditionFailure("no comparison: \(comparison)")
        }
    }

    /// The day of a time in the account's time zone.
    private func day(_ time: String) -> String {
        guard let date = try? Date(time, strategy: .iso8601) else { return time }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
    }

    // MARK: Order

    /// The rows in an order: those without a value last, equal ones by id.
    func sorted(_ rows: [Row], by name: String, isDescending: Bool, over days: [String]?) -> [Row] {
        let isName = name.hasSuffix("name")
        let keyed = rows.map { row -> (row: Row, number: Decimal?, text: [UInt8]?) in
            let own = value(name, of: row, over: days)
            let text = own.text.map { Array((isName ? $0.lowercased() : $0).utf8) }
            return (row, own.number ?? infiniteCost(name, of: row, over: days), text)
        }
        let ordered = keyed.sorted { one, other in
            let (isKnown, isOtherKnown) = (
                one.number != nil || one.text != nil, other.number != nil || other.text != nil
            )
            guard isKnown == isOtherKnown else { return isKnown }
            let (first, second) = isDescending ? (other, one) : (one, other)
            if let left = first.number, let right = second.number, left != right { return left < right }
            if let left = first.text, let right = second.text, left != right {
                return left.lexicographicallyPrecedes(right)
            }
            return first.row.id.utf8.lexicographicallyPrecedes(second.row.id.utf8)
        }
        return ordered.map(\.row)
    }

    /// A cost without results is the highest if money was spent.
    private func infiniteCost(_ name: String, of row: Row, over days: [String]?) -> Decimal? {
        guard let formula = field(name).formula, formula.dividend == "spend",
            value(formula.divisor, of: row, over: days).number == 0,
            let spend = value("spend", of: row, over: days).number, spend > 0
        else { return nil }
        return Decimal(sign: .plus, exponent: 100, significand: 1)
    }
}

extension JSON {
    /// The exact number in the JSON; `nil` for everything else.
    var decimal: Decimal? { number.flatMap { Decimal(string: "\($0)") } }
}
