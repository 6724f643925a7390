package import Model
internal import Postgres

/// What /api/insights is asked: what an account or one of its objects had on each day.
package struct SeriesQuestion: Question {
    package enum Subject: Sendable, Equatable {
        /// As Facebook reports it for the whole account.
        case account
        /// The sum of its ads.
        case object(Level, id: String)
    }

    package let subject: Subject
    package let days: DayRange
    /// The days that they are compared with, the first with the first.
    package var comparedDays: DayRange?
    /// Names of the columns to answer with; `nil` for those of a series by itself.
    package var fields: [String]?
    /// What the days of the answer have to meet, those of the totals included.
    package var rowConditions: [Condition] = []
    /// The answer has the sums of all days beside it.
    package var hasTotals = false
    package var conversionEvent: ConversionEvent?

    package init(_ subject: Subject, days: DayRange) {
        self.subject = subject
        self.days = days
    }

    package var columns: [AnswerColumn] { (fields ?? Self.ownNames).compactMap(column) }

    /// The column of this name in an account with this event; `nil` if the series cannot have it.
    private func column(_ name: String) -> AnswerColumn? {
        if let id = CustomConversion.id(inField: name) { return Self.custom(id, named: name) }
        let column = Self.available(to: subject).first { $0.name == name }
        guard conversionEvent != nil, let field = Field.named(name),
            field.metrics(counting: conversionEvent) != field.metrics
        else { return column }
        if case .custom(let id) = conversionEvent {
            if field.name == "conversions" { return Self.custom(id, named: name) }
            if field.isCost { return Self.costOfCustom(id, named: name) }
        }
        return column.map { _ in Self.column(field, counting: conversionEvent) }
    }

    package var comparedColumns: [AnswerColumn] { comparedDays == nil ? [] : columns }

    package var limit: Int? { nil }

    package var counters: [AnswerKind] { [.insights] }
}

// MARK: Columns

extension SeriesQuestion {
    /// The column that every row has.
    package static let date = "date"
    /// The columns of a series that was asked for none in particular.
    package static let ownNames = [date, "spend", "impressions", "clicks", "conversions", "conversion_value"]

    /// All columns that the series of a subject can have, in the catalogue's order.
    package static func available(to subject: Subject) -> [AnswerColumn] {
        if case .account = subject { ofAccount } else { ofObject }
    }

    private static let ofAccount = columns(of: Metric.ofAccountDays)
    private static let ofObject = columns(of: Metric.additive)

    private static func columns(of metrics: [Metric]) -> [AnswerColumn] {
        let day = AnswerColumn(
            date,
            .text,
            "\(Period.requested.day).day",
            comparedSum: SumSQL(row: "\(Period.compared.day).day", total: "NULL")
        )
        let fields = Field.all.filter { field in
            // Not the name that only some levels have for a metric.
            if case .sameAs = field.source, field.levels != Level.allCases { return false }
            return !field.metrics.isEmpty && Set(field.metrics).isSubset(of: metrics + Metric.resultParts)
        }
        return [day] + fields.map { column($0) }
    }

    private static func custom(_ id: String, named name: String) -> AnswerColumn {
        let column = CustomSums.column(id)
        return custom(id, named: name) { period in
            SumSQL(row: period.dayValue(column), total: "trim_scale(\(period.total(column))::numeric)")
        }
    }

    private static func costOfCustom(_ id: String, named name: String) -> AnswerColumn {
        let (spend, column) = (Metric.spend.column, CustomSums.column(id))
        return custom(id, named: name) { period in
            SumSQL(
                row: AnswerColumn.ratio(period.dayValue(spend), period.dayValue(column)),
                total: AnswerColumn.ratio(period.total(spend), period.total(column))
            )
        }
    }

    private static func custom(_ id: String, named name: String, sum: (Period) -> SumSQL) -> AnswerColumn {
        AnswerColumn(
            name,
            .number,
            sum(.requested).row,
            sum: sum(.requested),
            comparedSum: sum(.compared),
            metrics: [.spend],
            conversions: [id],
            isNullable: true
        )
    }

