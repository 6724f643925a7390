internal import Postgres

/// Something that was done, as `admirror audit` shows it.
package struct AuditEvent: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case signedIn = "signed_in"
        case signInRefused = "sign_in_refused"
        case signInThrottled = "sign_in_throttled"
        case signedOut = "signed_out"
        case signedOutEverywhere = "signed_out_everywhere"
        case requestRefused = "request_refused"
        case syncRequested = "sync_requested"
        case revalidated
        case userAdded = "user_added"
        case userRemoved = "user_removed"
        case passwordSet = "password_set"
        case roleGranted = "role_granted"
        case roleRevoked = "role_revoked"
        case tokenCreated = "token_created"
        case tokenRevoked = "token_revoked"
        case accountAdded = "account_added"
        case accountRemoved = "account_removed"
        case facebookTokenSet = "facebook_token_set"
        case keysRotated = "keys_rotated"
    }

    package let at: String
    package let event: String
    package let actor: String
    package let address: String
    package let facebookAccountID: String?
    package let detail: String
}

extension Store {
    /// Writes down what was done.
    /// - Parameters:
    ///   - actor: an e-mail address, or `operator`.
    ///   - address: the client's network address; empty for the command line.
    ///   - detail: without any secret.
    package func note(
        _ event: AuditEvent.Kind,
        by actor: String,
        from address: String = "",
        account facebookAccountID: String? = nil,
        _ detail: String = ""
    ) throws {
        try connection.execute(
            """
            INSERT INTO audit_events (event, actor, address, facebook_account_id, detail)
            VALUES (\(event.rawValue), \(String(actor.prefix(254))), \(address), \(facebookAccountID), \(String(detail.prefix(500))))
            """
        )
    }

    /// The latest events, newest first.
    package func auditEvents(limit: Int) throws -> [AuditEvent] {
        try connection.rows(
            """
            SELECT at, event, actor, address, facebook_account_id, detail FROM audit_events
            ORDER BY at DESC, id DESC LIMIT \(limit)::bigint
            """
        ) {
            AuditEvent(
                at: $0.optionalTimestamp(0) ?? "",
                event: try $0.text(1),
                actor: try $0.text(2),
                address: try $0.text(3),
                facebookAccountID: $0.optionalText(4),
                detail: try $0.text(5)
            )
        }
    }
}
