package import Model
internal import Postgres

/// A kind of answer that caches keep, and that can be made to come from the database anew.
package enum AnswerKind: String, Sendable, CaseIterable {
    case campaigns
    case adSets = "ad-sets"
    case ads
    case insights
    case changes

    fileprivate var column: String {
        switch self {
        case .campaigns: "campaigns_version"
        case .adSets: "ad_groups_version"
        case .ads: "creatives_version"
        case .insights: "insights_version"
        case .changes: "changes_version"
        }
    }
}

extension Store {
    /// Makes every cached answer of a kind unreachable.
    /// - Parameters:
    ///   - account: the one account; `nil` for each.
    ///   - userID: only accounts of which that person is a manager; `nil` for the operator.
    /// - Returns: the accounts.
    package func revalidate(
        _ kind: AnswerKind,
        of account: AdAccount.ID?,
        for userID: String? = nil
    ) throws -> [AdAccount.ID] {
        try connection.rows(
            """
            UPDATE ad_accounts a SET \(raw: kind.column) = \(raw: DataVersion.raised(kind.column))
            WHERE (\(account)::uuid IS NULL OR a.id = \(account)::uuid)
              AND (\(userID)::uuid IS NULL OR EXISTS (
                  SELECT FROM account_access x
                  WHERE x.ad_account_id = a.id AND x.user_id = \(userID)::uuid AND x.role = 'manager'))
            RETURNING a.id
            """
        ) { AdAccount.ID(rawValue: try $0.text(0)) }
    }
}
