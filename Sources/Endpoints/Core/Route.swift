internal import HTTPMessages
internal import Store

/// One method of one path: its handler, and how nginx treats it. `HEAD` is answered like `GET`, without the body, unless
/// it has its own route. `OPTIONS` always returns the methods.
struct Route: Sendable {
    /// Also the route's class for nginx's caches.
    enum Handler: Sendable {
        /// nginx passes each request to a responder.
        case whole(@Sendable (Endpoints, HTTPRequest) throws -> HTTPResponse)
        /// nginx caches the responses, and returns them to authorized people.
        case read(AnswerKind)
        /// Only nginx requests it, before it looks into its cache.
        case authorize(AnswerKind)
    }

    /// What nginx logs about a request. All routes of a path have the same.
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

    /// A limit of requests. `nginx/snippets/clients.conf` has its rate.
    enum Limit: Sendable {
        /// Connecting accounts, per network.
        case connections
        /// Signing in, per network. It applies before any hashing. The database also limits it per person.
        case signIns
        /// Signing in, in total.
        case allSignIns
    }

    let method: String
    let path: String
    let handler: Handler
    /// The description of the route; `nil` for routes that only nginx can request.
    let description: RouteDescription?
    let needsDatabase: Bool
    let logging: Logging
    let limits: [Limit]

    init(
        _ method: String,
        _ path: String,
        _ handler: Handler,
        _ description: RouteDescription?,
        needsDatabase: Bool = true,
        logging: Logging = .path,
        limits: [Limit] = []
    ) {
        self.method = method
        self.path = path
        self.handler = handler
        self.description = description
        self.needsDatabase = needsDatabase
        self.logging = logging
        self.limits = limits
    }

    /// The value of `Allow` for a path with these routes.
    static func methods(of routes: [Route]) -> String {
        let names = routes.map(\.method)
        let takesHead = names.contains("GET") && !names.contains("HEAD")
        return (names + (takesHead ? ["HEAD", "OPTIONS"] : ["OPTIONS"])).joined(separator: ", ")
    }
}
