package import Model
internal import Postgres

/// What an account had over some days, as Facebook reports it for the whole account.
package struct AccountTotals: Sendable {
    package let days: DayRange
    /// In the order of `names`.
    package let metrics: [TableTotals.Metric]
    /// The days that Facebook has returned.
    package let coverage: Coverage

    /// Those of the first edition first.
    package static let names = first + fields.map(\.name).filter { !first.contains($0) }
    private static let first = ["spend", "impressions", "clicks", "ctr", "conversions", "conversion_value", "roas"]

    /// What can be known of all days of an account.
    private static let fields = Field.all.filter { field in
        field.levels == Level.allCases && !field.metrics.isEmpty
            && Set(field.metrics).isSubset(of: Metric.additive.filter(\.field.isReadDaily) + Metric.resultParts)
    }

    /// The values of `names`, over the days `d` of an account `r`. A sum with an unknown part is unknown. The results are the
    /// table `x`.
    fileprivate static let columns = names.compactMap { Field.named($0) }.map { field in
        let standard = value(field, of: field.metrics)
        let changed = ConversionEvent.names.compactMap { ConversionEvent($0) }.compactMap { event -> String? in
            let metrics = field.metrics(counting: event)
            guard metrics != field.metrics else { return nil }
            return "WHEN '\(event.name)' THEN \(metrics.map { value(field, of: $0) } ?? "NULL")"
        }
        guard !changed.isEmpty else { return standard }
        let custom =
            field.name == "conversions"
            ? "trim_scale(\(customs))"
            : field.isCost ? AnswerColumn.ratio("(\(value(spend, of: [.spend])))", customs) : "NULL"
        return """
            CASE coalesce(r.event, '') WHEN '' THEN \(standard) \(changed.joined(separator: " ")) ELSE \(custom) END
            """
    }

    private static let spend = Metric.spend.field

    /// The number of the account's custom conversion: of its ads, if they add up to the account on each held day.
    private static let customs = """
        (CASE WHEN bool_and(coalesce(d.state = 'complete', false)) FILTER (WHERE \(Coverage.isKnown)) THEN y.number END)
        """

    private static let customSums = """
        SELECT CASE WHEN count(v.number) = count(*) THEN coalesce(sum(v.number), 0) END AS number
        FROM (
            SELECT \(CustomSums.daily("'\(CustomConversion.actionType)' || substring(r.event FROM '[0-9]+$')")) AS number
            FROM insights_daily d
            WHERE r.event LIKE '\(CustomConversion.prefix)%' AND d.ad_account_id = r.id
              AND d.day BETWEEN r.since AND r.until
        ) v
        """

    private static func value(_ field: Field, of metrics: [Metric]) -> String {
        let sum = { (metric: Metric) in
            guard metric != .results else { return "x.results" }
            let held = "FILTER (WHERE \(Coverage.isKnown))"
            let column = "d.\(metric.column)"
            return "(CASE WHEN count(\(column)) \(held) = count(d.day) \(held) THEN sum(\(column)) \(held) END)"
        }
        if case .resultType = field.source { return ResultWords.sql(of: "r.id") { "x.\($0.column)" } }
        if case .formula(let formula) = field.source { return formula.sql(metrics, sum) }
        return "trim_scale(\(sum(metrics[0])))"
    }

    /// The statement begins with the table `r` of accounts and their days.
    fileprivate static func statement(of accounts: String) -> String {
        let isHeld = Coverage.isKnown
        let isWhole = "\(isHeld) AND \(Coverage.isWhole(of: "r.id"))"
        let parts = Metric.resultParts.map { "\(ResultSums.ofAccountDay($0, "d")) AS \($0.column)" }
        let results = ResultSums.sql(
            of: """
                (SELECT r.id, \(parts.joined(separator: ", "))
                 FROM r JOIN insights_days d ON d.ad_account_id = r.id AND d.day BETWEEN r.since AND r.until
                 WHERE \(isHeld)) n
                """,
            by: "n.id",
            "n"
        )
        let body = """
            SELECT r.id, r.since, r.until,
                   min(d.day) FILTER (WHERE \(isHeld)), max(d.day) FILTER (WHERE \(isHeld)),
                   max(d.day) FILTER (WHERE \(isWhole)),
                   count(d.day) FILTER (WHERE \(isWhole)) = r.until - r.since + 1,
                   \(columns.joined(separator: ", "))
            FROM r LEFT JOIN insights_days d ON d.ad_account_id = r.id AND d.day BETWEEN r.since AND r.until
            LEFT JOIN (\(results)) x ON x.key = r.id
            CROSS JOIN LATERAL (\(customSums)) y
            GROUP BY r.id, r.since, r.until, r.event, x.results, x.result_indicator, x.result_mix, y.number
            """
        let tables = ["r AS MATERIALIZED (\(accounts))"] + [ResultWords.definition]
        return "WITH \(tables.joined(separator: ",\n"))\n\(body)"
    }
}

extension Store {
    /// Sums of the days of accounts that are held, for an overview.
    /// - Parameters:
    ///   - userID: whose accounts.
    ///   - from: the first day, or a moment that is in it; neither for thirty days.
    ///   - to: the last day, or a moment that is in it; neither for today. Each in the account's own time zone.
    /// - Returns: the sums by account.
    package func accountTotals(
        for userID: String,
        from: (day: Day?, moment: Timestamp?),
        to: (day: Day?, moment: Timestamp?)
    ) throws -> [AdAccount.ID: AccountTotals] {
        var values = Values()
        let day = { (bound: (day: Day?, moment: Timestamp?), values: inout Values) in
            let moment = values.add(bound.moment?.description, "timestamptz")
            return "coalesce(\(values.add(bound.day, "date")), (\(moment) AT TIME ZONE a.time_zone)::date)"
        }
        let (since, until) = (day(from, &values), day(to, &values))
        let accounts = """
            SELECT id, event, coalesce(since, coalesce(until, today) - 29) AS since,
                   coalesce(until, greatest(since, today)) AS until
            FROM (
                SELECT a.id, a.conversion_event AS event, (now() AT TIME ZONE a.time_zone)::date AS today,
                       \(since) AS since, \(until) AS until
                FROM ad_accounts a
                JOIN account_access x ON x.ad_account_id = a.id AND x.user_id = \(values.add(userID, "uuid"))
            ) asked
            """
        let totals = try connection.rows(
            Query(raw: AccountTotals.statement(of: accounts), values.all)
        ) { row in
            (
                AdAccount.ID(rawValue: try row.text(0)),
                AccountTotals(
                    days: DayRange(
                        since: Day(try row.text(1)) ?? Day(daysSince1970: 0),
                        until: Day(try row.text(2)) ?? Day(daysSince1970: 0)
                    ),
                    metrics: AccountTotals.names.enumerated().map { index, name in
                        let isText = Field.named(name)?.kind == .text
                        return TableTotals.Metric(name: name, value: row.optionalText(index + 7), isText: isText)
                    },
                    coverage: Coverage(
                        held: row.optionalText(3).flatMap { Day($0) }.flatMap { since in
                            row.optionalText(4).flatMap { Day($0) }.map { DayRange(since: since, until: $0) }
                        },
                        wholeTo: row.optionalText(5).flatMap { Day($0) },
                        isComplete: try row.boolean(6)
                    )
                )
            )
        }
        return Dictionary(uniqueKeysWithValues: totals)
    }
}
