internal import Model

/// The sums of a table's objects over the days of a period, as tables of a statement.
///
/// They are made of running sums (`Mirror/Running/RunningSums.swift`): what an object had in each month up to the last
/// requested day, minus what it had before the first one. Days whose running sums are not there yet are added up.
struct DaySums {
    private let period: Period
    private let ends: [MonthEnd]
    private let metrics: [Metric]
    /// The custom conversions among the sums, and whether the results by goal are among them.
    private let conversions: [String]
    private let hasResults: Bool
    private let people: PeopleCounts?
    /// The first and the last requested day, if conversions or results are among the sums.
    private let resultDays: (since: String, until: String)?
    private let level: Level
    private let key: String
    /// The parameters with the account's id, and with the first and last day of each of `ends`.
    private let account: String
    private let days: [(first: String, last: String)]
    /// Which of the table's objects `o` the question is about, as far as their parents say so.
    private let objects: [String]

    init(_ question: TableQuestion, _ period: Period, _ days: DayRange, _ account: String, _ values: inout Values) {
        self.period = period
        self.account = account
        metrics = question.metrics(period)
        conversions = question.conversions(period)
        hasResults = question.hasResults(period)
        level = question.table.level
        let counts = question.people(period)
        // A parameter that no part of the statement uses is an error.
        let readsDays = hasResults || !conversions.isEmpty
        let range =
            readsDays || !counts.isEmpty ? (values.add(days.since, "date"), values.add(days.until, "date")) : nil
        resultDays = readsDays ? range : nil
        people = range.flatMap { since, until in
            guard !counts.isEmpty else { return nil }
            return PeopleCounts(
                period: period,
                metrics: counts,
                level: question.table.level,
                account: account,
                since: since,
                until: until
            )
        }
        key = question.table.key
        ends = days.monthEnds
        self.days = ends.map { (values.add($0.first, "date"), values.add($0.last, "date")) }
        var objects = ["o.ad_account_id = \(account)"]
        if let campaign = question.campaignID {
            objects.append("o.facebook_campaign_id = \(values.add(campaign, "text"))")
        }
        if let adSet = question.adSetID, question.table != .campaigns {
            objects.append("o.facebook_ad_set_id = \(values.add(adSet, "text"))")
        }
        self.objects = objects
    }

    /// Ends that are joined one by one. Those between the first and the last of a long range are added up first.
    private var joined: [Int] {
        let most = 5
        guard ends.count > most else { return Array(ends.indices) }
        return ends.indices.filter { !ends[$0].isAdded || $0 == ends.count - 1 }
    }

    private var addedUp: [Int] { ends.indices.filter { !joined.contains($0) } }

