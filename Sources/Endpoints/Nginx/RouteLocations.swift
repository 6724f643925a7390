// Paths as nginx sees them.

extension RoutePath {
    /// The paths that clients can request, in the order of the table.
    static let pathsOfServer = all.filter(\.isReachable)

    /// A line of the map from paths to methods. nginx answers other methods with 405.
    var methodsLine: String { "\(key) \"\(methods)\";" }

    /// The path in one of nginx's maps.
    private var key: String { isTemplate ? "\"~^\(pattern)\\z\"" : path }

    /// As a regular expression.
    private var pattern: String {
        path.split(separator: "/").map { $0.hasPrefix("{") ? "/[^/]+" : "/\($0.replacing(".", with: "\\."))" }.joined()
    }

    /// A line of the map of paths whose query strings are logged; `nil` if the query string of this path is not logged.
    var queryLogging: String? { logging == .query ? "\(key) 1;" : nil }

    /// The location that passes requests to a responder; `nil` if `readLocation` has the path.
    var location: String? {
        guard !isRead else { return nil }
        let directives = limits.map(\.directive) + logging.directives + ["include snippets/responder.conf;"]
        return
            "\nlocation \(isTemplate ? "~ ^\(pattern)\\z" : "= \(path)") {\n\(directives.map { "  \($0)\n" }.joined())}"
    }

    /// The location of all reads. They share one, because each location keeps its own files open.
    static var readLocation: String {
        let paths = pathsOfServer.filter(\.isRead).map(\.pattern)
        return "\nlocation ~ ^(?:\(paths.joined(separator: "|")))\\z {\n  include snippets/read.conf;\n}"
    }

    private var isRead: Bool {
        routes.contains { route in
            switch route.handler {
            case .read, .picture: true
            case .whole, .authorize, .authorizePicture: false
            }
        }
    }

    private var isReachable: Bool {
        !routes.contains { route in
            switch route.handler {
            case .authorize, .authorizePicture: true
            case .whole, .read, .picture: false
            }
        }
    }
}

extension RoutePath.Logging {
    fileprivate var directives: [String] {
        switch self {
        case .query, .path: []
        // nginx writes the request line into its error log.
        case .secretQuery: ["error_log /dev/null emerg;"]
        case .nothing: ["access_log off;"]
        }
    }
}

extension RoutePath.Limit {
    fileprivate var directive: String {
        switch self {
        case .connections: "limit_req zone=connections burst=20 nodelay;"
        case .signIns: "limit_req zone=sign_ins burst=10 nodelay;"
        case .allSignIns: "limit_req zone=all_sign_ins burst=50 nodelay;"
        }
    }
}
