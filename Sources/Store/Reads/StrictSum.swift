/// Sums in SQL of which each part has to be known.
enum StrictSum {
    /// The sum over a column; NULL when the column is NULL in any of the rows.
    static func of(_ column: String) -> String {
        "CASE WHEN count(\(column)) = count(*) THEN sum(\(column)) END"
    }

    /// The sums of all metrics that add up, by their own names.
    static func ofMetrics(_ table: String) -> String {
        ["spent", "impressions", "clicks", "engagement", "conversions", "conversion_value"]
            .map { "\(of("\(table).\($0)"))::numeric AS \($0)" }.joined(separator: ", ")
    }
}
