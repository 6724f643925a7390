internal import Model
internal import Postgres

/// A person's connection of ad accounts with Facebook Login.
package struct FacebookConnection: Sendable, Equatable {
    package enum Status: String, Sendable, CaseIterable {
        /// For the person at Facebook's dialog.
        case waiting
        /// A child asks Facebook for the token and the accounts.
        case exchanging
        /// For the person, who chooses accounts.
        case ready
        case failed
        case denied
        case done
        case expired
    }

    package struct Account: Sendable, Equatable {
        /// Without `act_`.
        package let facebookID: String
        package let name: String
        package let currency: String
        package let timeZone: String
        /// Whether it is connected, as far as the person may know.
        package let isConnected: Bool

        package init(facebookID: String, name: String, currency: String, timeZone: String, isConnected: Bool = false) {
            self.facebookID = facebookID
            self.name = name
            self.currency = currency
            self.timeZone = timeZone
            self.isConnected = isConnected
        }
    }

    package let id: String
    package let status: Status
    package let error: String?
    package let accounts: [Account]
    package let missingPermissions: [String]
}

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

// MARK: The dialog

extension Store {
    /// Minutes that the dialog, and what follows on it, may take; and for how long accounts may be chosen.
    private static let dialogMinutes = 15
    private static let choiceMinutes = 60
    /// Children that are started for one connection, should each of them be killed.
    private static let attempts = 5

    /// Ends the person's current connection: each person has one at a time.
    /// - Parameter stateHash: SHA-256 of the state that the dialog's response will contain.
    /// - Returns: Its id.
    package func beginConnection(of userID: String, stateHash: [UInt8], redirectURI: String) throws -> String {
        try forgetConnections()
        return try connection.transaction {
            // If the person starts two at the same time, one waits for the other.
            try connection.execute("SELECT FROM users WHERE id = \(userID)::uuid FOR NO KEY UPDATE")
            try connection.execute(
                """
                UPDATE facebook_connections SET status = 'failed', error = \(
                    "You started another connection after this one. Continue with that one, or connect again."),
                    secret = NULL, secret_key_id = NULL, secret_kind = NULL
                WHERE user_id = \(userID)::uuid AND status IN ('waiting', 'exchanging')
                """
            )
            // Ended connections are limited, too.
            try connection.execute(
                """
                DELETE FROM facebook_connections WHERE id IN (
                    SELECT id FROM facebook_connections WHERE user_id = \(userID)::uuid ORDER BY created_at DESC, id OFFSET 9)
                """
            )
            let id = try connection.firstRow(
                """
                INSERT INTO facebook_connections (user_id, state_hash, redirect_uri, expires_at)
                VALUES (\(userID)::uuid, \(stateHash)::bytea, \(redirectURI),
                        now() + make_interval(mins => \(Self.dialogMinutes)::int))
                RETURNING id
                """
            ) { try $0.text(0) }
            guard let id else { throw PostgresError(code: .badValue, message: "the database created no connection") }
            return id
        }
    }

    /// Deletes the secrets of ended connections, and the rest after a day.
    package func forgetConnections() throws {
        try connection.execute("DELETE FROM facebook_connections WHERE expires_at < now() - interval '1 day'")
        try connection.execute(
            """
            UPDATE facebook_connections SET secret = NULL, secret_key_id = NULL, secret_kind = NULL
            WHERE secret IS NOT NULL AND (expires_at < now() OR status NOT IN ('exchanging', 'ready'))
            """
        )
    }

    /// The dialog has answered. The state is good once.
    /// - Parameter seal: encrypts the code for the connection's id; `nil` when the person has said no.
    /// - Returns: the connection's id; `nil` for a state that is unknown, used or too old.
    package func answerConnection(
        stateHash: [UInt8],
        seal: ((_ id: String) throws -> StoredToken)?
    ) throws -> String? {
        try connection.transaction {
            let id = try connection.firstRow(
                """
                UPDATE facebook_connections SET status = \(seal == nil ? "denied" : "exchanging"),
                    attempts = \(seal == nil ? 0 : 1)::int, started_at = now(),
                    expires_at = now() + make_interval(mins => \(Self.dialogMinutes)::int)
                WHERE state_hash = \(stateHash)::bytea AND status = 'waiting' AND expires_at > now()
                RETURNING id
                """
            ) { try $0.text(0) }
            guard let id, let seal else { return id }
            try keep(ConnectionSecret(kind: .code, stored: try seal(id)), of: id)
            return id
        }
    }
}

