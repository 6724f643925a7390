package import Model
internal import Postgres

/// A field that Facebook refuses to return for an account. Metrics are unknown meanwhile; objects keep what they had.
package struct UnavailableField: Sendable, Equatable {
    /// The API's name: `conversion_value`.
    package let metric: String
    /// `campaign`, `adset`, `ad`, `account_day` or `ad_day`.
    package let level: String
    /// Facebook's name: `action_values`.
    package let field: String
    /// RFC 3339.
    package let since: String?
}

extension Store {
    package func unavailableFields(of account: AdAccount.ID) throws -> [UnavailableField] {
        let refused = try connection.rows(
            """
            SELECT list, unnest(refused_fields) AS field, refused_since FROM sync_lists
            -- A child of the version before writes a row for history, which the last days' row decides about.
            WHERE ad_account_id = \(account)::uuid AND list <> \(SyncList.history.rawValue) ORDER BY list, field
            """
        ) { (list: try $0.text(0), field: try $0.text(1), since: $0.optionalTimestamp(2)) }
        return refused.flatMap { list, field, since in
            guard let list = SyncList(rawValue: list) else { return [UnavailableField]() }
            let names = list.isInsights ? Field.metrics(from: field) : Field.attributes(from: field)
            return (names.isEmpty ? [field] : names).map {
                UnavailableField(metric: $0, level: list.level, field: field, since: since)
            }
        }
    }
}

extension SyncList {
    fileprivate var isInsights: Bool {
        switch self {
        case .campaigns, .adSets, .ads: false
        default: true
        }
    }

    fileprivate var level: String {
        switch self {
        case .campaigns, .campaignTotals: "campaign"
        case .adSets, .adSetTotals: "adset"
        case .ads, .adTotals: "ad"
        case .accountDays: "account_day"
        case .recentDays, .history: "ad_day"
        }
    }
}
