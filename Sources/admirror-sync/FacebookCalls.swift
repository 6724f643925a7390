import GraphAPI
import HTTPClient
import Program

/// Clients of Facebook as the settings want them.
enum FacebookCalls {
    static func credentials(_ settings: Settings, token: String) -> GraphClient.Credentials {
        GraphClient.Credentials(
            version: settings.facebookAPIVersion,
            token: token,
            appSecret: settings.facebookAppSecret
        )
    }

    static func client(_ credentials: GraphClient.Credentials, _ settings: Settings) throws -> GraphClient {
        GraphClient(
            credentials,
            exchanges: try HTTPClient(baseURL: settings.facebookGraphURL),
            clock: GraphClient.Clock(now: secondsSince1970, sleep: { pause(seconds: $0) })
        )
    }

    /// `nil` when no app is set.
    static func app(_ settings: Settings) -> GraphApp? {
        guard let id = settings.facebookAppID, let secret = settings.facebookAppSecret else { return nil }
        return GraphApp(id: id, secret: secret, version: settings.facebookAPIVersion) { try client($0, settings) }
    }
}
