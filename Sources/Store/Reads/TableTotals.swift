internal import Model

/// What all rows of a question have together, on whichever page they are.
package struct TableTotals: Sendable, Equatable {
    /// A value as PostgreSQL writes it; `nil` for what is unknown or undefined.
    package struct Metric: Sendable, Equatable {
        package let name: String
        package let value: String?
        package let isText: Bool
    }

    /// In the columns' order.
    package let metrics: [Metric]
    /// The same over the days that they are compared with; `nil` without a comparison.
    package let previous: [Metric]?
    /// Rows that the default status filter leaves out; `nil` if the rows are days.
    package let hiddenRows: String?
    /// What they spent.
    package let hiddenSpend: String?
    /// What the account as a whole spent on the same days; `nil` when that is unknown.
    package let accountSpend: String?
}

extension TableTotals {
    /// The sums of all rows, as a table `s` of one row. A sum with an unknown value in it is unknown.
    /// - Parameters:
    ///   - listed: whether a row is one of the answer's; the others are hidden.
    ///   - conditions: the rows, those that are hidden included.
    static func source(_ question: TableQuestion, from: String, listed: String, where conditions: [String]) -> String {
        let periods = question.periods.map(\.0)
        let isRanged = question.days != nil
        let sums = periods.flatMap { period in
            question.metrics(period).map { metric in
                Sum(
                    column: "\(period.prefix)\(metric.column)",
                    value: isRanged ? period.value(metric) : "t.\(metric.column)",
                    isHeld: isRanged ? "(SELECT is_held FROM \(period.heldDays))" : "true"
                )
            }
        }
        let hiddenSpend = sums.first { $0.column == Model.Metric.spend.column }
        let byGoal = periods.filter(question.hasResults)
        let parts = byGoal.flatMap { period in
            Model.Metric.resultParts.map { part in
                let value = isRanged ? period.resultPart(part) : "t.\(part.column)"
                return "\(value) AS \(period.prefix)\(part.column)"
            }
        }
        let results = byGoal.map { period in
            let isHeld = isRanged ? "(SELECT is_held FROM \(period.heldDays))" : "true"
            return "(\(ResultSums.sql(of: "r WHERE r.is_listed", by: nil, "r", period, ifNone: isHeld)))"
        }
        let tables = results.enumerated().map { "CROSS JOIN \($1) x\($0)" }.joined(separator: "\n")
        return """
            (WITH r AS \(results.isEmpty ? "" : "MATERIALIZED") (
                SELECT \((sums.map { "\($0.value) AS \($0.column)" } + parts).joined(separator: ", ")),
                       \(listed) AS is_listed
                FROM \(from)
                WHERE \(conditions.joined(separator: "\n  AND "))
             )
             SELECT * FROM (
                SELECT \(sums.map { "\($0.sql(of: "r.is_listed")) AS \($0.column)" }.joined(separator: ",\n    ")),
                       count(*) FILTER (WHERE NOT r.is_listed) AS hidden_rows,
                       \(hiddenSpend?.sql(of: "NOT r.is_listed") ?? "NULL") AS hidden_spend
                FROM r
             ) q
             \(tables)) s
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
