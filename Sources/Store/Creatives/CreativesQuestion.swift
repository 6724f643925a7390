package import Model
internal import Postgres

/// What /api/creatives is asked: the ads of an account, in groups that show the same thing.
package struct CreativesQuestion: Question, Equatable {
    /// The ads that count, and the days of their metrics.
    package var ads = TableQuestion(.ads)
    /// Names of the columns to answer with; `nil` for the default ones.
    package var fields: [String]?
    /// What groups have to meet.
    package var rowConditions: [Condition] = []
    package var order = TableQuestion.Order("spend", isDescending: true)
    package var limit: Int?
    package var after: Position?
    package var conversionEvent: ConversionEvent?

    package init() {}

    package var columns: [AnswerColumn] { (fields ?? Self.ownNames).compactMap(column) }

    /// The column of this name, in an account that counts this as conversions.
    private func column(_ name: String) -> AnswerColumn? {
        let column = Self.available.first { $0.name == name }
        guard column != nil, let field = Field.named(name), field.metrics(counting: conversionEvent) != field.metrics
        else { return column }
        return Self.column(field, counting: conversionEvent)
    }

    package var counters: [AnswerKind] { ads.days == nil ? [.creatives] : [.creatives, .insights] }
}

// MARK: Columns

extension CreativesQuestion {
    /// The columns of an answer that was asked for none in particular.
    package static let ownNames = [
        "id", "ads", "ad_count", "title", "body", "thumbnail", "impressions", "clicks", "ctr", "spend", "conversions",
        "roas",
        "date_start", "date_end",
    ]
    /// The most ids of ads in a group; `ad_count` counts all.
    package static let mostAds = 100

    /// All columns that groups can have. Each is SQL about the group `v`.
    package static let available: [AnswerColumn] =
        [
            AnswerColumn("id", .text, "v.id"), AnswerColumn("ads", .ids, "v.ads"),
            AnswerColumn("ad_count", .number, "v.ad_count"),
        ] + Field.all.compactMap { column($0, counting: nil) }

    private static func column(_ field: Field, counting event: ConversionEvent?) -> AnswerColumn? {
        guard field.levels.contains(.ad) else { return nil }
        switch field.source {
        case .creative(let column): return text(field, "v.\(column)")
        case .picture(let width):
            return text(field, AnswerColumn.pictureURL(width, account: "v.ad_account_id", name: "v.picture"))
        case .firstDay: return AnswerColumn(field.name, .firstDay, "NULL::text", isNullable: true)
        case .lastDay: return AnswerColumn(field.name, .lastDay, "NULL::text", isNullable: true)
        case .formula(let formula):
            // Results are counted by the goals of ad sets, which a group may mix.
            guard !field.metrics.contains(.results) else { return nil }
            let metrics = field.metrics(counting: event) ?? []
            // People are counted once, however many ads they saw: what is made of their number has no value for a group.
            // A custom conversion is none of the stored metrics.
            let isKnown = metrics.count == field.metrics.count && metrics.allSatisfy(\.isAdditive)
            return number(
                field,
                isKnown ? formula.sql(metrics) { "v.\($0.column)::numeric" } : "NULL::numeric",
                metrics
            )
        case .insight, .events, .purchases, .purchaseValue, .sameAs, .stored:
            guard !field.metrics[0].isText else { return nil }
            let metric = field.metrics(counting: event)?.first
            let isKnown = metric?.isAdditive == true
            return number(
                field,
                isKnown ? "trim_scale(v.\(metric?.column ?? "")::numeric)" : "NULL::numeric",
                [metric].compactMap(\.self)
            )
        default: return nil
        }
    }

    private static func text(_ field: Field, _ sql: String) -> AnswerColumn {
        AnswerColumn(field.name, .text, sql, isNullable: true)
    }

    private static func number(_ field: Field, _ sql: String, _ metrics: [Metric]) -> AnswerColumn {
        AnswerColumn(field.name, .number, sql, metrics: metrics.filter(\.isAdditive), isNullable: true)
    }
}

// MARK: Statement

extension CreativesQuestion {
    /// The metrics to add up: those of the columns, of the order, and of the conditions.
    private var metrics: [Metric] {
        let others = Set([order.column] + rowConditions.map(\.field))
        let used = columns + others.sorted().compactMap(column)
        let needed = Set(used.flatMap(\.metrics))
        return Metric.additive.filter { needed.contains($0) }
    }

    package func statement(of account: AdAccount.ID, rows: Int?) -> AnswerStatement {
        var values = Values()
        let account = values.add(account, "uuid")
        var ads = ads
        ads.fields = metrics.map(\.name)
        var head = AnswerHead.SQL(days: ads.days, totalsOf: .ad)
        var source = ads.table.source
        if let days = ads.days {
            head.held.append((.requested, Coverage.ofAds(account, days, &values)))
            let sums = DaySums(ads, .requested, days, account, &values)
            head.tables = sums.tables
            source += "\n\(sums.join)"
        }
        let groups = groupTable(ads, source, account, &values)
        let order = OrderSQL(column(self.order.column), id: "v.id", isDescending: self.order.isDescending)
        let conditions =
            rowConditions.compactMap { condition -> String? in
                guard let column = column(condition.field) else { return nil }
                return ConditionSQL(account: account, value: column.sql, kind: column.kind).condition(
                    condition,
                    &values
                )
            } + [order.condition(after: after, &values)].compactMap(\.self)
        var query = Query(
            raw: answer(
                of: account,
                head,
                RowsSQL(
                    values: layout.columns.map(\.sql),
                    position: limit.map { _ in (order.value, "v.id") },
                    source: """
                        FROM (\(groups)) v
                        \(conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: "\n  AND "))")
                        ORDER BY \(order.clause)
                        \(rows.map { "LIMIT \(values.add($0, "bigint"))" } ?? "")
                        """
                )
            ),
            values.all
        )
        query.isOneOff = true
        query.joinBySets()
        return AnswerStatement(query: query)
    }

    /// The groups. Ads whose creative is not read yet are a group of their own creative; texts are equal within a group. A sum with
    /// an unknown value in it is unknown.
    private func groupTable(
        _ ads: TableQuestion,
        _ source: String,
        _ account: String,
        _ values: inout Values
    ) -> String {
        let texts = ["title", "body", "call_to_action", "link_url", "post_url", "video_id", "picture"]
        let conditions = ads.conditions(account, &values) + [ads.statusCondition(&values)].compactMap(\.self)
        let metricValues = metrics.map { metric in
            "\(ads.days == nil ? "t.\(metric.column)" : Period.requested.value(metric)) AS \(metric.column)"
        }
        return """
            SELECT r.id, (array_agg(r.ad ORDER BY r.created_at DESC NULLS LAST, r.ad DESC))[1:\(Self.mostAds)] AS ads,
                   count(*) AS ad_count, \((texts.map { "max(r.\($0)) AS \($0)" }).joined(separator: ", ")),
                   \(account) AS ad_account_id\(metrics.map { ", \(StrictSum.of("r.\($0.column)")) AS \($0.column)" }.joined())
            FROM (
                SELECT coalesce(k.content_key, 'creative-' || t.facebook_creative_id, 'ad-' || t.facebook_ad_id) AS id,
                       t.facebook_ad_id AS ad, t.created_at, \(texts.map { "k.\($0)" }.joined(separator: ", "))
                       \(metricValues.map { ", \($0)" }.joined())
                FROM \(source)
                WHERE \(conditions.joined(separator: "\n  AND "))
            ) r GROUP BY r.id
            """
    }
}