// MARK: The child

extension Store {
    /// Claims a connection for this process, until it is released or the database connection ends. The lock is per
    /// person: a child that still waits for Facebook because of an abandoned connection blocks a second one.
    /// - Returns: `nil` if there is nothing to do, or a child works for the person.
    package func claimConnection(_ id: String) throws -> ConnectionWork? {
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
    package func finishConnection(_ id: String, accounts: [FacebookConnection.Account], note: String? = nil) throws {
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
    package func failConnection(_ id: String, _ error: String, missingPermissions: [String] = []) throws {
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

// MARK: The person

extension Store {
    /// - Returns: `nil` if there is no such connection, or it belongs to another person.
    package func facebookConnection(_ id: String, of userID: String) throws -> FacebookConnection? {
        let accounts = try connection.rows(
            """
            SELECT x.facebook_id, x.name, x.currency, x.time_zone, EXISTS (
                SELECT FROM ad_accounts a JOIN account_access w ON w.ad_account_id = a.id AND w.user_id = c.user_id
                WHERE a.facebook_account_id = x.facebook_id)
            FROM facebook_connections c, jsonb_to_recordset(c.accounts)
                 AS x (facebook_id text, name text, currency text, time_zone text)
            WHERE c.id = \(id)::uuid AND c.user_id = \(userID)::uuid ORDER BY lower(x.name), x.facebook_id
            """
        ) { row in
            FacebookConnection.Account(
                facebookID: try row.text(0),
                name: try row.text(1),
                currency: try row.text(2),
                timeZone: try row.text(3),
                isConnected: try row.boolean(4)
            )
        }
        return try connection.firstRow(
            """
            SELECT id, CASE WHEN expires_at < now() AND status IN ('waiting', 'exchanging', 'ready') THEN 'expired'
                            ELSE status END,
                   error, array_to_string(missing_permissions, ',')
            FROM facebook_connections WHERE id = \(id)::uuid AND user_id = \(userID)::uuid
            """
        ) { row in
            let status = FacebookConnection.Status(rawValue: try row.text(1)) ?? .failed
            return FacebookConnection(
                id: try row.text(0),
                status: status,
                error: row.optionalText(2),
                accounts: status == .ready || status == .done ? accounts : [],
                missingPermissions: try row.text(3).split(separator: ",").map(String.init)
            )
        }
    }

    /// Whether to start another child for a connection, because the last one has exited without finishing it, or found
    /// another child of the same person. Only one caller gets `true`.
    package func takeConnectionRestart(_ id: String) throws -> Bool {
        try connection.execute(
            """
            UPDATE facebook_connections SET status = 'failed', error = \(
                "The process that calls Facebook failed several times. Connect again. The log has the reason."),
                secret = NULL, secret_key_id = NULL, secret_kind = NULL
            WHERE id = \(id)::uuid AND status = 'exchanging' AND attempts >= \(Self.attempts)::int
              AND started_at < now() - interval '5 seconds' AND NOT \(raw: Self.isWorkedOn)
            """
        )
        return try connection.execute(
            """
            UPDATE facebook_connections SET attempts = attempts + 1, started_at = now()
            WHERE id = \(id)::uuid AND status = 'exchanging' AND expires_at > now() AND attempts < \(Self.attempts)::int
              AND started_at < now() - interval '5 seconds' AND NOT \(raw: Self.isWorkedOn)
            """
        ) == 1
    }

    private static let isWorkedOn = """
        EXISTS (SELECT FROM pg_locks l WHERE \(SyncStateColumns.isLock(LockClass.connection))
                AND l.objid = (hashtext(facebook_connections.user_id::text)::bigint & 4294967295)::oid)
        """

    /// The token of a connection whose accounts can be chosen.
    package func connectionToken(_ id: String) throws -> StoredToken? {
        try connection.firstRow(
            """
            SELECT secret, secret_key_id FROM facebook_connections
            WHERE id = \(id)::uuid AND status = 'ready' AND expires_at > now() AND secret_kind = 'token'
            """
        ) { StoredToken(bytes: try $0.optionalBytes(0) ?? [], keyID: try $0.text(1)) }
    }
}

// MARK: Keys

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
