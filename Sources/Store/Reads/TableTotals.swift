internal import Model

/// What all rows of a table's question have together, on whichever page they are.
package struct TableTotals: Sendable, Equatable {
    /// By name, in the columns' order, as PostgreSQL writes numbers; `nil` for what is unknown or undefined.
    package let metrics: [(name: String, value: String?)]
    /// Rows that the default status filter leaves out.
    package let hiddenRows: String
    /// What they spent.
    package let hiddenSpend: String?
    /// What the account as a whole spent on the same days; `nil` when that is unknown.
    package let accountSpend: String?

    package static func == (one: TableTotals, other: TableTotals) -> Bool {
        one.metrics.elementsEqual(other.metrics) { $0 == $1 } && one.hiddenRows == other.hiddenRows
            && one.hiddenSpend == other.hiddenSpend && one.accountSpend == other.accountSpend
    }
}

extension TableTotals {
    /// A sum of days, as a column: zero for a row that had nothing, NULL when no day is held, or when a part is unknown.
    static func ranged(_ column: String) -> String {
        """
        trim_scale(CASE WHEN NOT held_days.is_held THEN NULL WHEN m.id IS NOT NULL THEN m.\(column)
            WHEN t.facebook_campaign_id = ANY (held_days.missing) OR cardinality(held_days.lacking) > 0 THEN NULL
            ELSE 0 END)
        """
    }

    /// The sums of all rows, as a table `s` of one row. A sum with an unknown value in it is unknown.
    /// - Parameters:
    ///   - listed: whether a row is one of the answer's; the others are hidden.
    ///   - conditions: the rows, those that are hidden included.
    static func source(_ question: TableQuestion, from: String, listed: String, where conditions: [String]) -> String {
        let isRanged = question.days != nil
        let sums = question.metrics.map(\.column)
        let values = sums.map { "\(isRanged ? ranged($0) : "t.\($0)") AS \($0)" }
        let known = isRanged ? "(SELECT is_held FROM held_days) AND " : ""
        let sum = { (column: String, rows: String) in
            """
            CASE WHEN \(known)count(*) FILTER (WHERE \(rows)) = count(r.\(column)) FILTER (WHERE \(rows))
                 THEN coalesce(sum(r.\(column)) FILTER (WHERE \(rows)), 0) END
            """
        }
        return """
            (SELECT \(sums.map { "\(sum($0, "r.is_listed")) AS \($0)" }.joined(separator: ",\n    ")),
                    count(*) FILTER (WHERE NOT r.is_listed) AS hidden_rows,
                    \(sum(Metric.spend.column, "NOT r.is_listed")) AS hidden_spend
             FROM (
                SELECT \(values.joined(separator: ", ")), \(listed) AS is_listed
                FROM \(from)
                WHERE \(conditions.joined(separator: "\n  AND "))
             ) r) s
            """
    }
}
