package import Model
internal import Postgres

/// The SHA-256 of a credential. People who can read the database cannot use it.
package enum CredentialHash: Sendable, Equatable {
    /// A token for programs.
    case token([UInt8])
    /// The id of a session, from a cookie.
    case session([UInt8])
    /// The e-mail address, from a proxy in front that signs people in.
    case proxied(email: String)
}

/// The sender of a request, and the state of the requested account.
package struct Admission: Sendable {
    package let userID: String
    package let email: String
    /// What the credential may be used for.
    package let scope: TokenScope
    /// The last use on record is old enough to be written again.
    package let shouldRecordUse: Bool
    /// The requested account; `nil` if it is unknown or not visible to the person. These two cannot be distinguished.
    package let account: AdmittedAccount?
}

package struct AdmittedAccount: Sendable {
    package let id: AdAccount.ID
    package let facebookID: String
    package let role: Role
    package let state: SyncState
    /// RFC 3339.
    package let lastSyncedAt: String?
    package let versions: DataVersions
    /// The day that it is in the account's time zone.
    package let today: Day
    /// In which of the account's days the moments are that were asked about.
    package let boundDays: [Day?]
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
    ///   - reference: The requested account, if any.
    ///   - moments: Up to two timestamps to convert to days in the account's time zone.
    /// - Returns: `nil` if the credential is unknown, expired or revoked.
    package func admission(
        of credential: CredentialHash,
        to reference: AccountReference?,
        moments: [Timestamp?] = []
    ) throws -> Admission? {
        let moments = (0..<2).map { index in index < moments.count ? moments[index]?.description : nil }
        // The credential is $1, of any kind.
        let query = Query(
            raw: """
                SELECT c.user_id, u.email, c.scope, c.last_used_at IS NULL OR c.last_used_at < now() - interval '1 minute',
                       a.id, a.role, a.last_synced_at, a.campaigns_version, a.ad_groups_version, a.creatives_version,
                       a.insights_version, a.changes_version, (now() AT TIME ZONE a.time_zone)::date,
                       ($2::timestamptz AT TIME ZONE a.time_zone)::date,
                       ($3::timestamptz AT TIME ZONE a.time_zone)::date, a.facebook_account_id,
                       \(SyncStateColumns.sql)
                FROM (\(credential.source)) c
                JOIN users u ON u.id = c.user_id
                LEFT JOIN LATERAL (
                    SELECT ad_accounts.*, x.role FROM ad_accounts
                    JOIN account_access x ON x.ad_account_id = ad_accounts.id AND x.user_id = u.id
                    WHERE ad_accounts.id = $4::uuid OR ad_accounts.facebook_account_id = $5
                ) a ON true
                \(SyncStateColumns.join)
                """,
            credential.value,
            moments[0],
            moments[1],
            reference?.id,
            reference?.facebookID
        )
        return try connection.firstRow(query) { row in
            Admission(
                userID: try row.text(0),
                email: try row.text(1),
                scope: TokenScope(rawValue: try row.text(2)) ?? .read,
                shouldRecordUse: try row.boolean(3),
                account: row.isNull(4) ? nil : try decodeAccount(row)
            )
        }
    }

    /// Records the use of a credential: shown in lists of tokens, and used to end idle sessions.
    package func recordUse(of credential: CredentialHash) throws {
        switch credential {
        case .token(let hash):
            try connection.execute("UPDATE access_tokens SET last_used_at = now() WHERE token_hash = \(hash)::bytea")
        case .session(let hash):
            try connection.execute("UPDATE sessions SET last_used_at = now() WHERE id_hash = \(hash)::bytea")
        case .proxied:
            break
        }
    }

    private func decodeAccount(_ row: borrowing Row) throws -> AdmittedAccount {
        AdmittedAccount(
            id: AdAccount.ID(rawValue: try row.text(4)),
            facebookID: try row.text(15),
            role: Role(rawValue: try row.text(5)) ?? .viewer,
            state: try SyncStateColumns.decode(row, from: 16),
            lastSyncedAt: row.optionalTimestamp(6),
            versions: DataVersions(
                campaigns: try row.integer(7),
                adSets: try row.integer(8),
                ads: try row.integer(9),
                insights: try row.integer(10),
                changes: try row.integer(11)
            ),
            today: Day(try row.text(12)) ?? Day(daysSince1970: 0),
            boundDays: [row.optionalText(13).flatMap { Day($0) }, row.optionalText(14).flatMap { Day($0) }]
        )
    }
}

extension CredentialHash {
    /// A table of one row at most: the person, the scope, and the last use.
    fileprivate var source: String {
        switch self {
        case .token:
            """
            SELECT t.user_id, t.scope, t.last_used_at FROM access_tokens t
            WHERE t.token_hash = $1::bytea AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
            """
        case .session:
            """
            SELECT s.user_id, 'sync' AS scope, s.last_used_at FROM sessions s
            WHERE s.id_hash = $1::bytea AND \(SessionLife.isAlive)
            """
        case .proxied:
            "SELECT p.id AS user_id, 'sync' AS scope, now() AS last_used_at FROM users p WHERE lower(p.email) = lower($1)"
        }
    }

    fileprivate var value: any QueryValue {
        switch self {
        case .token(let hash), .session(let hash): hash
        case .proxied(let email): email
        }
    }
}
