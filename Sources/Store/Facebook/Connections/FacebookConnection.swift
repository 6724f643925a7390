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

extension Store {
    /// Children that are started for one connection, should each of them be killed.
    private static let attempts = 5

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
