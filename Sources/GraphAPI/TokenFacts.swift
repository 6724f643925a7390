package import Model

/// What `debug_token` tells of a token.
package struct TokenFacts: Sendable, Equatable {
    package var isValid: Bool
    /// `nil`: it does not expire by itself.
    package var expiresAt: Timestamp?
    /// When the app may no longer see its user's data; `nil`: never.
    package var dataAccessExpiresAt: Timestamp?
    /// What it may do, in Facebook's words; `nil` when Facebook does not tell.
    package var permissions: [String]?
    /// Those that a sync needs and the token has not.
    package var missingPermissions: [String]
    /// It belongs to a person, and not to the system user of a business.
    package var isOfUser: Bool
}

/// `{"data": {"is_valid": true, "expires_at": 0, "scopes": ["ads_read"], …}}`, where 0 stands for never.
struct DebuggedToken: Decodable {
    struct Content: Decodable {
        var isValid: Bool?
        var type: FlexibleText?
        var expiresAt: FlexibleText?
        var dataAccessExpiresAt: FlexibleText?
        var scopes: [FlexibleText]?

        enum CodingKeys: String, CodingKey {
            case isValid = "is_valid"
            case type
            case expiresAt = "expires_at"
            case dataAccessExpiresAt = "data_access_expires_at"
            case scopes
        }

        var facts: TokenFacts {
            // Who may change ads may read them.
            let mayRead = scopes.map { $0.contains { ["ads_read", "ads_management"].contains($0.text) } } ?? true
            return TokenFacts(
                isValid: isValid ?? true,
                expiresAt: Self.moment(expiresAt),
                dataAccessExpiresAt: Self.moment(dataAccessExpiresAt),
                permissions: scopes.map { $0.map(\.text) },
                missingPermissions: mayRead || isValid == false ? [] : ["ads_read"],
                isOfUser: type?.text == "USER"
            )
        }

        private static func moment(_ text: FlexibleText?) -> Timestamp? {
            // Up to the year 9999: what lies beyond is no moment that anybody could act upon.
            text.flatMap { Int($0.text) }.flatMap { (1..<253_402_300_800).contains($0) ? Timestamp(seconds: $0) : nil }
        }
    }

    var data: Content
}
