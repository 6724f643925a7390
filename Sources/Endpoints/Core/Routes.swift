internal import HTTPMessages
internal import Store

/// The handler of one method of one path. `HEAD` is answered like `GET`, without the body, unless it has its own route.
/// `OPTIONS` always returns the methods.
struct Route: Sendable {
    enum Handler: Sendable {
        case whole(@Sendable (Endpoints, HTTPRequest) throws -> HTTPResponse)
        case read(AnswerKind)
        case authorize(AnswerKind)
    }

    let method: String
    let path: String
    let handler: Handler
    /// The description of the route; `nil` for routes that only nginx can request.
    let description: RouteDescription?
    let needsDatabase: Bool

    private init(_ method: String, _ path: String, _ handler: Handler, _ description: RouteDescription?) {
        self.method = method
        self.path = path
        self.handler = handler
        self.description = description
        needsDatabase = description?.errors.contains { $0.code == RequestError.databaseUnavailable.code } ?? true
    }

    /// Everything that is answered, in the order in which people read of it.
    static let all = [
        Route("POST", "/api/session", .whole { try $0.signIn($1) }, .signIn),
        Route("GET", "/api/session", .whole { try $0.describeSession($1) }, .session),
        Route("DELETE", "/api/session", .whole { try $0.signOut($1) }, .signOut),
        Route("GET", "/api/access", .whole { try $0.listAccess($1) }, .listAccess),
        Route("PUT", "/api/access", .whole { try $0.grantAccess($1) }, .grantAccess),
        Route("DELETE", "/api/access", .whole { try $0.revokeAccess($1) }, .revokeAccess),
        Route("GET", "/api/ad-accounts", .whole { try $0.listAdAccounts($1) }, .adAccounts),
        Route("GET", "/api/campaigns", .read(.campaigns), .campaigns),
        Route("GET", "/api/ad-sets", .read(.adSets), .adSets),
        Route("GET", "/api/ads", .read(.ads), .ads),
        Route("GET", "/api/insights", .read(.insights), .insights),
        Route("GET", "/api/changes", .read(.changes), .changes),
        Route("POST", "/api/sync", .whole { try $0.syncAccount($1) }, .sync),
        Route("GET", "/api/sync", .whole { try $0.syncDueAccounts($1) }, .cron),
        Route("HEAD", "/api/sync", .whole { try $0.probeSync($1) }, .cronProbe),
        Route("GET", "/api/sync/status", .whole { try $0.syncStatus($1) }, .syncStatus),
        Route("GET", "/api/sync/runs", .whole { try $0.listSyncRuns($1) }, .syncRuns),
        Route("POST", "/api/revalidate", .whole { try $0.revalidate($1) }, .revalidate),
        Route("GET", "/api/facebook/connect", .whole { try $0.beginConnection($1) }, .facebookConnect),
        Route("GET", "/api/facebook/callback", .whole { try $0.endDialog($1) }, .facebookCallback),
        Route("GET", "/api/facebook/connection", .whole { try $0.describeConnection($1) }, .facebookConnection),
        Route("POST", "/api/facebook/connection", .whole { try $0.completeConnection($1) }, .facebookChoice),
        Route("GET", "/api/fields", .whole { $0.listFields($1) }, .fields),
        Route("GET", "/api/openapi.json", .whole { $0.describeAPI($1) }, .openAPI),
        Route("GET", "/api/docs", .whole { $0.showDocumentation($1) }, .documentation),
        Route("GET", "/healthz", .whole { endpoints, _ in endpoints.liveness() }, .liveness),
        Route("GET", "/readyz", .whole { endpoints, _ in try endpoints.readiness() }, .readiness),
        Route("GET", "/metrics", .whole { try $0.showMetrics($1) }, .metrics),
        // Only nginx asks these, before it looks into its cache; they are not reachable from outside.
        Route("GET", "/_authorize/api/campaigns", .authorize(.campaigns), nil),
        Route("GET", "/_authorize/api/ad-sets", .authorize(.adSets), nil),
        Route("GET", "/_authorize/api/ads", .authorize(.ads), nil),
        Route("GET", "/_authorize/api/insights", .authorize(.insights), nil),
        Route("GET", "/_authorize/api/changes", .authorize(.changes), nil),
    ]

    static let byPath = Dictionary(grouping: all, by: \.path)
}
