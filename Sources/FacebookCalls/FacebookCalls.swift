package import GraphAPI
internal import HTTPClient
package import Program
package import Store
internal import SyncEngine

/// Clients of Facebook as the settings want them.
package struct FacebookCalls {
    private let settings: Settings
    private let versions: VersionMemory
    var graphURL: String { settings.facebookGraphURL }

    /// - Parameter store: remembers which version of the API Facebook accepts.
    package init(_ settings: Settings, _ store: Store) {
        self.settings = settings
        versions = VersionMemory(store: store, app: settings.facebookAppID ?? "") { pause(seconds: $0) }
    }

    /// A client with this token.
    package func client(token: String) throws -> GraphClient {
        try client(credentials(token))
    }

    /// The same for a check that a person waits for: each call is made once, and has ten seconds.
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
        let exchanges = try HTTPClient(baseURL: settings.facebookGraphURL, limits: limits)
        let client = GraphClient(
            versions.prepare(credentials),
            exchanges: exchanges,
            clock: GraphClient.Clock(now: secondsSince1970, sleep: { pause(seconds: $0) })
        )
        versions.listen(to: client)
        return client
    }
}
