internal import HTTPMessages

/// Calls in the name of a Facebook app: about tokens, and for them.
///
/// The app's secret, codes and tokens are in headers and bodies. The token that `debug_token` checks is the exception:
/// Facebook accepts it only in the query. No error text contains any of them.
package struct GraphApp {
    private let id: String
    private let secret: String
    private let version: String
    private let makeClient: (GraphClient.Credentials) throws -> GraphClient

    /// - Parameters:
    ///   - secret: that of the app.
    ///   - version: `v23.0`
    ///   - makeClient: a client for one call.
    package init(
        id: String,
        secret: String,
        version: String,
        makeClient: @escaping (GraphClient.Credentials) throws -> GraphClient
    ) {
        self.id = id
        self.secret = secret
        self.version = version
        self.makeClient = makeClient
    }

    /// A token for the code that Facebook's dialog gave to the browser. A code is good for one token.
    /// - Parameter redirectURI: the one that the dialog was called with.
    package func token(for code: String, redirectURI: String) throws -> String {
        try grant([("redirect_uri", redirectURI), ("code", code)], hiding: [code])
    }

    /// A token that lives for about 60 days, for one that lives for an hour or two.
    package func longLived(_ token: String) throws -> String {
        try grant([("grant_type", "fb_exchange_token"), ("fb_exchange_token", token)], hiding: [token])
    }

    /// Facebook's data about a token.
    package func facts(of token: String) throws -> TokenFacts {
        let reading = AppReading(
            method: "GET",
            path: "debug_token",
            parameters: [("input_token", token)],
            reading: TokenFacts.init
        )
        return try read(reading, hiding: [token])
    }

    private func grant(_ parameters: [(String, String)], hiding texts: [String]) throws -> String {
        let reading = AppReading(
            method: "POST",
            path: "oauth/access_token",
            parameters: [("client_id", id), ("client_secret", secret)] + parameters
        ) { document throws(GraphError) -> String in
            // A repaired token is another token.
            guard case .text(let token) = document["access_token"], !token.isEmpty else {
                throw .unreadable("Facebook returned no token")
            }
            return token
        }
        return try read(reading, hiding: texts)
    }

    private func read<Value>(_ reading: AppReading<Value>, hiding texts: [String]) throws -> Value {
        var credentials = GraphClient.Credentials(version: version, token: "\(id)|\(secret)", appSecret: secret)
        credentials.hidden = texts
        try makeClient(credentials).read([reading], of: "")
        guard let value = reading.value else { throw GraphError.unreadable("Facebook returned nothing") }
        return value
    }
}

/// Makes a call and returns its result.
private final class AppReading<Value>: GraphReading {
    private let method: String
    private let path: String
    private let parameters: QueryParameters
    private let read: (WireValue) throws(GraphError) -> Value
    private(set) var value: Value?

    init(
        method: String,
        path: String,
        parameters: [(String, String)],
        reading read: @escaping (WireValue) throws(GraphError) -> Value
    ) {
        self.method = method
        self.path = path
        self.parameters = QueryParameters(parameters.map { .init(name: $0.0, value: $0.1) })
        self.read = read
    }

    var call: GraphCall? {
        value == nil ? GraphCall(method: method, path: path, parameters: parameters, kind: .objects) : nil
    }

    func take(_ answer: GraphAnswer) throws {
        value = try answer.read(read)
    }

    func adapt(_ adaptation: Adaptation) {}
}
