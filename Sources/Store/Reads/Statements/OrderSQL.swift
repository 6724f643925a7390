internal import Model

/// How the rows are put in order: by a value, and rows of the same value by id.
///
/// A cost is infinite when money was spent without a result. Without spend, or when a part of it is unknown, there is no
/// cost, and the row comes last.
struct OrderSQL {
    /// Of which PostgreSQL type its text is.
    private let type: String
    private(set) var value: String
    private var id: String
    private let isDescending: Bool
    /// As the indexes of the newest have it. Everywhere else rows without a value come last.
    private let hasNullsFirst: Bool

    /// The order of rows by a column that has no other form.
    init(_ column: AnswerColumn?, id: String, isDescending: Bool) {
        let sql = column?.sql ?? "NULL::text"
        let isNumber = column?.kind == .number
        type = isNumber ? "numeric" : "text"
        value = isNumber ? sql : "(\(sql))::text COLLATE \"C\""
        self.id = id
        self.isDescending = isDescending
        hasNullsFirst = false
    }

    init(_ question: TableQuestion) {
        let column = question.column(question.order.column)
        let sql = column.map(question.value) ?? "NULL::text"
        switch column?.kind {
        case .number:
            type = "numeric"
            value = column.flatMap { Self.cost($0, sql, isRanged: question.days != nil) } ?? sql
        case .timestamp:
            type = "timestamptz"
            value = sql
        default:
            type = "text"
            // Names as people sort them; ids and words as they are.
            let isName = column?.name.hasSuffix("name") ?? false
            value = isName ? "\(FoldedText.sql(sql)) COLLATE \"C\"" : "\(sql) COLLATE \"C\""
        }
        id = "t.\(question.table.key)"
        isDescending = question.order.isDescending
        hasNullsFirst = question.order == .newestFirst
    }

    /// - Returns: `nil` for a column that is no cost.
    private static func cost(_ column: AnswerColumn, _ sql: String, isRanged: Bool) -> String? {
        guard let divisor = column.costDivisor else { return nil }
        let results = isRanged ? "m.\(divisor.column)" : divisor.stored
        let spend = "\(isRanged ? "m" : "t").\(Metric.spend.column)"
        return "CASE WHEN \(results) = 0 AND \(spend) > 0 THEN 'Infinity'::numeric ELSE \(sql) END"
    }

    /// The same order of rows that have been found before, and have its value and their id as columns.
    func found(value: String, id: String) -> OrderSQL {
        var order = self
        (order.value, order.id) = (value, id)
        return order
    }

    var clause: String {
        let direction = isDescending ? "DESC" : "ASC"
        return "\(value) \(direction) NULLS \(hasNullsFirst ? "FIRST" : "LAST"), \(id) \(direction)"
    }

    /// Which rows come after the position.
    func condition(after position: Position?, _ values: inout Values) -> String? {
        guard let position else { return nil }
        let follows = isDescending ? "<" : ">"
        let last = values.add(position.id, "text")
        guard let text = position.value else {
            let among = "\(value) IS NULL AND \(id) \(follows) \(last)"
            return hasNullsFirst ? "(\(among) OR \(value) IS NOT NULL)" : "(\(among))"
        }
        let behind = "(\(value), \(id)) \(follows) (\(values.add(text, type)), \(last))"
        return hasNullsFirst ? behind : "(\(behind) OR \(value) IS NULL)"
    }
}
