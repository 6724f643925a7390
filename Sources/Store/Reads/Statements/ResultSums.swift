internal import Model

/// Sums of results by goal: only results of one indicator are added up.
enum ResultSums {
    /// A part of the results of a day of an account: those of its ads, if these add up to the account.
    static func ofAccountDay(_ part: Metric, _ table: String) -> String {
        "CASE WHEN \(table).state = 'complete' THEN \(table).\(part.column) END"
    }

    /// A SELECT of `Metric.resultParts` for each value of a key, which is the column `key`.
    ///
    /// Each group of equal rows is added up once, then its indicators, then the indicators of the key. What counts people has
    /// no sum of several rows. A sum with an unknown row is unknown.
    /// - Parameters:
    ///   - rows: what follows `FROM`. Each row has the parts.
    ///   - key: SQL of the key; `nil` for one sum of all rows.
    ///   - table: the table that has the parts.
    ///   - period: whose parts they are, if the table has those of several.
    ///   - isHeld: whether the sum of no rows is known to be nothing.
    static func sql(
        of rows: String,
        by key: String?,
        _ table: String,
        _ period: Period = .requested,
        ifNone isHeld: String = "false"
    ) -> String {
        let column = { (metric: Metric) in "\(table).\(period.prefix)\(metric.column)" }
        let (number, indicator, mix) = (column(.results), column(.resultIndicator), column(.resultMix))
        let name = { (metric: Metric) in "\(period.prefix)\(metric.column)" }
        let isKnown = "coalesce(bool_and(y.is_known), \(isHeld))"
        let named = "FILTER (WHERE y.indicator IS NOT NULL)"
        let people = "'{\(ResultIndicator.ofPeople.joined(separator: ","))}'::text[]"
        return """
            SELECT \(key == nil ? "" : "y.key,")
                   CASE WHEN \(isKnown) THEN CASE count(y.indicator) WHEN 0 THEN 0 WHEN 1 THEN max(y.number) \(named) END
                   END AS \(name(.results)),
                   CASE WHEN \(isKnown) AND count(y.indicator) = 1 THEN max(y.indicator) END AS \(name(.resultIndicator)),
                   CASE WHEN \(isKnown) AND count(y.indicator) > 1 THEN jsonb_object_agg(y.indicator, y.number) \(named)
                   END AS \(name(.resultMix))
            FROM (
                SELECT x.key, x.indicator, bool_and(x.is_known) AS is_known,
                       CASE WHEN bool_and(x.number IS NOT NULL)
                                 AND (sum(x.parts) < 2 OR \(ResultWords.bare("x.indicator")) <> ALL (\(people)))
                            THEN sum(x.number) END AS number
                FROM (
                    SELECT g.key, g.is_known, e.*
                    FROM (
                        SELECT \(key ?? "0") AS key, \(indicator) AS indicator, \(mix) AS mix,
                               num_nonnulls(\(number), \(indicator), \(mix)) > 0 AS is_known,
                               CASE WHEN count(\(number)) = count(*) THEN sum(\(number)) END AS number,
                               count(*) FILTER (WHERE \(number) IS DISTINCT FROM 0) AS parts, count(*) AS rows
                        FROM \(rows) GROUP BY 1, 2, 3, 4
                    ) g CROSS JOIN LATERAL (
                        SELECT g.indicator, g.number, g.parts WHERE g.mix IS NULL
                        UNION ALL
                        SELECT m.key, m.value::numeric * g.rows, CASE WHEN m.value::numeric = 0 THEN 0 ELSE g.rows END
                        FROM jsonb_each_text(g.mix) m
                    ) e
                ) x GROUP BY 1, 2
            ) y \(key == nil ? "" : "GROUP BY 1")
            """
    }
}
