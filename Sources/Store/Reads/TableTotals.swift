internal import Model

/// What all rows of a question have together, on whichever page they are.
package struct TableTotals: Sendable, Equatable {
    /// By name, in the columns' order, as PostgreSQL writes numbers; `nil` for what is unknown or undefined.
    package let metrics: [(name: String, value: String?)]
    /// The same over the days that they are compared with; `nil` without a comparison.
    package let previous: [(name: String, value: String?)]?
    /// Rows that the default status filter leaves out; `nil` if the rows are days.
    package let hiddenRows: String?
    /// What they spent.
    package let hiddenSpend: String?
    /// What the account as a whole spent on the same days; `nil` when that is unknown.
    package let accountSpend: String?

    package static func == (one: TableTotals, other: TableTotals) -> Bool {
        one.metrics.elementsEqual(other.metrics) { $0 == $1 }
            && (one.previous ?? []).elementsEqual(other.previous ?? []) { $0 == $1 }
            && one.hiddenRows == other.hiddenRows && one.hiddenSpend == other.hiddenSpend
            && one.accountSpend == other.accountSpend
    }
}

extension TableTotals {
    /// The sums of all rows, as a table `s` of one row. A sum with an unknown value in it is unknown.
    /// - Parameters:
    ///   - listed: whether a row is one of the answer's; the others are hidden.
    ///   - conditions: the rows, those that are hidden included.
    static func source(_ question: TableQuestion, from: String, listed: String, where conditions: [String]) -> String {
        let sums = question.periods.flatMap { period, _ in
            question.metrics(period).map { metric in
                Sum(
                    column: "\(period.prefix)\(metric.column)",
                    value: question.days == nil ? "t.\(metric.column)" : period.value(metric),
                    isHeld: question.days == nil ? "true" : "(SELECT is_held FROM \(period.heldDays))"
                )
            }
        }
        let hiddenSpend = sums.first { $0.column == Metric.spend.column }
        return """
            (SELECT \(sums.map { "\($0.sql(of: "r.is_listed")) AS \($0.column)" }.joined(separator: ",\n    ")),
                    count(*) FILTER (WHERE NOT r.is_listed) AS hidden_rows,
                    \(hiddenSpend?.sql(of: "NOT r.is_listed") ?? "NULL") AS hidden_spend
             FROM (
                SELECT \(sums.map { "\($0.value) AS \($0.column)" }.joined(separator: ", ")), \(listed) AS is_listed
                FROM \(from)
                WHERE \(conditions.joined(separator: "\n  AND "))
             ) r) s
            """
    }

    /// A column that is added up.
    private struct Sum {
        let column: String
        /// The value of a row.
        let value: String
        /// Whether the sum of no rows is known to be zero.
        let isHeld: String

        func sql(of rows: String) -> String {
            """
            CASE WHEN \(isHeld) AND count(*) FILTER (WHERE \(rows)) = count(r.\(column)) FILTER (WHERE \(rows))
                 THEN coalesce(sum(r.\(column)) FILTER (WHERE \(rows)), 0) END
            """
        }
    }
}
