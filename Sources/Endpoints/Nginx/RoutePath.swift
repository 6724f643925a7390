/// A path that clients can request, with its routes, as nginx sees it.
struct RoutePath {
    let path: String
    let routes: [Route]

    /// A line of the map from paths to methods. nginx answers other methods with 405.
    var methods: String { "\(path) \"\(Route.methods(of: routes))\";" }

    /// A line of the map of paths whose query strings are logged; `nil` if the query string of this path is not logged.
    var queryLogging: String? { logging == .query ? "\(path) 1;" : nil }

    /// The location that passes requests to a responder; `nil` if `readLocation` has the path.
    var location: String? {
        guard !isRead else { return nil }
        let limits = routes.flatMap(\.limits).map(\.directive)
        let directives = limits + logging.directives + ["include snippets/responder.conf;"]
        return "\nlocation = \(path) {\n\(directives.map { "  \($0)\n" }.joined())}"
    }

    /// The location of all reads. They share one, because each location keeps its own files open.
    static var readLocation: String {
        let paths = Route.pathsOfServer.filter(\.isRead).map { $0.path.replacing(".", with: "\\.") }
        return "\nlocation ~ ^(?:\(paths.joined(separator: "|")))\\z {\n  include snippets/read.conf;\n}"
    }

    private var logging: Route.Logging { routes.first?.logging ?? .path }

    private var isRead: Bool {
        routes.contains { if case .read = $0.handler { true } else { false } }
    }
}

extension Route {
    /// All paths but those that only nginx requests, in the order of the table.
    static let pathsOfServer: [RoutePath] = {
        let paths = all.filter { $0.isReachable }.map(\.path)
        return paths.enumerated().filter { paths.firstIndex(of: $1) == $0 }.map { _, path in
            RoutePath(path: path, routes: byPath[path] ?? [])
        }
    }()

    private var isReachable: Bool { if case .authorize = handler { false } else { true } }
}

extension Route.Logging {
    fileprivate var directives: [String] {
        switch self {
        case .query, .path: []
        // nginx writes the request line into its error log.
        case .secretQuery: ["error_log /dev/null emerg;"]
        case .nothing: ["access_log off;"]
        }
    }
}

extension Route.Limit {
    fileprivate var directive: String {
        switch self {
        case .connections: "limit_req zone=connections burst=20 nodelay;"
        case .signIns: "limit_req zone=sign_ins burst=10 nodelay;"
        case .allSignIns: "limit_req zone=all_sign_ins burst=50 nodelay;"
        }
    }
}
