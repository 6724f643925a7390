internal import Model

/// The sums of a table's objects over the days of a period, as tables of a statement.
///
/// They are made of running sums (`Mirror/Running/RunningSums.swift`): what an object had in each month up to the last
/// requested day, minus what it had before the first one. Days whose running sums are not there yet are added up.
struct DaySums {
    private let period: Period
    private let ends: [MonthEnd]
    private let metrics: [Metric]
    /// The first and the last requested day, if the results by goal are among the sums.
    private let resultDays: (since: String, until: String)?
    private let level: Level
    private let key: String
    /// The parameters with the account's id, and with the first and last day of each of `ends`.
    private let account: String
    private let days: [(first: String, last: String)]
    /// Conditions on rows that have the ids of their campaign and ad set, `?` being the name of the table.
    private let conditions: [String]

    init(_ question: TableQuestion, _ period: Period, _ days: DayRange, _ account: String, _ values: inout Values) {
        self.period = period
        self.account = account
        metrics = question.metrics(period)
        resultDays =
            question.hasResults(period) ? (values.add(days.since, "date"), values.add(days.until, "date")) : nil
        level = question.table.level
        key = question.table.key
        ends = days.monthEnds
        self.days = ends.map { (values.add($0.first, "date"), values.add($0.last, "date")) }
        var conditions = ["?.ad_account_id = \(account)"]
        if let campaign = question.campaignID {
            conditions.append("?.facebook_campaign_id = \(values.add(campaign, "text"))")
        }
        if let adSet = question.adSetID, question.table != .campaigns {
            conditions.append("?.facebook_ad_set_id = \(values.add(adSet, "text"))")
        }
        self.conditions = conditions
    }

    /// The last of them has the sums, and an `id`. An object without anything has no row.
    var tables: [String] { [endsTable, looseTable, stateTable, sumsTable] }

    /// What is joined to the table `t`.
    var join: String { "LEFT JOIN \(period.sums) ON \(period.sums).id = t.\(key)\nCROSS JOIN \(period.heldDays)" }

    private var endsName: String { "\(period.sums)_ends" }
    private var looseName: String { "\(period.sums)_loose" }
    private var stateName: String { "\(period.sums)_state" }

    /// For each month: its first day, the last one that counts, and the last one up to there that has running sums.
    private var endsTable: String {
        let rows = zip(ends, days).map { "(\($1.first), \($1.last), \($0.weight))" }.joined(separator: ", ")
        return """
            \(endsName) AS MATERIALIZED (
                SELECT e.*, (SELECT max(r.day) FROM running_days r
                             WHERE r.ad_account_id = \(account) AND r.day BETWEEN e.first AND e.last) AS summed
                FROM (VALUES \(rows)) e (first, last, weight)
            )
            """
    }

    /// The days to add or to subtract one by one.
    private var looseTable: String {
        """
        \(looseName) AS MATERIALIZED (
            SELECT g.day::date AS day, sum(e.weight)::int AS weight
            FROM \(endsName) e, generate_series(coalesce(e.summed + 1, e.first), e.last, interval '1 day') g (day)
            GROUP BY 1 HAVING sum(e.weight) <> 0
        )
        """
    }

    /// Whether every number is known, so that no row has to be checked.
    private var stateTable: String {
        """
        \(stateName) AS MATERIALIZED (
            SELECT cardinality(h.missing) = 0 AND cardinality(h.lacking) = 0 AND NOT EXISTS (SELECT FROM \(looseName))
                   AND NOT EXISTS (SELECT FROM \(endsName) e JOIN running_days r ON r.day = e.summed
                                   WHERE r.ad_account_id = \(account) AND r.has_unknown) AS is_known
            FROM \(period.heldDays) h
        )
        """
    }

