package import Model
internal import Postgres

/// The result of choosing accounts.
package enum ConnectionOutcome: Sendable, Equatable {
    case connected([ConnectedAccount])
    /// Another person owns this account.
    case taken(facebookID: String)
    /// Another process was faster, or the time was over.
    case gone
}

package struct ConnectedAccount: Sendable, Equatable {
    package let id: AdAccount.ID
    package let facebookID: String
    package let isNew: Bool
    /// The person has become its owner.
    package let isOwnerNew: Bool
}

extension Store {
    /// Connects all of the accounts, or none.
    /// - Parameters:
    ///   - accounts: The chosen accounts, each with the token encrypted for it.
    ///   - app: The app whose quota counts the calls.
    package func complete(
        _ id: String,
        of userID: String,
        email: String,
        accounts: [(FacebookConnection.Account, StoredToken)],
        app: String
    ) throws -> ConnectionOutcome {
        struct Taken: Error { let facebookID: String }
        let zones = try accounts.map { try zoneOfDays($0.0.timeZone) }
        let inOrder = zip(accounts, zones).sorted { $0.0.0.facebookID < $1.0.0.facebookID }
        do {
            return try connection.transaction {
                let isOurs = try connection.execute(
                    """
                    UPDATE facebook_connections SET status = 'done', secret = NULL, secret_key_id = NULL, secret_kind = NULL
                    WHERE id = \(id)::uuid AND user_id = \(userID)::uuid AND status = 'ready' AND expires_at > now()
                    """
                )
                guard isOurs == 1 else { return .gone }
                var connected: [ConnectedAccount] = []
                // In one order for all, so that two who connect the same accounts do not wait for each other.
                for ((account, token), zone) in inOrder {
                    let known = try adAccount(AccountReference(account.facebookID))
                    let accountID = try insertAdAccount(
                        facebookID: account.facebookID,
                        name: account.name,
                        currency: account.currency,
                        facebookZone: account.timeZone,
                        timeZone: zone
                    )
                    try connection.execute("SELECT FROM ad_accounts WHERE id = \(accountID)::uuid FOR NO KEY UPDATE")
                    let people = try access(to: accountID)
                    let role = people.first { $0.email.lowercased() == email.lowercased() }?.role
                    let isOwner = role == .owner
                    // Seeing an account at Facebook gives no right to its data here, nor to the token that an
                    // administrator set.
                    let isFree = known == nil || role == .manager && !people.contains { $0.role == .owner }
                    guard isOwner || isFree else { throw Taken(facebookID: account.facebookID) }
                    try setToken(token, of: accountID)
                    try noteApp(app, of: accountID)
                    if !isOwner { _ = try grant(.owner, on: accountID, to: email) }
                    connected.append(
                        ConnectedAccount(
                            id: accountID,
                            facebookID: account.facebookID,
                            isNew: known == nil,
                            isOwnerNew: !isOwner
                        )
                    )
                }
                return .connected(connected)
            }
        } catch let taken as Taken {
            return .taken(facebookID: taken.facebookID)
        }
    }
}
