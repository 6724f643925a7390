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

    /// Parts in braces stand for any others: `/api/media/{adAccountId}/{name}`.
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

    var isTemplate: Bool { path.contains("{") }

    /// The parts of a request's path that are in the places of those in braces; `nil` if this is another path.
    func values(in requested: String) -> [String]? {
        let parts = requested.split(separator: "/", omittingEmptySubsequences: false)
        let own = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == own.count else { return nil }
        var values: [String] = []
        for (part, own) in zip(parts, own) {
            if own.hasPrefix("{"), !part.isEmpty {
                values.append(String(part))
            } else if part != own {
                return nil
            }
        }
        return values
    }

    /// The route path of a request, and its values.
    static func matching(_ requested: String) -> (path: RoutePath, values: [String])? {
        if let exact = byPath[requested] { return (exact, []) }
        for path in templates {
            if let values = path.values(in: requested) { return (path, values) }
        }
        return nil
    }

    private static let templates = all.filter(\.isTemplate)

    /// The value of `Allow`.
    var methods: String {
        let names = routes.map(\.method)
        let takesHead = names.contains("GET") && !names.contains("HEAD")
        return (names + (takesHead ? ["HEAD", "OPTIONS"] : ["OPTIONS"])).joined(separator: ", ")
    }
}