    private var sumsTable: String {
        var sums = metrics.map { metric in
            "CASE WHEN \(isKnown(metric)) THEN \(sum(of: metric)) END AS \(metric.column)"
        }
        var results = ""
        if let resultDays {
            // They are of several types, so there are no running sums of them.
            sums += Metric.resultParts.map { part in
                let value = part == .results ? "CASE WHEN x.key IS NULL THEN 0 ELSE x.results END" : "x.\(part.column)"
                return "CASE WHEN \(hasAllRows) THEN \(value) END AS \(part.column)"
            }
            let of = """
                insights_daily d WHERE \(rows("d")) AND d.day BETWEEN \(resultDays.since) AND \(resultDays.until)
                """
            results = "LEFT JOIN (\(ResultSums.sql(of: of, by: "d.\(key)", "d"))) x ON x.key = o.\(key)"
        }
        let joins = days.indices.map { index in
            """
            LEFT JOIN running_sums r\(index) ON r\(index).ad_account_id = \(account) AND r\(index).level = '\(level.rawValue)'
                AND r\(index).day = (SELECT summed FROM \(endsName) WHERE last = \(days[index].last))
                AND r\(index).object_id = o.\(key)
            """
        }
        let ids = days.indices.map { "r\($0).object_id" } + ["l.id"]
        return """
            \(period.sums) AS MATERIALIZED (
                SELECT o.\(key) AS id, \(sums.joined(separator: ",\n    "))
                FROM \(Mirror.of(level).table) o
                \(joins.joined(separator: "\n"))
                LEFT JOIN (\(looseSums)) l ON l.id = o.\(key)
                LEFT JOIN (
                    SELECT d.\(key) AS id, count(DISTINCT d.day) AS days FROM insights_daily d
                    WHERE \(rows("d")) AND d.day = ANY (\(held("lacking"))::date[]) GROUP BY 1
                ) c ON c.id = o.\(key)
                \(results)
                WHERE \(rows("o")) AND num_nonnulls(\(ids.joined(separator: ", "))) > 0
            )
            """
    }

    private var looseSums: String {
        let sums = metrics.map { metric in
            let column = "d.\(metric.column)"
            return """
                sum(\(column) * w.weight) AS \(metric.column),
                sum(w.weight) FILTER (WHERE \(column) IS NULL) AS no_\(metric.column)
                """
        }
        return """
            SELECT d.\(key) AS id, \(sums.joined(separator: ", "))
            FROM insights_daily d JOIN \(looseName) w ON w.day = d.day
            WHERE \(rows("d")) AND d.day = ANY (ARRAY(SELECT day FROM \(looseName))) GROUP BY 1
            """
    }

    private func rows(_ table: String) -> String {
        conditions.map { $0.replacing("?", with: table) }.joined(separator: " AND ")
    }

    private func held(_ column: String) -> String { "(SELECT \(column) FROM \(period.heldDays))" }

    private func sum(of metric: Metric) -> String {
        let parts = zip(ends, days.indices).map { end, index in
            let sign = end.isAdded ? "+" : "-"
            return "\(sign) CASE WHEN r\(index).object_id IS NULL THEN 0 ELSE r\(index).\(metric.column) END"
        }
        return "coalesce(l.\(metric.column), 0) \(parts.joined(separator: " "))"
    }

    /// A sum is unknown if a day of it is, or if it lacks rows.
    private func isKnown(_ metric: Metric) -> String {
        let counts = zip(ends, days.indices).map { end, index in
            "\(end.isAdded ? "+" : "-") coalesce((r\(index).unknown->>'\(metric.column)')::bigint, 0)"
        }
        return """
            (SELECT is_known FROM \(stateName))
                OR coalesce(l.no_\(metric.column), 0) \(counts.joined(separator: " ")) = 0 AND \(hasAllRows)
            """
    }

    /// A sum lacks rows if its campaign is missing on a day, or if it has no row on a day that lacks rows. An ad has one row
    /// for a day; a campaign or an ad set may lack some of its rows.
    private var hasAllRows: String {
        let hasAllParts = level == .ad ? "" : " AND NOT \(held("lacks_parts"))"
        return """
            NOT o.facebook_campaign_id = ANY (\(held("missing"))::text[])
                AND coalesce(c.days, 0) = cardinality(\(held("lacking")))\(hasAllParts)
            """
    }
}

/// A month of a requested range, up to the last day that counts; or the days of its first month that do not.
struct MonthEnd: Equatable {
    let first: Day
    let last: Day
    let isAdded: Bool

    var weight: Int { isAdded ? 1 : -1 }
}

extension DayRange {
    var monthEnds: [MonthEnd] {
        var ends: [MonthEnd] = []
        var first = since.firstOfMonth
        if first < since { ends.append(MonthEnd(first: first, last: since + -1, isAdded: false)) }
        while first <= until {
            let next = (first + 31).firstOfMonth
            ends.append(MonthEnd(first: first, last: min(until, next + -1), isAdded: true))
            first = next
        }
        return ends
    }
}
