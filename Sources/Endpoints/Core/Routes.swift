internal import HTTPMessages
internal import Store

extension Route {
    /// The route table, in the order in which people read of it. nginx's methods, locations and limits follow from it:
    /// see `NginxSnippet`.
    static let all = [
        Route("POST", "/api/session", .whole { try $0.signIn($1) }, .signIn, limits: [.signIns, .allSignIns]),
        Route("GET", "/api/session", .whole { try $0.describeSession($1) }, .session),
        Route("DELETE", "/api/session", .whole { try $0.signOut($1) }, .signOut),
        Route("GET", "/api/access", .whole { try $0.listAccess($1) }, .listAccess),
        Route("PUT", "/api/access", .whole { try $0.grantAccess($1) }, .grantAccess),
        Route("DELETE", "/api/access", .whole { try $0.revokeAccess($1) }, .revokeAccess),
        Route("GET", "/api/ad-accounts", .whole { try $0.listAdAccounts($1) }, .adAccounts, logging: .query),
        Route("GET", "/api/campaigns", .read(.campaigns), .campaigns, logging: .query),
        Route("GET", "/api/ad-sets", .read(.adSets), .adSets, logging: .query),
        Route("GET", "/api/ads", .read(.ads), .ads, logging: .query),
        Route("GET", "/api/insights", .read(.insights), .insights, logging: .query),
        Route("GET", "/api/changes", .read(.changes), .changes, logging: .query),
        Route("POST", "/api/sync", .whole { try $0.syncAccount($1) }, .sync, logging: .secretQuery),
        Route("GET", "/api/sync", .whole { try $0.syncDueAccounts($1) }, .cron, logging: .secretQuery),
        Route("HEAD", "/api/sync", .whole { try $0.probeSync($1) }, .cronProbe, logging: .secretQuery),
        Route("GET", "/api/sync/status", .whole { try $0.syncStatus($1) }, .syncStatus, logging: .query),
        Route("GET", "/api/sync/runs", .whole { try $0.listSyncRuns($1) }, .syncRuns, logging: .query),
        Route("POST", "/api/revalidate", .whole { try $0.revalidate($1) }, .revalidate),
        Route(
            "GET",
            "/api/facebook/connect",
            .whole { try $0.beginConnection($1) },
            .facebookConnect,
            limits: [.connections]
        ),
        Route(
            "GET",
            "/api/facebook/callback",
            .whole { try $0.endDialog($1) },
            .facebookCallback,
            logging: .secretQuery,
            limits: [.connections]
        ),
        Route("GET", "/api/facebook/connection", .whole { try $0.describeConnection($1) }, .facebookConnection),
        Route("POST", "/api/facebook/connection", .whole { try $0.completeConnection($1) }, .facebookChoice),
        Route("GET", "/api/fields", .whole { $0.listFields($1) }, .fields, needsDatabase: false),
        Route("GET", "/api/openapi.json", .whole { $0.describeAPI($1) }, .openAPI, needsDatabase: false),
        Route("GET", "/api/docs", .whole { $0.showDocumentation($1) }, .documentation, needsDatabase: false),
        Route(
            "GET",
            "/healthz",
            .whole { endpoints, _ in endpoints.liveness() },
            .liveness,
            needsDatabase: false,
            logging: .nothing
        ),
        Route("GET", "/readyz", .whole { endpoints, _ in try endpoints.readiness() }, .readiness, logging: .nothing),
        Route("GET", "/metrics", .whole { try $0.showMetrics($1) }, .metrics, logging: .nothing),
        // Not reachable from outside.
        Route("GET", "/_authorize/api/campaigns", .authorize(.campaigns), nil),
        Route("GET", "/_authorize/api/ad-sets", .authorize(.adSets), nil),
        Route("GET", "/_authorize/api/ads", .authorize(.ads), nil),
        Route("GET", "/_authorize/api/insights", .authorize(.insights), nil),
        Route("GET", "/_authorize/api/changes", .authorize(.changes), nil),
    ]

    static let byPath = Dictionary(grouping: all, by: \.path)
}