    private static func column(_ field: Field, counting event: ConversionEvent? = nil) -> AnswerColumn {
        let metrics = field.metrics(counting: event)
        let sum = { (period: Period) in
            guard let metrics else { return SumSQL(row: "NULL::numeric", total: "NULL::numeric") }
            if case .resultType = field.source {
                return SumSQL(row: ResultWords.sql(period.dayPart), total: ResultWords.sql(period.total))
            }
            if case .formula(let formula) = field.source {
                return SumSQL(
                    row: formula.sql(metrics, period.dayValue),
                    total: formula.sql(metrics, period.total)
                )
            }
            let metric = metrics[0]
            return SumSQL(row: period.dayValue(metric), total: period.shownTotal(metric))
        }
        return AnswerColumn(
            field.name,
            field.kind == .text ? .text : .number,
            sum(.requested).row,
            sum: sum(.requested),
            comparedSum: sum(.compared),
            metrics: (metrics ?? []).filter { $0.resultPart == nil },
            hasResults: metrics?.contains(.results) ?? false,
            isNullable: true
        )
    }
}

extension Period {
    /// A row of the table `held`.
    fileprivate var day: String { self == .requested ? "h" : "b" }

    /// What the subject `o` had on a day. A day without delivery has zeros; one that is not held has no values, and neither has
    /// a number that is unknown.
    fileprivate func dayValue(_ metric: Metric) -> String { dayValue(metric.column) }

    fileprivate func dayValue(_ column: String) -> String {
        """
        trim_scale(CASE WHEN \(isUnknown) THEN NULL
            WHEN \(sums).day IS NOT NULL THEN \(sums).\(column) WHEN \(day).lacks_rows THEN NULL ELSE 0 END)
        """
    }

    /// A part of the results that the subject had on a day.
    fileprivate func dayPart(_ part: Metric) -> String {
        part == .results ? dayValue(part) : "CASE WHEN NOT (\(isUnknown)) THEN \(sums).\(part.column) END"
    }

    private var isUnknown: String {
        """
        \(day).is_held IS NOT TRUE OR coalesce(o.campaign = ANY (\(day).missing), false) OR o.is_sum AND \(day).lacks_parts
        """
    }
}

// MARK: Statement

extension SeriesQuestion {
    private var periods: [(Period, DayRange)] {
        [(.requested, days)] + (comparedDays.map { [(.compared, $0)] } ?? [])
    }

    private var metrics: [Metric] {
        let needed = Set(summed.flatMap(\.metrics))
        return Metric.all.filter { needed.contains($0) || $0 == .spend }
    }

    private var hasResults: Bool { summed.contains(where: \.hasResults) }

    /// What is shown, and what the conditions compare.
    private var summed: [AnswerColumn] { columns + conditionColumns }

    private var conditionColumns: [AnswerColumn] {
        rowConditions.compactMap { column($0.field) }
    }

    private var conversions: [String] { Set(summed.flatMap(\.conversions)).sorted() }

