package import GraphAPI
internal import HTTPClient
package import Program

/// Clients of Facebook as the settings want them.
package struct FacebookCalls {
    private let settings: Settings

    package init(_ settings: Settings) {
        self.settings = settings
    }

    /// A client with this token.
    package func client(token: String) throws -> GraphClient {
        try client(
            GraphClient.Credentials(
                version: settings.facebookAPIVersion,
                token: token,
                appSecret: settings.facebookAppSecret
            )
        )
    }

    /// `nil` when no app is set.
    package var app: GraphApp? {
        guard let id = settings.facebookAppID, let secret = settings.facebookAppSecret else { return nil }
        return GraphApp(id: id, secret: secret, version: settings.facebookAPIVersion, makeClient: client)
    }

    private func client(_ credentials: GraphClient.Credentials) throws -> GraphClient {
        GraphClient(
            credentials,
            exchanges: try HTTPClient(baseURL: settings.facebookGraphURL),
            clock: GraphClient.Clock(now: secondsSince1970, sleep: { pause(seconds: $0) })
        )
    }
}
