package import Model

/// What `debug_token` returns about a token.
package struct TokenFacts: Sendable, Equatable {
    /// A token counts as valid when its validity is unknown.
    package var isValid: Bool
    /// `nil`: it does not expire by itself, or its expiry is unknown.
    package var expiresAt: Timestamp?
    /// When the app may no longer see its user's data; `nil`: never, or unknown.
    package var dataAccessExpiresAt: Timestamp?
    /// Its permissions, by Facebook's names; `nil` if they are unknown.
    package var permissions: [String]?
    /// Permissions that a sync needs and the token lacks; none if its permissions are unknown.
    package var missingPermissions: [String]
    /// It belongs to a person, and not to the system user of a business.
    package var isOfUser: Bool
    /// What Facebook did not send, or sent in a form that cannot be read.
    package var unknown: Set<TokenFact>
}

extension TokenFacts {
    /// Reads `{"data": {"is_valid": true, "expires_at": 0, "scopes": ["ads_read"], …}}`, in which 0 means never, as an
    /// absent expiry does.
    init(_ document: WireValue) throws(GraphError) {
        guard let data = document["data"], data.isObject else {
            throw .unreadable("Facebook's response cannot be read: it has no data about the token")
        }
        var unknown: Set<TokenFact> = []
        let isValid: Bool? = if case .bool(let flag) = data["is_valid"] { flag } else { nil }
        if isValid == nil { unknown.insert(.validity) }
        let permissions = Self.permissions(data)
        if permissions == nil { unknown.insert(.permissions) }
        // A permission to change ads includes reading them.
        let mayRead = permissions.map { $0.contains { ["ads_read", "ads_management"].contains($0) } } ?? true
        let expiresAt = Self.end(data, .expiry, &unknown)
        let dataAccessExpiresAt = Self.end(data, .dataAccessExpiry, &unknown)
        self.init(
            isValid: isValid ?? true,
            expiresAt: expiresAt,
            dataAccessExpiresAt: dataAccessExpiresAt,
            permissions: permissions,
            missingPermissions: mayRead || isValid == false ? [] : ["ads_read"],
            isOfUser: data["type"].flatMap(WireRow.text) == "USER",
            unknown: unknown
        )
    }

    private static func permissions(_ data: WireValue) -> [String]? {
        guard case .list(let scopes) = data["scopes"] else { return nil }
        let names = scopes.compactMap(WireRow.text)
        // An unreadable one may be the one that a sync needs.
        return names.count == scopes.count ? names : nil
    }

    private static func end(_ data: WireValue, _ fact: TokenFact, _ unknown: inout Set<TokenFact>) -> Timestamp? {
        guard let wire = data[fact.rawValue], wire != .null else { return nil }
        // Up to the year 9999. Later times are not useful.
        let seconds = WireRow.number(wire)?.integer
        guard let seconds, (0..<253_402_300_800).contains(seconds) else {
            unknown.insert(fact)
            return nil
        }
        return seconds == 0 ? nil : Timestamp(seconds: Int(seconds))
    }
}
