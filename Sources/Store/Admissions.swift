package import Model
internal import Postgres

/// Who sent a request, and what of the account that they asked for.
package struct Admission: Sendable {
    package let userID: String
    package let email: String
    package let tokenID: String
    /// The last use on record is old enough to be written again.
    package let isUseWorthNoting: Bool
    /// The account asked for; `nil` when it is unknown, or not theirs to see, which nobody can tell apart.
    package let account: AdmittedAccount?
}

package struct AdmittedAccount: Sendable {
    package let id: AdAccount.ID
    package let role: Role
    package let state: SyncState
    /// RFC 3339.
    package let lastSyncedAt: String?
    package let versions: DataVersions
    /// The day that it is in the account's time zone.
    package let today: Day
    /// In which of the account's days the moments are that were asked about.
    package let momentDays: [Day?]
}

/// Counts the changes of what each of the read routes answers for an account.
package struct DataVersions: Sendable, Equatable {
    package let campaigns: Int
    package let adSets: Int
    package let ads: Int
    package let insights: Int
    package let changes: Int
}

extension Store {
    /// Authenticates and authorizes in one statement.
    /// - Parameters:
    ///   - tokenHash: SHA-256 of the bearer token.
    ///   - reference: the account asked for, if any.
    ///   - moments: up to two moments of which one wants to know the day, in the account's time zone.
    /// - Returns: `nil` for a token that is unknown, expired or revoked.
    package func admission(
        tokenHash: [UInt8],
        reference: AccountReference?,
        moments: [Timestamp?] = []
    ) throws -> Admission? {
        let moments = (0..<2).map { moments.indices.contains($0) ? moments[$0]?.description : nil }
        return try connection.firstRow(
            """
            SELECT u.id, u.email, t.id, coalesce(t.last_used_at < now() - interval '1 minute', true),
                   a.id, a.role, a.last_synced_at, a.campaigns_version, a.ad_groups_version, a.creatives_version,
                   a.insights_version, a.changes_version, (now() AT TIME ZONE a.time_zone)::date,
                   (\(moments[0])::timestamptz AT TIME ZONE a.time_zone)::date,
                   (\(moments[1])::timestamptz AT TIME ZONE a.time_zone)::date,
                   \(raw: SyncStateColumns.sql)
            FROM access_tokens t
            JOIN users u ON u.id = t.user_id
            LEFT JOIN LATERAL (
                SELECT ad_accounts.*, x.role FROM ad_accounts
                JOIN account_access x ON x.ad_account_id = ad_accounts.id AND x.user_id = u.id
                WHERE ad_accounts.id = \(reference?.id)::uuid OR ad_accounts.facebook_account_id = \(reference?.facebookID)
            ) a ON true
            \(raw: SyncStateColumns.join)
            WHERE t.token_hash = \(tokenHash)::bytea AND t.revoked_at IS NULL
              AND (t.expires_at IS NULL OR t.expires_at > now())
            """
        ) { row in
            Admission(
                userID: try row.text(0),
                email: try row.text(1),
                tokenID: try row.text(2),
                isUseWorthNoting: try row.boolean(3),
                account: row.isNull(4) ? nil : try decodeAccount(row)
            )
        }
    }

    private func decodeAccount(_ row: borrowing Row) throws -> AdmittedAccount {
        AdmittedAccount(
            id: AdAccount.ID(rawValue: try row.text(4)),
            role: Role(rawValue: try row.text(5)) ?? .viewer,
            state: try SyncStateColumns.decode(row, from: 15),
            lastSyncedAt: row.optionalTimestamp(6),
            versions: DataVersions(
                campaigns: try row.integer(7),
                adSets: try row.integer(8),
                ads: try row.integer(9),
                insights: try row.integer(10),
                changes: try row.integer(11)
            ),
            today: Day(try row.text(12)) ?? Day(daysSince1970: 0),
            momentDays: [row.optionalText(13).flatMap { Day($0) }, row.optionalText(14).flatMap { Day($0) }]
        )
    }
}
