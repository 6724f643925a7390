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
        case conversionEventSet = "conversion_event_set"
    }

    package let at: String
    package let event: String
    /// `nil` for an unknown person.
    package let actor: String?
    package let address: String
    package let facebookAccountID: String?
    package let detail: String
}

extension Store {
    /// Records an event.
    /// - Parameters:
    ///   - actor: An email address, or `operator`; `nil` for an unknown person, never a typed text.
    ///   - address: The client's network address; empty for the command line.
    ///   - detail: Without secrets.
    package func note(
        _ event: AuditEvent.Kind,
        by actor: String?,
        from address: String = "",
        account facebookAccountID: String? = nil,
        _ detail: String = ""
    ) throws {
        try connection.execute(
            """
            INSERT INTO audit_events (event, actor, address, facebook_account_id, detail)
            VALUES (\(event.rawValue), \(actor), \(address), \(facebookAccountID), \(String(detail.prefix(500))))
            """
        )
    }

    /// Records an attempt, but limits repetitions: the same attempt of the same person makes one entry an hour,
    /// attempts of all unknown people one a minute.
    package func noteRefusal(
        _ event: AuditEvent.Kind,
        by actor: String?,
        from address: String,
        account facebookAccountID: String? = nil,
        _ detail: String = ""
    ) throws {
        let isKnown = try connection.firstRow(
            """
            SELECT EXISTS (
                SELECT FROM audit_events
                WHERE coalesce(actor, '') = \(actor ?? "") AND at > now() - make_interval(secs => \(actor == nil ? 60 : 3600)::int)
                  AND event = \(event.rawValue) AND detail = \(String(detail.prefix(500)))
                  AND facebook_account_id IS NOT DISTINCT FROM \(facebookAccountID))
            """
        ) { try $0.boolean(0) }
        if isKnown != true { try note(event, by: actor, from: address, account: facebookAccountID, detail) }
    }

    /// Removes events older than so many days. The table itself protects events younger than 90 days.
    /// - Returns: The number of removed events.
    package func pruneAudit(olderThan days: Int) throws -> Int {
        try connection.execute("DELETE FROM audit_events WHERE at < now() - make_interval(days => \(days)::int)")
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
                actor: $0.optionalText(2),
                address: try $0.text(3),
                facebookAccountID: $0.optionalText(4),
                detail: try $0.text(5)
            )
        }
    }
}
