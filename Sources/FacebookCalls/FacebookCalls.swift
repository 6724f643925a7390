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
        try client(credentials(token))
    }

    /// The same for a look at which somebody waits: each call is made once, and has ten seconds.
    package func hastyClient(token: String) throws -> GraphClient {
        var limits = HTTPClient.Limits()
        limits.exchange = 10
        let client = try client(credentials(token), limits)
        client.isPatient = false
        return client
    }

    /// `nil` when no app is set.
    package var app: GraphApp? {
        guard let id = settings.facebookAppID, let secret = settings.facebookAppSecret else { return nil }
        return GraphApp(id: id, secret: secret, version: settings.facebookAPIVersion, makeClient: { try client($0) })
    }

    private func credentials(_ token: String) -> GraphClient.Credentials {
        GraphClient.Credentials(
            version: settings.facebookAPIVersion,
            token: token,
            appSecret: settings.facebookAppSecret
        )
    }

    private func client(
        _ credentials: GraphClient.Credentials,
        _ limits: HTTPClient.Limits = HTTPClient.Limits()
    ) throws -> GraphClient {
        GraphClient(
            credentials,
            exchanges: try HTTPClient(baseURL: settings.facebookGraphURL, limits: limits),
            clock: GraphClient.Clock(now: secondsSince1970, sleep: { pause(seconds: $0) })
        )
    }
}
