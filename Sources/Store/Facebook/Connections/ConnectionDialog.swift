internal import Postgres

// From the dialog at Facebook to its response.

extension Store {
    /// Minutes that the dialog, and what follows on it, may take.
    private static let dialogMinutes = 15

    /// Ends the person's current connection: each person has one at a time.
    /// - Parameter stateHash: SHA-256 of the state that the dialog's response will contain.
    /// - Returns: Its id.
    package func beginFacebookConnection(of userID: String, stateHash: [UInt8], redirectURI: String) throws -> String {
        try forgetFacebookConnections()
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
    package func forgetFacebookConnections() throws {
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
    package func answerFacebookConnection(
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