    /// The last of them has the sums, and an `id`. An object without anything has no row.
    var tables: [String] { [endsTable, looseTable, stateTable] + (people.map { [$0.table] } ?? []) + [sumsTable] }

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
            // There are no running sums of them.
            let of = """
                insights_daily d WHERE \(isOfQuestion("d", key)) AND d.day BETWEEN \(resultDays.since) AND \(resultDays.until)
                """
            if hasResults {
                sums += Metric.resultParts.map { part in
                    let value =
                        part == .results ? "CASE WHEN x.key IS NULL THEN 0 ELSE x.results END" : "x.\(part.column)"
                    return "CASE WHEN \(hasAllRows) THEN \(value) END AS \(part.column)"
                }
                results += "LEFT JOIN (\(ResultSums.sql(of: of, by: "d.\(key)", "d"))) x ON x.key = o.\(key)\n"
            }
            if !conversions.isEmpty {
                sums += conversions.map(CustomSums.column).map { column in
                    "CASE WHEN \(hasAllRows) THEN CASE WHEN y.key IS NULL THEN 0 ELSE y.\(column) END END AS \(column)"
                }
                results += "LEFT JOIN (\(CustomSums.sql(conversions, of: of, by: "d.\(key)"))) y ON y.key = o.\(key)"
            }
        }
        if let people {
            let spend = "CASE WHEN \(isKnown(.spend)) THEN \(sum(of: .spend)) END"
            sums += people.metrics.map { people.value($0, spend: spend) }
        }
        var joins = joined.map { index in
            """
            LEFT JOIN running_sums r\(index) ON r\(index).object_id = o.\(key)
                AND \(isOfQuestion("r\(index)", "object_id", and: "level = '\(level.rawValue)'"))
                AND r\(index).day = (SELECT summed FROM \(endsName) WHERE last = \(days[index].last))
            """
        }
        var ids = joined.map { "r\($0).object_id" } + ["l.id"]
        if !addedUp.isEmpty {
            joins.append("LEFT JOIN (\(sumsOfMonths)) b ON b.object_id = o.\(key)")
            ids.append("b.object_id")
        }
        if let people {
            joins.append(people.join(key))
            ids.append(people.id)
        }
        return """
            \(period.sums) AS MATERIALIZED (
                SELECT o.\(key) AS id, \(sums.joined(separator: ",\n    "))
                FROM \(Mirror.of(level).table) o
                \(joins.joined(separator: "\n"))
                LEFT JOIN (\(looseSums)) l ON l.id = o.\(key)
                LEFT JOIN (
                    SELECT d.\(key) AS id, count(DISTINCT d.day) AS days FROM insights_daily d
                    WHERE \(isOfQuestion("d", key)) AND d.day = ANY (\(held("lacking"))::date[]) GROUP BY 1
                ) c ON c.id = o.\(key)
                \(results)
                WHERE \(objects.joined(separator: " AND ")) AND num_nonnulls(\(ids.joined(separator: ", "))) > 0
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
            WHERE \(isOfQuestion("d", key)) AND d.day = ANY (ARRAY(SELECT day FROM \(looseName))) GROUP BY 1
            """
    }

    /// The sums of `addedUp`. A number is NULL if its column is younger than one of them.
    private var sumsOfMonths: String {
        let sums = metrics.map { metric in
            """
            \(StrictSum.of("b.\(metric.column)")) AS \(metric.column),
                sum((b.unknown->>'\(metric.column)')::bigint) AS no_\(metric.column)
            """
        }
        return """
            SELECT b.object_id, \(sums.joined(separator: ", "))
            FROM running_sums b
            WHERE \(isOfQuestion("b", "object_id", and: "level = '\(level.rawValue)'")) AND b.day = ANY (ARRAY(
                SELECT summed FROM \(endsName) WHERE last IN (\(addedUp.map { days[$0].last }.joined(separator: ", ")))))
            GROUP BY 1
            """
    }

    /// Rows of the account, and of the objects that a filter leaves. (The parents that stand with a day are those of that day.)
    private func isOfQuestion(_ table: String, _ id: String, and condition: String? = nil) -> String {
        var conditions = ["\(table).ad_account_id = \(account)"] + (condition.map { ["\(table).\($0)"] } ?? [])
        if objects.count > 1 {
            let ids = "SELECT o.\(key) FROM \(Mirror.of(level).table) o WHERE \(objects.joined(separator: " AND "))"
            conditions.append("\(table).\(id) = ANY (ARRAY(\(ids)))")
        }
        return conditions.joined(separator: " AND ")
    }

    private func held(_ column: String) -> String { "(SELECT \(column) FROM \(period.heldDays))" }

    private func sum(of metric: Metric) -> String {
        let column = metric.column
        let parts = joined.map { index in
            "\(sign(index)) CASE WHEN r\(index).object_id IS NULL THEN 0 ELSE r\(index).\(column) END"
        }
        let months = addedUp.isEmpty ? [] : ["+ CASE WHEN b.object_id IS NULL THEN 0 ELSE b.\(column) END"]
        return "coalesce(l.\(column), 0) \((parts + months).joined(separator: " "))"
    }

    private func sign(_ index: Int) -> String { ends[index].isAdded ? "+" : "-" }

    /// A sum is unknown if a day of it is, or if it lacks rows.
    private func isKnown(_ metric: Metric) -> String {
        let column = metric.column
        let counts = joined.map { "\(sign($0)) coalesce((r\($0).unknown->>'\(column)')::bigint, 0)" }
        let months = addedUp.isEmpty ? [] : ["+ coalesce(b.no_\(column), 0)"]
        return """
            (SELECT is_known FROM \(stateName))
                OR coalesce(l.no_\(column), 0) \((counts + months).joined(separator: " ")) = 0 AND \(hasAllRows)
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
