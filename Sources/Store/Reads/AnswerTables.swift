package import Model

/// What one of the table routes answers.
package struct AnswerTable: Sendable, Equatable {
    package let kind: AnswerKind
    /// The objects that it covers.
    package let level: Level
    /// The columns of an answer that was asked for none in particular, in the order in which they stand in each object.
    package let columns: [AnswerColumn]
    /// All columns that it can have, in the catalogue's order.
    package let available: [AnswerColumn]
    /// Table `t` and what is joined to it.
    let source: String
    /// Facebook's id: the column of `t`, and of `insights_daily`.
    let key: String
    /// Which rows belong to an ad set, whose id goes where `?` stands.
    let adSetCondition: String

    private init(
        _ kind: AnswerKind,
        _ level: Level,
        columns names: String,
        source: String,
        adSetCondition: String
    ) {
        self.kind = kind
        self.level = level
        let available = Field.all.filter { $0.levels.contains(level) }.map { AnswerColumn($0, of: level) }
        self.available = available
        columns = names.split(separator: " ").map { name in
            guard let column = available.first(where: { $0.name == name }) else {
                preconditionFailure("no field of a \(level) is named \(name)")
            }
            return column
        }
        self.source = source
        key = Mirror.of(level).key
        self.adSetCondition = adSetCondition
    }

    package static let all = [campaigns, adSets, ads]

    package static func of(_ level: Level) -> AnswerTable {
        switch level {
        case .campaign: campaigns
        case .adSet: adSets
        case .ad: ads
        }
    }

    /// There is one of each kind.
    package static func == (one: AnswerTable, other: AnswerTable) -> Bool { one.kind == other.kind }

    /// The names of the columns that have a total over all rows.
    package var totalNames: [String] { available.filter(\.isMetric).map(\.name) }

    /// How its answers are made, as one text.
    package var form: String {
        let lines = available.map { column in
            [
                column.name, "\(column.kind)", column.sql, column.sum?.row ?? column.ofDays ?? "",
                column.sum?.total ?? "",
            ].joined(
                separator: "|"
            )
        }
        return (columns.map(\.name) + lines).joined(separator: "\n")
    }
}

extension AnswerTable {
    package static let campaigns = AnswerTable(
        .campaigns,
        .campaign,
        columns: """
            id name status effective_status objective budget daily_budget lifetime_budget \
            spent impressions clicks ctr cpc cpm reach frequency conversions cost_per_conversion \
            date_start date_end created_at updated_at
            """,
        source: "campaigns t",
        adSetCondition: """
            t.facebook_campaign_id = (SELECT facebook_campaign_id FROM ad_groups
                                      WHERE facebook_ad_set_id = ? AND ad_account_id = t.ad_account_id)
            """
    )

    package static let adSets = AnswerTable(
        .adSets,
        .adSet,
        columns: """
            id name campaign_id campaign_name status effective_status budget daily_budget lifetime_budget \
            optimization_goal spent impressions clicks ctr cpc cpm reach conversions \
            date_start date_end created_at updated_at
            """,
        source: """
            ad_groups t
            LEFT JOIN campaigns c ON c.facebook_campaign_id = t.facebook_campaign_id AND c.ad_account_id = t.ad_account_id
            """,
        adSetCondition: "t.facebook_ad_set_id = ?"
    )

    package static let ads = AnswerTable(
        .ads,
        .ad,
        columns: """
            id name ad_set_id ad_set_name campaign_id campaign_name format status effective_status \
            impressions clicks ctr engagement spend conversions roas date_start date_end created_at updated_at
            """,
        source: """
            creatives t
            LEFT JOIN ad_groups g ON g.facebook_ad_set_id = t.facebook_ad_set_id AND g.ad_account_id = t.ad_account_id
            LEFT JOIN campaigns c ON c.facebook_campaign_id = t.facebook_campaign_id AND c.ad_account_id = t.ad_account_id
            LEFT JOIN ad_creatives k
                ON k.facebook_creative_id = t.facebook_creative_id AND k.ad_account_id = t.ad_account_id
            """,
        adSetCondition: "t.facebook_ad_set_id = ?"
    )
}
