internal import Model

/// A member of the objects that a read route answers with.
package struct AnswerColumn: Sendable {
    package enum Kind: Sendable {
        case text
        /// PostgreSQL's text of a number is a JSON number as it stands.
        case number
        /// `2024-03-12 22:02:47+00`.
        case timestamp
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
    /// Where it comes from when the metrics `m` are sums of days; `nil` for the same.
    let ranged: String?
    /// What all rows together have, made of the sums `s` of `TableTotals`; `nil` for what is no metric.
    let total: String?
    /// The part of a cost that it is divided by. Money spent with none of it is the worst cost; see `OrderSQL`.
    let costDivisor: String?

    init(
        _ name: String,
        _ kind: Kind,
        _ sql: String,
        ranged: String? = nil,
        total: String? = nil,
        costDivisor: String? = nil,
        isNullable: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.isNullable = isNullable
        self.sql = sql
        self.ranged = ranged
        self.total = total
        self.costDivisor = costDivisor
    }
}

/// What one of the table routes answers: its columns in the order in which they stand in each object.
package struct AnswerTable: Sendable, Equatable {
    package let kind: AnswerKind
    package let columns: [AnswerColumn]
    /// Table `t` and what is joined to it.
    let source: String
    /// Facebook's id: the column of `t`, and of `insights_daily`.
    let key: String
    /// Which rows belong to an ad set, whose id goes where `?` stands.
    let adSetCondition: String

    /// The columns that have a total over all rows.
    package var totalNames: [String] { columns.filter { $0.total != nil }.map(\.name) }
}

extension AnswerTable {
    /// The objects that it covers.
    var level: Level {
        switch kind {
        case .campaigns: .campaign
        case .adSets: .adSet
        case .ads, .insights, .changes: .ad
        }
    }

    /// There is one of each kind.
    package static func == (one: AnswerTable, other: AnswerTable) -> Bool { one.kind == other.kind }

    package static let campaigns = AnswerTable(
        kind: .campaigns,
        columns: [
            AnswerColumn("id", .text, "t.facebook_campaign_id"),
            name,
            AnswerColumn("status", .text, "t.status"),
            AnswerColumn("effective_status", .text, "t.effective_status"),
            AnswerColumn("objective", .text, "t.objective", isNullable: true),
        ] + budgets + [
            spending("spent"), impressions, clicks, ctr, cpc, cpm, reach, frequency, conversions,
            ratio("cost_per_conversion", of: "spent", by: "conversions", costDivisor: "conversions"),
        ] + times,
        source: "campaigns t",
        key: "facebook_campaign_id",
        adSetCondition: """
            t.facebook_campaign_id = (SELECT facebook_campaign_id FROM ad_groups
                                      WHERE facebook_ad_set_id = ? AND ad_account_id = t.ad_account_id)
            """
    )

    package static let adSets = AnswerTable(
        kind: .adSets,
        columns: [
            AnswerColumn("id", .text, "t.facebook_ad_set_id"),
            name,
            AnswerColumn("campaign_id", .text, "t.facebook_campaign_id"),
            AnswerColumn("campaign_name", .text, "c.name", isNullable: true),
            AnswerColumn("status", .text, "t.status"),
            AnswerColumn("effective_status", .text, "t.effective_status"),
        ] + budgets + [
            AnswerColumn("optimization_goal", .text, "t.optimization_goal", isNullable: true),
            spending("spent"), impressions, clicks, ctr, cpc, cpm, reach, conversions,
        ] + times,
        source: """
            ad_groups t
            LEFT JOIN campaigns c ON c.facebook_campaign_id = t.facebook_campaign_id AND c.ad_account_id = t.ad_account_id
            """,
        key: "facebook_ad_set_id",
        adSetCondition: "t.facebook_ad_set_id = ?"
    )

    package static let ads = AnswerTable(
        kind: .ads,
        columns: [
            AnswerColumn("id", .text, "t.facebook_ad_id"),
            name,
            AnswerColumn("ad_set_id", .text, "t.facebook_ad_set_id"),
            AnswerColumn("ad_set_name", .text, "g.name", isNullable: true),
            AnswerColumn("campaign_id", .text, "t.facebook_campaign_id"),
            AnswerColumn("campaign_name", .text, "c.name", isNullable: true),
            AnswerColumn("format", .text, "t.format", isNullable: true),
            AnswerColumn("status", .text, "t.status"),
            AnswerColumn("effective_status", .text, "t.effective_status"),
            impressions, clicks, ctr,
            sum("engagement"), spending("spend"), conversions, ratio("roas", of: "conversion_value", by: "spent"),
        ] + times,
        source: """
            creatives t
            LEFT JOIN ad_groups g ON g.facebook_ad_set_id = t.facebook_ad_set_id AND g.ad_account_id = t.ad_account_id
            LEFT JOIN campaigns c ON c.facebook_campaign_id = t.facebook_campaign_id AND c.ad_account_id = t.ad_account_id
            """,
        key: "facebook_ad_id",
        adSetCondition: "t.facebook_ad_set_id = ?"
    )

    // What the tables have in common. Ratios over days are made as the stored ones are (migration 2): from the sums.

    private static let name = AnswerColumn("name", .text, "t.name")
    private static let budgets = [
        AnswerColumn("budget", .number, "coalesce(t.daily_budget, t.lifetime_budget)", isNullable: true),
        AnswerColumn("daily_budget", .number, "t.daily_budget", isNullable: true),
        AnswerColumn("lifetime_budget", .number, "t.lifetime_budget", isNullable: true),
    ]
    private static func spending(_ name: String) -> AnswerColumn { sum("spent", as: name) }
    private static let impressions = sum("impressions")
    private static let clicks = sum("clicks")
    private static let ctr = ratio("ctr", of: "clicks", times: "100.0", by: "impressions")
    private static let cpc = ratio("cpc", of: "spent", by: "clicks", costDivisor: "clicks")
    private static let cpm = ratio("cpm", of: "spent", times: "1000", by: "impressions", costDivisor: "impressions")
    private static let conversions = sum("conversions")
    /// People are counted once, on however many days they were reached, and whatever reached them.
    private static let reach = notAdditive("reach", "bigint")
    private static let frequency = notAdditive("frequency", "numeric")
    private static let times = [
        AnswerColumn("date_start", .firstDay, "NULL::text", isNullable: true),
        AnswerColumn("date_end", .lastDay, "NULL::text", isNullable: true),
        AnswerColumn("created_at", .timestamp, "t.created_at", isNullable: true),
        AnswerColumn("updated_at", .timestamp, "t.updated_at", isNullable: true),
    ]

    /// A metric that adds up.
    private static func sum(_ column: String, as name: String? = nil) -> AnswerColumn {
        AnswerColumn(
            name ?? column,
            .number,
            "t.\(column)",
            ranged: TableTotals.ranged(column),
            total: "trim_scale(s.\(column)::numeric)",
            isNullable: true
        )
    }

    /// A ratio, over days made of the sums as the stored one is (migration 2).
    private static func ratio(
        _ name: String,
        of dividend: String,
        times factor: String = "1",
        by divisor: String,
        costDivisor: String? = nil
    ) -> AnswerColumn {
        let sql = { (table: String) in
            "trim_scale(round(\(table).\(dividend) * \(factor) / nullif(\(table).\(divisor), 0), 6))"
        }
        return AnswerColumn(
            name,
            .number,
            "t.\(name)",
            ranged: sql("m"),
            total: sql("s"),
            costDivisor: costDivisor,
            isNullable: true
        )
    }

    /// A metric of Facebook's own periods, which sums of days or of rows do not have.
    private static func notAdditive(_ name: String, _ type: String) -> AnswerColumn {
        let none = "NULL::\(type)"
        return AnswerColumn(name, .number, "t.\(name)", ranged: none, total: none, isNullable: true)
    }
}
