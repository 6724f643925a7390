internal import Model

/// The requested days, or those that they are compared with. Each has its own tables in a statement.
enum Period {
    case requested
    case compared

    /// The sums of each object over the days.
    var sums: String { self == .requested ? "m" : "p" }
    /// A row for each day: see `Coverage`.
    var held: String { self == .requested ? "held" : "held_before" }
    /// One row for all days.
    var heldDays: String { self == .requested ? "held_days" : "held_days_before" }
    /// Whether Facebook's counts of people over the days are stored: see `PeopleCounts`.
    var people: String { self == .requested ? "people" : "people_before" }
    /// Begins the names of columns with the sums of all rows.
    var prefix: String { self == .requested ? "" : "previous_" }

    /// A row's sum of a metric: zero for a row that had nothing, NULL when no day is held, or when a part is unknown.
    func value(_ metric: Metric) -> String { value(metric.column) }

    func value(_ column: String) -> String {
        """
        trim_scale(CASE WHEN NOT \(heldDays).is_held THEN NULL WHEN \(sums).id IS NOT NULL THEN \(sums).\(column)
            WHEN t.facebook_campaign_id = ANY (\(heldDays).missing) OR cardinality(\(heldDays).lacking) > 0 THEN NULL
            ELSE 0 END)
        """
    }

    /// What Facebook counted for a row over exactly these days; NULL for days that it was not asked about.
    func people(_ metric: Metric) -> String {
        """
        CASE WHEN \(sums).id IS NOT NULL THEN \(sums).\(metric.column)
            WHEN (SELECT is_read FROM \(people)) AND \(value(.spend)) = 0 THEN \(metric.nothingSQL)::\(metric.type) END
        """
    }

    /// A part of a row's results.
    func resultPart(_ part: Metric) -> String {
        part == .results ? value(part) : "CASE WHEN \(heldDays).is_held THEN \(sums).\(part.column) END"
    }

    /// The sum of a metric over all rows, in the table `s`.
    func total(_ metric: Metric) -> String { total(metric.column) }

    func total(_ column: String) -> String { "s.\(prefix)\(column)" }

    /// The same as the answer shows it: NULL for a metric that does not add up. Results add up by their types.
    func shownTotal(_ metric: Metric) -> String {
        metric.isAdditive || metric == .results ? "trim_scale(\(total(metric))::numeric)" : "NULL::\(metric.type)"
    }
}

/// How a metric is made of sums of days.
struct SumSQL: Sendable {
    /// The value of a row.
    let row: String
    /// What all rows together have.
    let total: String
}
