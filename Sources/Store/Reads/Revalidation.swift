package import Model
internal import Postgres

extension Store {
    /// Makes every cached response of a kind unreachable.
    /// - Parameters:
    ///   - account: One account; `nil` for all.
    ///   - userID: Only accounts that this person manages; `nil` for the command line.
    /// - Returns: The accounts.
    package func revalidate(
        _ kind: AnswerKind,
        of account: AdAccount.ID?,
        for userID: String? = nil
    ) throws -> [AdAccount.ID] {
        try connection.rows(
            """
            UPDATE ad_accounts a SET \(raw: kind.counter) = \(raw: DataVersion.raised(kind.counter))
            WHERE (\(account)::uuid IS NULL OR a.id = \(account)::uuid)
              AND (\(userID)::uuid IS NULL OR EXISTS (
                  SELECT FROM account_access x
                  WHERE x.ad_account_id = a.id AND x.user_id = \(userID)::uuid AND x.role IN ('manager', 'owner')))
            RETURNING a.id
            """
        ) { AdAccount.ID(rawValue: try $0.text(0)) }
    }
}
