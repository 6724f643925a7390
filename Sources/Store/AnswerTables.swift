package import Model
internal import Postgres

/// What one of the table routes answers: its columns in the order in which they stand in each object.
package struct AnswerTable: Sendable {
    package enum Kind: Sendable {
        case text
        /// PostgreSQL's text of a number is a JSON number as it stands.
        case number
        /// `2024-03-12 22:02:47+00`.
        case timestamp
    }

    package struct Column: Sendable {
        package let name: String
        package let kind: Kind
        let sql: String

        init(_ name: String, _ kind: Kind, _ sql: String) {
            self.name = name
            self.kind = kind
            self.sql = sql
        }
    }

    /// The name of the list in the answer.
    package let member: String
    package let columns: [Column]
    /// The counter of its changes, and the column of `ad_accounts a` in which it is.
    package let version: any KeyPath<DataVersions, Int> & Sendable
    let versionColumn: String
    /// Table `t` and what is joined to it.
    let source: String
    let key: String
}

extension AnswerTable {
    package static let campaigns = AnswerTable(
        member: "campaigns",
        columns: [
            Column("id", .text, "t.facebook_campaign_id"),
            Column("name", .text, "t.name"),
            Column("status", .text, "t.status"),
            Column("effective_status", .text, "t.effective_status"),
            Column("objective", .text, "t.objective"),
            Column("budget", .number, "coalesce(t.daily_budget, t.lifetime_budget)"),
            Column("daily_budget", .number, "t.daily_budget"),
            Column("lifetime_budget", .number, "t.lifetime_budget"),
            Column("spent", .number, "t.spent"),
            Column("impressions", .number, "t.impressions"),
            Column("clicks", .number, "t.clicks"),
            Column("ctr", .number, "t.ctr"),
            Column("cpc", .number, "t.cpc"),
            Column("cpm", .number, "t.cpm"),
            Column("reach", .number, "t.reach"),
            Column("frequency", .number, "t.frequency"),
            Column("conversions", .number, "t.conversions"),
            Column("cost_per_conversion", .number, "t.cost_per_conversion"),
        ] + days + times,
        version: \.campaigns,
        versionColumn: "a.campaigns_version",
        source: "campaigns t",
        key: "t.facebook_campaign_id"
    )

    package static let adSets = AnswerTable(
        member: "adSets",
        columns: [
            Column("id", .text, "t.facebook_ad_set_id"),
            Column("name", .text, "t.name"),
            Column("campaign_id", .text, "t.facebook_campaign_id"),
            Column("campaign_name", .text, "c.name"),
            Column("status", .text, "t.status"),
            Column("effective_status", .text, "t.effective_status"),
            Column("budget", .number, "coalesce(t.daily_budget, t.lifetime_budget)"),
            Column("daily_budget", .number, "t.daily_budget"),
            Column("lifetime_budget", .number, "t.lifetime_budget"),
            Column("optimization_goal", .text, "t.optimization_goal"),
            Column("spent", .number, "t.spent"),
            Column("impressions", .number, "t.impressions"),
            Column("clicks", .number, "t.clicks"),
            Column("ctr", .number, "t.ctr"),
            Column("cpc", .number, "t.cpc"),
            Column("cpm", .number, "t.cpm"),
            Column("reach", .number, "t.reach"),
            Column("conversions", .number, "t.conversions"),
        ] + days + times,
        version: \.adSets,
        versionColumn: "a.ad_groups_version",
        source: "(ad_groups t LEFT JOIN campaigns c ON c.facebook_campaign_id = t.facebook_campaign_id)",
        key: "t.facebook_ad_set_id"
    )

    package static let ads = AnswerTable(
        member: "ads",
        columns: [
            Column("id", .text, "t.facebook_ad_id"),
            Column("name", .text, "t.name"),
            Column("ad_set_id", .text, "t.facebook_ad_set_id"),
            Column("ad_set_name", .text, "g.name"),
            Column("campaign_id", .text, "t.facebook_campaign_id"),
            Column("campaign_name", .text, "c.name"),
            Column("format", .text, "t.format"),
            Column("status", .text, "t.status"),
            Column("effective_status", .text, "t.effective_status"),
            Column("impressions", .number, "t.impressions"),
            Column("clicks", .number, "t.clicks"),
            Column("ctr", .number, "t.ctr"),
            Column("engagement", .number, "t.engagement"),
            Column("spend", .number, "t.spent"),
            Column("conversions", .number, "t.conversions"),
            Column("roas", .number, "t.roas"),
        ] + days + times,
        version: \.ads,
        versionColumn: "a.creatives_version",
        source: """
            (creatives t
             LEFT JOIN ad_groups g ON g.facebook_ad_set_id = t.facebook_ad_set_id
             LEFT JOIN campaigns c ON c.facebook_campaign_id = t.facebook_campaign_id)
            """,
        key: "t.facebook_ad_id"
    )

    private static let days = [
        Column("date_start", .text, "a.metrics_since"),
        Column("date_end", .text, "a.metrics_until"),
    ]
    private static let times = [
        Column("created_at", .timestamp, "t.created_at"),
        Column("updated_at", .timestamp, "t.updated_at"),
    ]
}

extension Store {
    /// Reads an account's rows of a table, newest first, without those deleted or archived.
    ///
    /// One statement, so the version and the rows belong together, whatever a sync commits meanwhile: that is why the
    /// account stands first in the join, and gives one row without a key when it has nothing in the table.
    /// - Parameter cell: called for each column of each row, in order; the bytes live until it returns.
    /// - Returns: the data version that the rows stand for; `nil` when the account is gone.
    package func read(
        _ table: AnswerTable,
        of account: AdAccount.ID,
        cell: (_ column: Int, _ text: UnsafeBufferPointer<UInt8>?) -> Void
    ) throws -> Int? {
        var version: Int?
        try connection.forEachRow(
            """
            SELECT \(raw: table.versionColumn), \(raw: table.columns.map(\.sql).joined(separator: ", "))
            FROM ad_accounts a
            LEFT JOIN \(raw: table.source) ON t.ad_account_id = a.id
                AND t.status NOT IN ('DELETED', 'ARCHIVED') AND t.effective_status NOT IN ('DELETED', 'ARCHIVED')
            WHERE a.id = \(account)::uuid
            ORDER BY t.created_at DESC, \(raw: table.key) DESC
            """
        ) { row in
            if version == nil { version = try row.integer(0) }
            guard !row.isNull(1) else { return }  // the first column is the key
            for column in table.columns.indices {
                row.withBytes(column + 1) { cell(column, $0) }
            }
        }
        return version
    }
}
