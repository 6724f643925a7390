internal import Model

/// Sums in SQL of which each part has to be known.
enum StrictSum {
    /// The sum over a column; NULL when the column is NULL in any of the rows.
    static func of(_ column: String) -> String {
        "CASE WHEN count(\(column)) = count(*) THEN sum(\(column)) END"
    }

    /// The sums of metrics that add up, by the names of their columns.
    static func of(_ metrics: [Metric], _ table: String) -> String {
        metrics.map { "\(of("\(table).\($0.column)"))::numeric AS \($0.column)" }.joined(separator: ", ")
    }
}
