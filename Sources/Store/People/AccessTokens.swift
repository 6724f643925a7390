package import Model
internal import Postgres

/// A token for programs, without the token: only its hash is kept.
package struct AccessTokenRow: Sendable, Equatable {
    package let id: String
    package let email: String
    package let label: String
    package let scope: TokenScope
    package let createdAt: String
    package let lastUsedAt: String?
    package let expiresAt: String?
    package let isRevoked: Bool
}

extension Store {
    /// - Parameters:
    ///   - hash: SHA-256 of the token.
    ///   - days: How long it is valid; `nil` until it is revoked.
    /// - Returns: The token's id; `nil` if the address is unknown.
    package func addAccessToken(
        hash: [UInt8],
        email: String,
        label: String,
        scope: TokenScope = .sync,
        days: Int?
    ) throws -> String? {
        try connection.firstRow(
            """
            INSERT INTO access_tokens (user_id, label, token_hash, scope, expires_at)
            SELECT id, \(label), \(hash)::bytea, \(scope.rawValue), now() + make_interval(days => \(days)::int)
            FROM users WHERE lower(email) = lower(\(email)) RETURNING id
            """
        ) { try $0.text(0) }
    }

    package func accessTokens() throws -> [AccessTokenRow] {
        try connection.rows(
            """
            SELECT t.id, u.email, t.label, t.created_at, t.last_used_at, t.expires_at, t.revoked_at IS NOT NULL, t.scope
            FROM access_tokens t JOIN users u ON u.id = t.user_id ORDER BY t.created_at
            """
        ) {
            AccessTokenRow(
                id: try $0.text(0),
                email: try $0.text(1),
                label: try $0.text(2),
                scope: TokenScope(rawValue: try $0.text(7)) ?? .read,
                createdAt: $0.optionalTimestamp(3) ?? "",
                lastUsedAt: $0.optionalTimestamp(4),
                expiresAt: $0.optionalTimestamp(5),
                isRevoked: try $0.boolean(6)
            )
        }
    }

    /// - Parameter id: the token's id, or enough of its beginning to name one token.
    /// - Returns: how many tokens that was; nothing is revoked unless it was one.
    package func revokeAccessToken(id: String) throws -> Int {
        let matches = try connection.rows(
            "SELECT id FROM access_tokens WHERE starts_with(id::text, lower(\(id)))"
        ) { try $0.text(0) }
        if matches.count == 1 {
            try connection.execute(
                "UPDATE access_tokens SET revoked_at = coalesce(revoked_at, now()) WHERE id = \(matches[0])::uuid"
            )
        }
        return matches.count
    }
}
