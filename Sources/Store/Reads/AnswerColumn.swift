internal import Model

/// A member of the objects that a read route answers with.
package struct AnswerColumn: Sendable {
    package enum Kind: Sendable {
        case text
        /// PostgreSQL's text of a number is a JSON number as it stands.
        case number
        /// PostgreSQL's text of JSON is a JSON value as it stands.
        case json
        /// `2024-03-12 22:02:47+00`.
        case timestamp
        /// A list of Facebook's ids, as PostgreSQL writes an array.
        case ids
        /// The first and the last day that the answer's metrics cover: the same in each object.
        case firstDay
        case lastDay
    }

    package let name: String
    package let kind: Kind
    /// Whether it is `null` where there is no value.
    package let isNullable: Bool
    /// Whether it holds one of Facebook's ids: digits, and more of them than a spreadsheet's number has.
    package var isID: Bool { name == "id" || name.hasSuffix("_id") }
    /// Where it comes from when the metrics are those stored with the objects.
    let sql: String
    /// The same in answers about days, for what is no metric but depends on days; `nil` for what does not.
    let ofDays: String?
    /// How it is made of sums of the requested days; `nil` for what is no metric.
    let sum: SumSQL?
    /// The same for the days that they are compared with.
    let comparedSum: SumSQL?
    /// The stored metrics that it is made of, of those that add up.
    let metrics: [Metric]
    /// The counts of people that it is made of.
    let people: [Metric]
    /// Whether it is made of the results by goal.
    let hasResults: Bool
    /// The ids of the custom conversions that it is made of.
    let conversions: [String]
    /// The part of a cost that it is divided by: as stored, and the column of its sums. Money spent with none of it is the worst
    /// cost; see `OrderSQL`.
    let costDivisor: (stored: String, column: String)?

    var isMetric: Bool { sum != nil }

    init(
        _ name: String,
        _ kind: Kind,
        _ sql: String,
        ofDays: String? = nil,
        sum: SumSQL? = nil,
        comparedSum: SumSQL? = nil,
        metrics: [Metric] = [],
        people: [Metric] = [],
        hasResults: Bool = false,
        conversions: [String] = [],
        costDivisor: (stored: String, column: String)? = nil,
        isNullable: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.isNullable = isNullable
        self.sql = sql
        self.ofDays = ofDays
        self.sum = sum
        self.comparedSum = comparedSum
        self.metrics = metrics
        self.people = people
        self.hasResults = hasResults
        self.conversions = conversions
        self.costDivisor = costDivisor
    }
}

extension AnswerColumn {
    /// The column of a field in answers about the objects of a level.
    /// - Parameter event: what the account counts as conversions; `nil` for purchases.
    init(_ field: Field, of level: Level, counting event: ConversionEvent? = nil) {
        if case .custom(let id) = event, field.metrics(counting: event) != field.metrics {
            if field.name == "conversions" {
                self = .custom(id, named: field.name)
                return
            } else if field.isCost {
                self = .costOfCustom(id, named: field.name)
                return
            }
        }
        guard let metrics = field.metrics(counting: event) else {
            self.init(field, "NULL::numeric", []) { _ in SumSQL(row: "NULL::numeric", total: "NULL::numeric") }
            return
        }
        switch field.source {
        case .id: self.init(field, "t.\(Mirror.of(level).key)")
        case .object("budget_remaining", _):
            // Facebook returns 0 for an object without a budget of its own.
            self.init(field, "CASE WHEN num_nonnulls(t.daily_budget, t.lifetime_budget) > 0 THEN t.\(field.column) END")
        case .object where field.kind == .list: self.init(field, "t.\(field.column)::text")
        case .object, .facts: self.init(field, "t.\(field.column)")
        case .owner(let owner, _): self.init(field, "\(Self.table(of: owner, from: level)).\(field.column)")
        case .adsManager: self.init(field, Self.adsManagerURL(level))
        case .creative(let column): self.init(field, "k.\(column)")
        case .picture(let width):
            self.init(field, Self.pictureURL(width, account: "t.ad_account_id", name: "k.picture"))
        case .first(let names):
            let columns = names.compactMap { Field.named($0).map { "t.\($0.column)" } }
            self.init(field, "coalesce(\(columns.joined(separator: ", ")))")
        case .parentID(let parent): self.init(field, "t.\(Mirror.of(parent).key)")
        case .parentName(let parent): self.init(field, "\(Self.table(of: parent, from: level)).name")
        case .firstDay, .lastDay: self.init(field, "NULL::text")
        case .formula(let formula):
            let isStored = metrics == field.metrics && Mirror.of(level).ratios.contains(field.column)
            self.init(
                field,
                isStored ? "t.\(field.column)" : formula.sql(metrics) { "t.\($0.column)::numeric" },
                metrics
            ) { period in
                SumSQL(
                    row: formula.sql(metrics) { "\(period.sums).\($0.column)" },
                    total: formula.sql(metrics, period.total)
                )
            }
        case .insight, .events, .purchases, .purchaseValue, .customConversions, .sameAs, .stored:
            self.init(field, metrics[0])
        case .results:
            self.init(field, "t.\(field.column)", metrics) { period in
                SumSQL(row: period.value(.results), total: period.shownTotal(.results))
            }
        case .resultType:
            self.init(field, ResultWords.sql { "t.\($0.column)" }, metrics) { period in
                SumSQL(
                    row: ResultWords.sql { "\(period.sums).\($0.column)" },
                    total: ResultWords.sql(period.total)
                )
            }
        }
    }

