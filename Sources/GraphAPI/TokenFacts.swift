package import Model

/// What `debug_token` returns about a token.
package struct TokenFacts: Sendable, Equatable {
    package var isValid: Bool
    /// `nil`: it does not expire by itself.
    package var expiresAt: Timestamp?
    /// When the app may no longer see its user's data; `nil`: never.
    package var dataAccessExpiresAt: Timestamp?
    /// Its permissions, by Facebook's names; `nil` if Facebook does not return them.
    package var permissions: [String]?
    /// Permissions that a sync needs and the token lacks.
    package var missingPermissions: [String]
    /// It belongs to a person, and not to the system user of a business.
    package var isOfUser: Bool
}

extension TokenFacts {
    /// Reads `{"data": {"is_valid": true, "expires_at": 0, "scopes": ["ads_read"], …}}`, in which 0 means never.
    /// - Throws: If an expiry cannot be read, because it must not count as "never".
    init(_ document: WireValue) throws(GraphError) {
        guard let data = document["data"], data.isObject else {
            throw .unreadable("Facebook's response cannot be read: it has no data about the token")
        }
        let isValid: Bool? = if case .bool(let flag) = data["is_valid"] { flag } else { nil }
        var permissions: [String]?
        if case .list(let scopes) = data["scopes"] { permissions = scopes.compactMap(Row.text) }
        // A permission to change ads includes reading them.
        let mayRead = permissions.map { $0.contains { ["ads_read", "ads_management"].contains($0) } } ?? true
        self.init(
            isValid: isValid ?? true,
            expiresAt: try Self.moment(data, "expires_at"),
            dataAccessExpiresAt: try Self.moment(data, "data_access_expires_at"),
            permissions: permissions,
            missingPermissions: mayRead || isValid == false ? [] : ["ads_read"],
            isOfUser: data["type"].flatMap(Row.text) == "USER"
        )
    }

    private static func moment(_ data: WireValue, _ field: String) throws(GraphError) -> Timestamp? {
        guard let wire = data[field], wire != .null else { return nil }
        guard let number = Row.text(wire).flatMap({ ExactDecimal($0) }) else {
            throw .unreadable("Facebook's response cannot be read: \(field) of the token is not a time")
        }
        // Up to the year 9999. Later times are not useful.
        return number.integer.flatMap { (1..<253_402_300_800).contains($0) ? Timestamp(seconds: Int($0)) : nil }
    }
}
