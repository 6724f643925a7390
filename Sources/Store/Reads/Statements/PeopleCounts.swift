internal import Model

/// What Facebook counted for each of a table's objects over exactly the days of a period, as parts of a statement. People are
/// counted once in a period, so nothing is added up, and other days have no values.
struct PeopleCounts {
    let period: Period
    let metrics: [Metric]
    let level: Level
    /// The parameters with the account's id and the two days.
    let account: String
    let since: String
    let until: String

    /// Whether an object without a row had nobody.
    var table: String {
        """
        \(period.people) AS MATERIALIZED (
            SELECT EXISTS (SELECT FROM period_readings r WHERE \(rows("r")) AND r.read_at IS NOT NULL
                           AND NOT r.lacks_rows) AS is_read
        )
        """
    }

    /// What is joined to the table `o` of objects.
    func join(_ key: String) -> String { "LEFT JOIN period_results q ON \(rows("q")) AND q.object_id = o.\(key)" }

    /// The object's id in the table that is joined.
    var id: String { "q.object_id" }

    /// - Parameter spend: what the object spent on these days.
    func value(_ metric: Metric, spend: String) -> String {
        """
        CASE WHEN q.object_id IS NOT NULL THEN q.\(metric.column)
             WHEN (SELECT is_read FROM \(period.people)) AND (\(spend)) = 0 THEN \(metric.nothingSQL) END AS \(metric.column)
        """
    }

    private func rows(_ table: String) -> String {
        """
        \(table).ad_account_id = \(account) AND \(table).level = '\(level.rawValue)'
            AND \(table).since = \(since) AND \(table).until = \(until)
        """
    }
}
