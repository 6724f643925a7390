/// What Facebook returns about a token, in its own spelling.
package enum TokenFact: String, Sendable, CaseIterable {
    case validity = "is_valid"
    case expiry = "expires_at"
    case dataAccessExpiry = "data_access_expires_at"
    case permissions = "scopes"
}

/// The state of an ad account's Facebook token, as Facebook returned it within the last day.
package struct TokenState: Sendable, Equatable {
    /// RFC 3339; `nil` if it does not expire, or was never checked.
    package var expiresAt: String?
    package var secondsLeft: Double?
    /// When Facebook ends the app's access to the data of the token's user, unless they sign in again. RFC 3339.
    package var dataAccessExpiresAt: String?
    package var dataAccessSecondsLeft: Double?
    /// Permissions that a sync needs and the token lacks.
    package var missingPermissions: [String]
    package var isValid: Bool

    package init(
        expiresAt: String? = nil,
        secondsLeft: Double? = nil,
        dataAccessExpiresAt: String? = nil,
        dataAccessSecondsLeft: Double? = nil,
        missingPermissions: [String] = [],
        isValid: Bool = true
    ) {
        self.expiresAt = expiresAt
        self.secondsLeft = secondsLeft
        self.dataAccessExpiresAt = dataAccessExpiresAt
        self.dataAccessSecondsLeft = dataAccessSecondsLeft
        self.missingPermissions = missingPermissions
        self.isValid = isValid
    }

    /// Days before an expiry from which people are warned.
    package static let daysAhead = 14

    /// A problem that a person must solve, in a sentence; `nil` if there is none.
    package var problem: String? {
        if !isValid { return "Facebook no longer accepts the access token: reconnect the account." }
        if !missingPermissions.isEmpty {
            let names = missingPermissions.joined(separator: ", ")
            return "The access token lacks the permission \(names): reconnect the account, and allow it."
        }
        let limit = Double(Self.daysAhead) * 86_400
        if let expiresAt, let secondsLeft, secondsLeft < limit {
            return secondsLeft > 0
                ? "The access token expires on \(Self.day(expiresAt)): reconnect the account before that day."
                : "The access token expired on \(Self.day(expiresAt)): reconnect the account."
        }
        if let dataAccessExpiresAt, let dataAccessSecondsLeft, dataAccessSecondsLeft < limit {
            return dataAccessSecondsLeft > 0
                ? "Facebook ends the access to the account's data on \(Self.day(dataAccessExpiresAt)): connect the account "
                    + "again before that."
                : "Facebook ended the access to the account's data on \(Self.day(dataAccessExpiresAt)): connect the account "
                    + "again."
        }
        return nil
    }

    private static func day(_ moment: String) -> String { String(moment.prefix(10)) }
}
