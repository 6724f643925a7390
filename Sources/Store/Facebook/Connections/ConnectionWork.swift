internal import Postgres

/// Code or token of a connection, encrypted.
package struct ConnectionSecret: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case code
        case shortToken = "short_token"
        case token
    }

    package let kind: Kind
    package let stored: StoredToken

    package init(kind: Kind, stored: StoredToken) {
        self.kind = kind
        self.stored = stored
    }
}

/// The work of a child.
package struct ConnectionWork: Sendable {
    package let id: String
    package let redirectURI: String
    package let secret: ConnectionSecret
    let lockNumber: Int
}

extension Store {
    /// Minutes for which accounts may be chosen.
    private static let choiceMinutes = 60

    /// Claims a connection for this process, until it is released or the database connection ends. The lock is per
    /// person: a child that still waits for Facebook because of an abandoned connection blocks a second one.
    /// - Returns: `nil` if there is nothing to do, or a child works for the person.
    package func claimFacebookConnection(_ id: String) throws -> ConnectionWork? {
        let person = try connection.firstRow(
            "SELECT hashtext(user_id::text) FROM facebook_connections WHERE id = \(id)::uuid"
        ) { try $0.integer(0) }
        guard let number = person, try lock(LockClass.connection, number) else { return nil }
        let work = try connection.firstRow(
            """
            SELECT id, redirect_uri, secret_kind, secret, secret_key_id FROM facebook_connections
            WHERE id = \(id)::uuid AND status = 'exchanging' AND expires_at > now() AND secret IS NOT NULL
            """
        ) { row in
            ConnectionWork(
                id: try row.text(0),
                redirectURI: try row.text(1),
                secret: ConnectionSecret(
                    kind: ConnectionSecret.Kind(rawValue: try row.text(2)) ?? .code,
                    stored: StoredToken(bytes: try row.optionalBytes(3) ?? [], keyID: try row.text(4))
                ),
                lockNumber: number
            )
        }
        guard let work else {
            try unlock(LockClass.connection, number)
            return nil
        }
        // The lock falls with the connection: what we would do on another is another child's to do.
        connection.reopens = false
        return work
    }

    package func release(_ work: ConnectionWork) throws {
        connection.reopens = true
        try unlock(LockClass.connection, work.lockNumber)
    }

    /// Stores the result of a step, so that a later child can continue from it.
    /// - Returns: `false` if the connection has ended meanwhile.
    @discardableResult
    package func keep(_ secret: ConnectionSecret, of id: String) throws -> Bool {
        try connection.execute(
            """
            UPDATE facebook_connections SET secret = \(secret.stored.bytes)::bytea,
                secret_key_id = \(secret.stored.keyID), secret_kind = \(secret.kind.rawValue)
            WHERE id = \(id)::uuid AND status = 'exchanging'
            """
        ) == 1
    }

    /// The accounts can be chosen.
    /// - Parameter note: a sentence for the person about accounts that are not among them.
    package func finishFacebookConnection(
        _ id: String,
        accounts: [FacebookConnection.Account],
        note: String? = nil
    ) throws {
        let columns = [
            accounts.map(\.facebookID), accounts.map(\.name), accounts.map(\.currency), accounts.map(\.timeZone),
        ].map { TextArray($0) }
        try connection.execute(
            """
            UPDATE facebook_connections SET status = 'ready', error = \(note),
                expires_at = now() + make_interval(mins => \(Self.choiceMinutes)::int),
                accounts = (
                    SELECT coalesce(jsonb_agg(jsonb_build_object(
                        'facebook_id', f, 'name', n, 'currency', c, 'time_zone', z) ORDER BY lower(n), f), '[]')
                    FROM unnest(\(columns[0])::text[], \(columns[1])::text[], \(columns[2])::text[], \(columns[3])::text[])
                         AS t (f, n, c, z)
                )
            WHERE id = \(id)::uuid AND status = 'exchanging'
            """
        )
    }

    /// - Parameter error: a sentence for the person.
    package func failFacebookConnection(_ id: String, _ error: String, missingPermissions: [String] = []) throws {
        try connection.execute(
            """
            UPDATE facebook_connections SET status = 'failed', error = \(error),
                missing_permissions = \(TextArray(missingPermissions))::text[],
                secret = NULL, secret_key_id = NULL, secret_kind = NULL
            WHERE id = \(id)::uuid AND status = 'exchanging'
            """
        )
    }
}

extension Store {
    /// The secrets that were encrypted with another key than this one, each with the id of its connection.
    package func connectionSecrets(notUnder keyID: String) throws -> [(id: String, stored: StoredToken)] {
        try connection.rows(
            "SELECT id, secret, secret_key_id FROM facebook_connections WHERE secret_key_id <> \(keyID) ORDER BY id"
        ) { (try $0.text(0), StoredToken(bytes: try $0.optionalBytes(1) ?? [], keyID: try $0.text(2))) }
    }

    /// Stores the same secret in another form, unless it was replaced meanwhile.
    /// - Returns: whether it was stored.
    package func replaceConnectionSecret(_ old: StoredToken, by new: StoredToken, of id: String) throws -> Bool {
        try connection.execute(
            """
            UPDATE facebook_connections SET secret = \(new.bytes)::bytea, secret_key_id = \(new.keyID)
            WHERE id = \(id)::uuid AND secret = \(old.bytes)::bytea
            """
        ) == 1
    }
}
