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
    /// Where it comes from when the metrics are those stored with the objects.
    let sql: String
    /// Where it comes from when the metrics `m` are sums of days; `nil` for the same.
    let ranged: String?

    init(_ name: String, _ kind: Kind, _ sql: String, ranged: String? = nil, isNullable: Bool = false) {
        self.name = name
        self.kind = kind
        self.isNullable = isNullable
        self.sql = sql
        self.ranged = ranged
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
}

extension AnswerTable {
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
            spending("spent"), impressions, clicks, ctr, cpc, cpm, reach,
            AnswerColumn("frequency", .number, "t.frequency", ranged: "NULL::numeric", isNullable: true),
            conversions,
            AnswerColumn(
                "cost_per_conversion",
                .number,
                "t.cost_per_conversion",
                ranged: ratio("m.spent", "m.conversions"),
                isNullable: true
            ),
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
            AnswerColumn("engagement", .number, "t.engagement", ranged: sum("m.engagement")),
            spending("spend"), conversions,
            AnswerColumn("roas", .number, "t.roas", ranged: ratio("m.conversion_value", "m.spent"), isNullable: true),
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
    private static func spending(_ name: String) -> AnswerColumn {
        AnswerColumn(name, .number, "t.spent", ranged: sum("m.spent"))
    }
    private static let impressions = AnswerColumn(
        "impressions",
        .number,
        "t.impressions",
        ranged: "coalesce(m.impressions, 0)"
    )
    private static let clicks = AnswerColumn("clicks", .number, "t.clicks", ranged: "coalesce(m.clicks, 0)")
    private static let ctr = AnswerColumn(
        "ctr",
        .number,
        "t.ctr",
        ranged: ratio("m.clicks * 100.0", "m.impressions"),
        isNullable: true
    )
    private static let cpc = AnswerColumn(
        "cpc",
        .number,
        "t.cpc",
        ranged: ratio("m.spent", "m.clicks"),
        isNullable: true
    )
    private static let cpm = AnswerColumn(
        "cpm",
        .number,
        "t.cpm",
        ranged: ratio("m.spent * 1000", "m.impressions"),
        isNullable: true
    )
    /// People are counted once, on however many days they were reached.
    private static let reach = AnswerColumn("reach", .number, "t.reach", ranged: "NULL::bigint", isNullable: true)
    private static let conversions = AnswerColumn(
        "conversions",
        .number,
        "t.conversions",
        ranged: sum("m.conversions")
    )
    private static let times = [
        AnswerColumn("date_start", .firstDay, "NULL::text", isNullable: true),
        AnswerColumn("date_end", .lastDay, "NULL::text", isNullable: true),
        AnswerColumn("created_at", .timestamp, "t.created_at", isNullable: true),
        AnswerColumn("updated_at", .timestamp, "t.updated_at", isNullable: true),
    ]

    private static func sum(_ column: String) -> String { "trim_scale(coalesce(\(column), 0))" }

    private static func ratio(_ dividend: String, _ divisor: String) -> String {
        "trim_scale(round(\(dividend) / nullif(\(divisor), 0), 6))"
    }
}