    /// The number of a custom conversion.
    /// - Parameter name: of the member.
    static func custom(_ id: String, named name: String) -> AnswerColumn {
        let column = CustomSums.column(id)
        let sum = { (period: Period) in
            SumSQL(row: period.value(column), total: "trim_scale(\(period.total(column))::numeric)")
        }
        return AnswerColumn(
            name,
            .number,
            CustomSums.stored(id),
            sum: sum(.requested),
            comparedSum: sum(.compared),
            conversions: [id],
            isNullable: true
        )
    }

    private static func costOfCustom(_ id: String, named name: String) -> AnswerColumn {
        let column = CustomSums.column(id)
        let spend = Metric.spend.column
        let sum = { (period: Period) in
            SumSQL(
                row: ratio("\(period.sums).\(spend)", "\(period.sums).\(column)"),
                total: ratio(period.total(spend), period.total(column))
            )
        }
        return AnswerColumn(
            name,
            .number,
            ratio("t.\(spend)", CustomSums.stored(id)),
            sum: sum(.requested),
            comparedSum: sum(.compared),
            metrics: [.spend],
            conversions: [id],
            costDivisor: (CustomSums.stored(id), column),
            isNullable: true
        )
    }

    static func ratio(_ above: String, _ below: String) -> String {
        "trim_scale(round(\(above)::numeric / nullif(\(below), 0), 6))"
    }

    private init(_ field: Field, _ metric: Metric) {
        let sql = "t.\(metric.column)"
        guard !metric.isText else {
            self.init(field, sql, ofDays: field.isSetting ? nil : "NULL::text")
            return
        }
        self.init(field, sql, [metric]) { period in
            // People are counted once, on however many days they were reached, and whatever reached them.
            let row = metric.isAdditive ? period.value(metric) : period.people(metric)
            return SumSQL(row: row, total: period.shownTotal(metric))
        }
    }

    /// The table that has the objects of a level to which a row belongs: see `AnswerTable.source`.
    private static func table(of owner: Level, from level: Level) -> String {
        owner == level ? "t" : owner == .campaign ? "c" : "g"
    }

    /// The address of our copy of a picture; NULL if there is none.
    static func pictureURL(_ width: Int, account: String, name: String) -> String {
        "'/api/media/' || \(account) || '/' || \(name) || '?w=\(width)'"
    }

    private static func adsManagerURL(_ level: Level) -> String {
        let (page, parameter) =
            switch level {
            case .campaign: ("campaigns", "selected_campaign_ids")
            case .adSet: ("adsets", "selected_adset_ids")
            case .ad: ("ads", "selected_ad_ids")
            }
        let account = "(SELECT facebook_account_id FROM ad_accounts WHERE id = t.ad_account_id)"
        let address = "https://adsmanager.facebook.com/adsmanager/manage/\(page)?act="
        return "concat('\(address)', \(account), '&\(parameter)=', t.\(Mirror.of(level).key))"
    }

    private init(
        _ field: Field,
        _ sql: String,
        _ metrics: [Metric] = [],
        ofDays: String? = nil,
        sum: (Period) -> SumSQL? = { _ in nil }
    ) {
        self.init(
            field.name,
            Kind(field),
            sql,
            ofDays: ofDays,
            sum: sum(.requested),
            comparedSum: sum(.compared),
            metrics: metrics.filter(\.isAdditive),
            people: metrics.filter(Metric.ofPeople.contains),
            hasResults: metrics.contains(.results),
            costDivisor: field.isCost ? metrics.last.map { ("t.\($0.column)", $0.column) } : nil,
            isNullable: !field.isAlwaysThere
        )
    }
}

extension AnswerColumn.Kind {
    fileprivate init(_ field: Field) {
        self =
            switch (field.source, field.kind) {
            case (.firstDay, _): .firstDay
            case (.lastDay, _): .lastDay
            case (_, .text), (_, .boolean): .text
            case (_, .time): .timestamp
            case (_, .list): .json
            case (_, .count), (_, .money), (_, .ratio), (_, .percent): .number
            }
    }
}

extension Field.Formula {
    /// The ratio of sums, to six places; NULL where it is undefined or a part is unknown.
    /// - Parameter part: a numeric.
    func sql(_ metrics: [Metric], _ part: (Metric) -> String) -> String {
        let factor = factor == 1 ? "" : " * \(factor)"
        return "trim_scale(round(\(part(metrics[0]))\(factor) / nullif(\(part(metrics[1])), 0), 6))"
    }
}
