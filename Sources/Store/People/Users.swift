package import Model
internal import Postgres

/// A person who may see accounts.
package struct User: Sendable, Equatable {
    /// A UUID.
    package let id: String
    package let email: String
    package let createdAt: String
    /// How many accounts they may see.
    package let accounts: Int
}

extension Store {
    /// - Returns: `false` when the address is known already.
    package func addUser(email: String) throws -> Bool {
        try connection.execute("INSERT INTO users (email) VALUES (\(email)) ON CONFLICT DO NOTHING") == 1
    }

    package func users() throws -> [User] {
        try connection.rows(
            """
            SELECT u.id, u.email, u.created_at, (SELECT count(*) FROM account_access x WHERE x.user_id = u.id)
            FROM users u ORDER BY lower(u.email)
            """
        ) {
            User(
                id: try $0.text(0),
                email: try $0.text(1),
                createdAt: $0.optionalTimestamp(2) ?? "",
                accounts: try $0.integer(3)
            )
        }
    }

    /// Removes a person with their tokens and roles.
    /// - Returns: `false` when the address is unknown.
    package func removeUser(email: String) throws -> Bool {
        try connection.execute("DELETE FROM users WHERE lower(email) = lower(\(email))") == 1
    }

    /// Gives a person a role on an account, in place of the one they had.
    /// - Parameter leavingOwners: an owner stays one.
    /// - Returns: `false` when the address is unknown.
    package func grant(
        _ role: Role,
        on account: AdAccount.ID,
        to email: String,
        leavingOwners: Bool = false
    ) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO account_access (user_id, ad_account_id, role)
            SELECT id, \(account)::uuid, \(role.rawValue) FROM users WHERE lower(email) = lower(\(email))
            ON CONFLICT (user_id, ad_account_id) DO UPDATE SET role =
                CASE WHEN \(leavingOwners)::bool AND account_access.role = 'owner' THEN 'owner' ELSE excluded.role END
            """
        ) == 1
    }

    /// - Returns: `false` when there was no role to take away.
    package func revoke(on account: AdAccount.ID, from email: String) throws -> Bool {
        try connection.execute(
            """
            DELETE FROM account_access USING users
            WHERE user_id = users.id AND lower(users.email) = lower(\(email)) AND ad_account_id = \(account)::uuid
            """
        ) == 1
    }
}
