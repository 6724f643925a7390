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

/// The SELECTs of the totals of a table's rows.
struct TotalsSQL {
    private let question: TableQuestion
    private let sums: [Sum]
    /// The periods whose results by goal are added up, too.
    private let byGoal: [Period]
    private let isRanged: Bool

    init(_ question: TableQuestion) {
        self.question = question
        let periods = question.periods.map(\.0)
        let isRanged = question.days != nil
        self.isRanged = isRanged
        sums = periods.flatMap { period in
            question.metrics(period).map { metric in
                Sum(
                    column: "\(period.prefix)\(metric.column)",
                    value: isRanged ? period.value(metric) : "t.\(metric.column)",
                    isHeld: isRanged ? "(SELECT is_held FROM \(period.heldDays))" : "true"
                )
            }
                + question.conversions(period).map { id in
                    Sum(
                        column: "\(period.prefix)\(CustomSums.column(id))",
                        value: isRanged ? period.value(CustomSums.column(id)) : CustomSums.stored(id),
                        isHeld: isRanged ? "(SELECT is_held FROM \(period.heldDays))" : "true"
                    )
                }
        }
        byGoal = periods.filter(question.hasResults)
    }

    /// What a row has to be added up, as columns.
    var values: [String] {
        let parts = byGoal.flatMap { period in
            Metric.resultParts.map { part in
                let value = isRanged ? period.resultPart(part) : "t.\(part.column)"
                return "\(value) AS \(period.prefix)\(part.column)"
            }
        }
        return sums.map { "\($0.value) AS \($0.column)" } + parts
    }

    /// The sums of all rows, as a table `s` of one row. A sum with an unknown value in it is unknown.
    /// - Parameter rows: a table that has `values` and `is_listed`: whether a row is one of the answer's. The others are hidden.
    func source(of rows: String) -> String {
        let hiddenSpend = sums.first { $0.column == Metric.spend.column }
        let results = byGoal.map { period in
            let isHeld = isRanged ? "(SELECT is_held FROM \(period.heldDays))" : "true"
            return "(\(ResultSums.sql(of: "\(rows) r WHERE r.is_listed", by: nil, "r", period, ifNone: isHeld)))"
        }
        let tables = results.enumerated().map { "CROSS JOIN \($1) x\($0)" }.joined(separator: "\n")
        return """
            (SELECT * FROM (
                SELECT \(sums.map { "\($0.sql(of: "r.is_listed")) AS \($0.column)" }.joined(separator: ",\n    ")),
                       count(*) FILTER (WHERE NOT r.is_listed) AS hidden_rows,
                       \(hiddenSpend?.sql(of: "NOT r.is_listed") ?? "NULL") AS hidden_spend
                FROM \(rows) r
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
