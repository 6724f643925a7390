internal import Postgres

/// A person, as far as signing in needs them.
package struct SignInCandidate: Sendable {
    package let userID: String
    package let email: String
    package let passwordHash: String?
}

/// When a session ends by itself. In SQL, with the session as `s`.
enum SessionLife {
    static let idleHours = 24
    static let days = 14

    static let isAlive = """
        s.last_used_at > now() - interval '\(idleHours) hours' AND s.created_at > now() - interval '\(days) days'
        """
}

extension Store {
    package func signInCandidate(email: String) throws -> SignInCandidate? {
        try connection.firstRow(
            "SELECT id, email, password_hash FROM users WHERE lower(email) = lower(\(email))"
        ) {
            SignInCandidate(userID: try $0.text(0), email: try $0.text(1), passwordHash: $0.optionalText(2))
        }
    }

    /// Begins a session, and ends the one that the same browser had.
    /// - Parameters:
    ///   - idHash: SHA-256 of the new session's id.
    ///   - passwordHash: against which the password was verified.
    ///   - oldHash: that of the id which came with the request, if any.
    /// - Returns: `false` when the person has another password meanwhile, or is gone.
    package func beginSession(
        idHash: [UInt8],
        of userID: String,
        verifiedBy passwordHash: String?,
        from address: String,
        agent: String,
        replacing oldHash: [UInt8]?
    ) throws -> Bool {
        try connection.transaction {
            // SHARE: of this and the setting of another password one waits for the other. Either the hash is another one then,
            // or the session is there to be ended.
            let hasBegun =
                try connection.execute(
                    """
                    INSERT INTO sessions (id_hash, user_id, address, agent)
                    SELECT \(idHash)::bytea, id, \(address), \(String(agent.prefix(200))) FROM users
                    WHERE id = \(userID)::uuid AND password_hash IS NOT DISTINCT FROM \(passwordHash) FOR SHARE
                    """
                ) == 1
            guard hasBegun else { return false }
            if let oldHash { try connection.execute("DELETE FROM sessions WHERE id_hash = \(oldHash)::bytea") }
            try connection.execute("DELETE FROM sessions s WHERE NOT (\(raw: SessionLife.isAlive))")
            return true
        }
    }

    /// - Returns: `false` when there was none.
    package func endSession(idHash: [UInt8]) throws -> Bool {
        try connection.execute("DELETE FROM sessions WHERE id_hash = \(idHash)::bytea") == 1
    }

    /// Signs a person out everywhere.
    /// - Returns: how many sessions that ended.
    package func endSessions(of userID: String) throws -> Int {
        try connection.execute("DELETE FROM sessions WHERE user_id = \(userID)::uuid")
    }

    /// Stores the hash of a person's password, and ends all of their sessions, so that the old password no longer
    /// helps.
    /// - Returns: `false` if the address is unknown.
    package func setPasswordHash(_ hash: String, of email: String) throws -> Bool {
        try connection.transaction {
            let isKnown =
                try connection.execute(
                    """
                    UPDATE users SET password_hash = \(hash), password_set_at = now() WHERE lower(email) = lower(\(email))
                    """
                ) == 1
            try connection.execute(
                "DELETE FROM sessions USING users u WHERE user_id = u.id AND lower(u.email) = lower(\(email))"
            )
            return isKnown
        }
    }
}
