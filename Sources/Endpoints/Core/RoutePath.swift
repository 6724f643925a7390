/// A path with its routes, and how nginx treats requests for it. `OPTIONS` always returns the methods.
struct RoutePath: Sendable {
    /// What nginx logs about a request.
    enum Logging: Sendable {
        /// Path and query string.
        case query
        /// The path only.
        case path
        /// The path only. The query string may contain a secret, so the error log, which would have it, gets nothing.
        case secretQuery
        /// Nothing, because monitoring systems request it all the time.
        case nothing
    }

    /// A limit of requests for the path. `nginx/snippets/clients.conf` has its rate, and the methods that count.
    enum Limit: Sendable {
        /// Connecting accounts, per network.
        case connections
        /// Signing in, per network. It applies before any hashing. The database also limits it per person.
        case signIns
        /// Signing in, in total.
        case allSignIns
    }

    let path: String
    let routes: [Route]
    let logging: Logging
    let limits: [Limit]

    init(_ path: String, _ routes: [Route], logging: Logging = .path, limits: [Limit] = []) {
        self.path = path
        self.routes = routes
        self.logging = logging
        self.limits = limits
    }

    /// The value of `Allow`.
    var methods: String {
        let names = routes.map(\.method)
        let takesHead = names.contains("GET") && !names.contains("HEAD")
        return (names + (takesHead ? ["HEAD", "OPTIONS"] : ["OPTIONS"])).joined(separator: ", ")
    }
}
