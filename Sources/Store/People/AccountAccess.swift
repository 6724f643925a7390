package import Model
internal import Postgres

/// A person with a role on an account.
package struct AccessRow: Sendable, Equatable {
    package let email: String
    package let role: Role
}

/// The result of a role change.
package enum RoleChange: Sendable, Equatable {
    case done
    /// The caller is not an owner, or no longer one.
    case notOwner
    /// No user has this email address.
    case userUnknown
    /// An account that has an owner keeps one.
    case lastOwner
    /// There was no role to take away.
    case noRole
}

extension Store {
    /// The people with a role on an account, by address.
    package func access(to account: AdAccount.ID) throws -> [AccessRow] {
        try connection.rows(
            """
            SELECT u.email, x.role FROM account_access x JOIN users u ON u.id = x.user_id
            WHERE x.ad_account_id = \(account)::uuid ORDER BY lower(u.email)
            """
        ) { AccessRow(email: try $0.text(0), role: Role(rawValue: try $0.text(1)) ?? .viewer) }
    }

    /// Changes a role on behalf of an owner.
    /// - Parameters:
    ///   - role: `nil` removes it.
    ///   - owner: The caller's email address.
    package func changeRole(
        of email: String,
        on account: AdAccount.ID,
        to role: Role?,
        by owner: String
    ) throws -> RoleChange {
        try connection.transaction {
            // Two owners who take each other's role away at the same moment would both be right.
            try connection.execute("SELECT FROM ad_accounts WHERE id = \(account)::uuid FOR NO KEY UPDATE")
            let all = try access(to: account)
            let owners = all.filter { $0.role == .owner }
            // Their role may have been taken away since they were admitted.
            guard owners.contains(where: { $0.email.lowercased() == owner.lowercased() }) else { return .notOwner }
            if role != .owner, owners.count == 1, owners[0].email.lowercased() == email.lowercased() {
                return .lastOwner
            }
            if let role { return try grant(role, on: account, to: email) ? .done : .userUnknown }
            return try revoke(on: account, from: email) ? .done : .noRole
        }
    }
}
