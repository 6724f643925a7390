package import Model
internal import Postgres

/// What Facebook returned about a token.
package struct TokenReport: Sendable, Equatable {
    package var isValid: Bool
    /// `nil`: never, unless it is unknown.
    package var expiresAt: Timestamp?
    package var dataAccessExpiresAt: Timestamp?
    package var missingPermissions: [String]
    /// What is stored of these stays.
    package var unknown: Set<TokenFact>

    package init(
        isValid: Bool,
        expiresAt: Timestamp?,
        dataAccessExpiresAt: Timestamp?,
        missingPermissions: [String],
        unknown: Set<TokenFact> = []
    ) {
        self.isValid = isValid
        self.expiresAt = expiresAt
        self.dataAccessExpiresAt = dataAccessExpiresAt
        self.missingPermissions = missingPermissions
        self.unknown = unknown
    }
}

/// The columns of a `TokenState`, for statements with an account `a`.
enum TokenStateColumns {
    static let join = "LEFT JOIN facebook_tokens ft ON ft.hash = a.facebook_token_hash"

    /// Six columns.
    static let sql = """
        ft.expires_at, extract(epoch FROM ft.expires_at - now()),
        ft.data_access_expires_at, extract(epoch FROM ft.data_access_expires_at - now()),
        array_to_string(ft.missing_permissions, ','), coalesce(ft.is_valid, true)
        """

    static func decode(_ row: borrowing Row, from start: Int) throws -> TokenState {
        TokenState(
            expiresAt: row.optionalTimestamp(start),
            secondsLeft: row.optionalDouble(start + 1),
            dataAccessExpiresAt: row.optionalTimestamp(start + 2),
            dataAccessSecondsLeft: row.optionalDouble(start + 3),
            missingPermissions: (row.optionalText(start + 4) ?? "").split(separator: ",").map(String.init),
            isValid: try row.boolean(start + 5)
        )
    }
}

extension Store {
    /// Whether a token is due for its check at Facebook, which happens once a day for all accounts with it. Only one
    /// caller gets `true`.
    /// - Parameters:
    ///   - hash: SHA-256 of the token.
    ///   - account: Has this token, in the stored form.
    package func takeTokenCheck(_ hash: [UInt8], of account: AdAccount.ID, stored: StoredToken) throws -> Bool {
        let isDue =
            try connection.execute(
                """
                INSERT INTO facebook_tokens AS t (hash) VALUES (\(hash)::bytea)
                ON CONFLICT (hash) DO UPDATE SET asked_at = now() WHERE t.asked_at <= now() - interval '1 day'
                """
            ) == 1
        // The token may have been replaced since it was read.
        try connection.execute(
            """
            UPDATE ad_accounts SET facebook_token_hash = \(hash)::bytea
            WHERE id = \(account)::uuid AND facebook_token = \(stored.bytes)::bytea
              AND facebook_token_hash IS DISTINCT FROM \(hash)::bytea
            """
        )
        return isDue
    }

    /// Stores what Facebook returned about a token. Unknown facts stay as they were.
    package func note(_ report: TokenReport, ofToken hash: [UInt8]) throws {
        func isKnown(_ fact: TokenFact) -> Bool { !report.unknown.contains(fact) }
        try connection.execute(
            """
            INSERT INTO facebook_tokens AS t (hash, checked_at, is_valid, expires_at, data_access_expires_at, missing_permissions)
            VALUES (\(hash)::bytea, now(), \(report.isValid)::boolean, \(report.expiresAt?.description)::timestamptz,
                    \(report.dataAccessExpiresAt?.description)::timestamptz, \(TextArray(report.missingPermissions))::text[])
            ON CONFLICT (hash) DO UPDATE SET asked_at = now(), checked_at = now(),
                is_valid = CASE WHEN \(isKnown(.validity))::boolean THEN excluded.is_valid ELSE t.is_valid END,
                expires_at = CASE WHEN \(isKnown(.expiry))::boolean THEN excluded.expires_at ELSE t.expires_at END,
                data_access_expires_at = CASE WHEN \(isKnown(.dataAccessExpiry))::boolean
                    THEN excluded.data_access_expires_at ELSE t.data_access_expires_at END,
                missing_permissions = CASE WHEN \(isKnown(.permissions))::boolean
                    THEN excluded.missing_permissions ELSE t.missing_permissions END
            """
        )
        // Tokens that no account has.
        try connection.execute(
            """
            DELETE FROM facebook_tokens t WHERE t.asked_at < now() - interval '2 days'
              AND NOT EXISTS (SELECT FROM ad_accounts a WHERE a.facebook_token_hash = t.hash)
            """
        )
    }
}