    package func statement(of account: AdAccount.ID, rows: Int?) -> AnswerStatement {
        var values = Values()
        let account = values.add(account, "uuid")
        var head = AnswerHead.SQL()
        // The campaign of the object that is asked about, and whether the object's days are sums of several ads.
        var asked = "SELECT NULL::text AS campaign, false AS is_sum"
        var ofObject = ""
        if case .object(let level, let id) = subject {
            let mirror = Mirror.of(level)
            let id = values.add(id, "text")
            let object = "FROM \(mirror.table) WHERE \(mirror.key) = \(id) AND ad_account_id ="
            head.hasSubject = "EXISTS (SELECT \(object) a.id)"
            asked = "SELECT (SELECT facebook_campaign_id \(object) \(account)) AS campaign, \(level != .ad) AS is_sum"
            ofObject = "AND \(mirror.key) = \(id)"
        }
        if hasResults { head.tables.append(ResultWords.definition) }
        var joins: [String] = []
        var ofPeriods: [(Period, source: String)] = []
        for (period, range) in periods {
            head.held.append((period, coverage(account, range, &values)))
            let sums = """
                LEFT JOIN (\(sums(account, ofObject, range, &values))) \(period.sums)
                       ON \(period.sums).day = \(period.day).day
                """
            // The days of both periods are paired in their order.
            let distance = days.since.daysSince1970 - range.since.daysSince1970
            let held = "\(period.held) \(period.day)"
            joins += period == .requested ? [sums] : ["LEFT JOIN \(held) ON b.day + (\(distance)) = h.day", sums]
            ofPeriods.append((period, "FROM \(held)\n\(sums)\nCROSS JOIN (\(asked)) o"))
        }
        let table = (["FROM held h"] + joins + ["CROSS JOIN (\(asked)) o"]).joined(separator: "\n")
        let conditions = zip(conditionColumns, rowConditions).map { column, condition in
            ConditionSQL(account: account, value: column.sql, kind: column.kind).condition(condition, &values)
        }
        if hasTotals {
            let totals = ofPeriods.map { period, source in
                // A compared day counts if the day that it is paired with meets the conditions.
                conditions.isEmpty ? total(period, source, []) : total(period, table, conditions)
            }
            head.totals = AnswerHead.SQL.Totals(source: Self.joined(totals), accountSpend: "NULL")
        }
        let source = [
            table, conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))", "ORDER BY h.day",
        ]
        var query = Query(
            raw: answer(
                of: account,
                head,
                RowsSQL(
                    values: columns.map(\.sql) + comparedColumns.map { $0.comparedSum?.row ?? "NULL" },
                    position: nil,
                    source: source.joined(separator: "\n")
                )
            ),
            values.all
        )
        query.isOneOff =
            subject != .account || fields != nil || hasTotals || comparedDays != nil
            || !rowConditions.isEmpty || conversionEvent != nil
        return AnswerStatement(query: query)
    }

    private func coverage(_ account: String, _ range: DayRange, _ values: inout Values) -> String {
        subject == .account
            ? Coverage.ofAccount(account, range, &values) : Coverage.ofAds(account, range, &values)
    }

    /// The numbers of each day.
    private func sums(_ account: String, _ ofObject: String, _ range: DayRange, _ values: inout Values) -> String {
        let rows = """
            WHERE ad_account_id = \(account) \(ofObject)
              AND day BETWEEN \(values.add(range.since, "date")) AND \(values.add(range.until, "date"))
            """
        let ofAds = "insights_daily d \(rows)"
        var joins = ""
        var parts: [String] = []
        if !conversions.isEmpty {
            // An account has those of its ads, if these add up to it.
            let isKnown = subject == .account ? "i.state = 'complete'" : "true"
            parts += conversions.map(CustomSums.column).map { column in
                "CASE WHEN \(isKnown) THEN CASE WHEN y.key IS NULL THEN 0 ELSE y.\(column) END END AS \(column)"
            }
            joins += "LEFT JOIN (\(CustomSums.sql(conversions, of: ofAds, by: "d.day"))) y ON y.key = i.day\n"
        }
        guard subject != .account else {
            parts += Metric.resultParts.map { "\(ResultSums.ofAccountDay($0, "i")) AS \($0.column)" }
            let columns = ["i.day", metrics.columns("i")] + parts
            return """
                SELECT \(columns.joined(separator: ", ")) FROM (SELECT * FROM insights_days \(rows)) i
                \(joins)
                """
        }
        let sums = "SELECT day, \(StrictSum.of(metrics, "d")) FROM \(ofAds) GROUP BY day"
        if hasResults {
            parts.append(Metric.resultParts.columns("x"))
            joins += "LEFT JOIN (\(ResultSums.sql(of: ofAds, by: "d.day", "d"))) x ON x.key = i.day"
        }
        guard !parts.isEmpty else { return sums }
        return "SELECT i.*, \(parts.joined(separator: ", ")) FROM (\(sums)) i\n\(joins)"
    }

    /// The sums of all held days of a period, in one row. A sum with an unknown value in it is unknown.
    private func total(_ period: Period, _ source: String, _ conditions: [String]) -> String {
        let source = "\(source) WHERE \((["\(period.day).is_held"] + conditions).joined(separator: " AND "))"
        let added = metrics.map(\.column) + conversions.map(CustomSums.column)
        let values = added.map { "\(period.dayValue($0)) AS \(period.prefix)\($0)" }
        let sums = added.map { name in
            let column = "\(period.prefix)\(name)"
            return "\(StrictSum.of("r.\(column)")) AS \(column)"
        }
        guard hasResults else {
            return """
                SELECT \(sums.joined(separator: ",\n    "))
                FROM (SELECT \(values.joined(separator: ", ")) \(source)) r
                """
        }
        let parts = Metric.resultParts.map { "\(period.dayPart($0)) AS \(period.prefix)\($0.column)" }
        return """
            WITH r AS MATERIALIZED (
                SELECT \((values + parts).joined(separator: ", ")) \(source)
            )
            SELECT * FROM (SELECT \(sums.joined(separator: ",\n    ")) FROM r) q
            CROSS JOIN (\(ResultSums.sql(of: "r", by: nil, "r", period))) x
            """
    }

    /// The sums of the periods side by side, as the table `s`.
    private static func joined(_ totals: [String]) -> String {
        let tables = totals.enumerated().map { "(\($1)) s\($0)" }.joined(separator: " CROSS JOIN ")
        return "(SELECT *, NULL::bigint AS hidden_rows, NULL::numeric AS hidden_spend FROM \(tables)) s"
    }
}
