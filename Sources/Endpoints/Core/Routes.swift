internal import HTTPMessages
internal import Store

extension RoutePath {
    /// The route table, in the order of the documentation. nginx's methods, locations and limits follow from it: see
    /// `NginxSnippet`.
    static let all = [
        RoutePath(
            "/api/session",
            [
                Route("POST", .whole { try $0.signIn($1) }, .signIn),
                Route("GET", .whole { try $0.describeSession($1) }, .session),
                Route("DELETE", .whole { try $0.signOut($1) }, .signOut),
            ],
            limits: [.signIns, .allSignIns]
        ),
        RoutePath(
            "/api/access",
            [
                Route("GET", .whole { try $0.listAccess($1) }, .listAccess),
                Route("PUT", .whole { try $0.grantAccess($1) }, .grantAccess),
                Route("DELETE", .whole { try $0.revokeAccess($1) }, .revokeAccess),
            ]
        ),
        RoutePath(
            "/api/ad-accounts",
            [Route("GET", .whole { try $0.listAdAccounts($1) }, .adAccounts)],
            logging: .query
        ),
        RoutePath("/api/ad-accounts/{id}", [Route("PUT", .whole { try $0.changeAdAccount($1) }, .changeAdAccount)]),
        RoutePath(
            "/api/custom-conversions",
            [Route("GET", .whole { try $0.listCustomConversions($1) }, .customConversions)],
            logging: .query
        ),
        RoutePath("/api/campaigns", [Route("GET", .read(.campaigns), .campaigns)], logging: .query),
        RoutePath("/api/ad-sets", [Route("GET", .read(.adSets), .adSets)], logging: .query),
        RoutePath("/api/ads", [Route("GET", .read(.ads), .ads)], logging: .query),
        RoutePath("/api/creatives", [Route("GET", .read(.creatives), .creatives)], logging: .query),
        RoutePath("/api/insights", [Route("GET", .read(.insights), .insights)], logging: .query),
        RoutePath("/api/changes", [Route("GET", .read(.changes), .changes)], logging: .query),
        RoutePath("/api/media/{adAccountId}/{name}", [Route("GET", .picture, .picture)], logging: .query),
        RoutePath(
            "/api/sync",
            [
                Route("POST", .whole { try $0.syncAccount($1) }, .sync),
                Route("GET", .whole { try $0.syncDueAccounts($1) }, .cron),
                Route("HEAD", .whole { try $0.probeSync($1) }, .cronProbe),
            ],
            logging: .secretQuery
        ),
        RoutePath("/api/sync/status", [Route("GET", .whole { try $0.syncStatus($1) }, .syncStatus)], logging: .query),
        RoutePath("/api/sync/runs", [Route("GET", .whole { try $0.listSyncRuns($1) }, .syncRuns)], logging: .query),
        RoutePath("/api/revalidate", [Route("POST", .whole { try $0.revalidate($1) }, .revalidate)]),
        RoutePath(
            "/api/facebook/connect",
            [Route("GET", .whole { try $0.beginConnection($1) }, .facebookConnect)],
            limits: [.connections]
        ),
        RoutePath(
            "/api/facebook/callback",
            [Route("GET", .whole { try $0.endDialog($1) }, .facebookCallback)],
            logging: .secretQuery,
            limits: [.connections]
        ),
        RoutePath(
            "/api/facebook/connection",
            [
                Route("GET", .whole { try $0.describeConnection($1) }, .facebookConnection),
                Route("POST", .whole { try $0.completeConnection($1) }, .facebookChoice),
            ]
        ),
        RoutePath("/api/fields", [Route("GET", .whole { $0.listFields($1) }, .fields, needsDatabase: false)]),
        RoutePath("/api/openapi.json", [Route("GET", .whole { $0.describeAPI($1) }, .openAPI, needsDatabase: false)]),
        RoutePath(
            "/api/docs",
            [Route("GET", .whole { $0.showDocumentation($1) }, .documentation, needsDatabase: false)]
        ),
        RoutePath(
            "/healthz",
            [Route("GET", .whole { endpoints, _ in endpoints.liveness() }, .liveness, needsDatabase: false)],
            logging: .nothing
        ),
        RoutePath(
            "/readyz",
            [Route("GET", .whole { endpoints, _ in try endpoints.readiness() }, .readiness)],
            logging: .nothing
        ),
        RoutePath("/metrics", [Route("GET", .whole { try $0.showMetrics($1) }, .metrics)], logging: .nothing),
        // Not reachable from outside.
        RoutePath("/_authorize/api/campaigns", [Route("GET", .authorize(.campaigns), nil)]),
        RoutePath("/_authorize/api/ad-sets", [Route("GET", .authorize(.adSets), nil)]),
        RoutePath("/_authorize/api/ads", [Route("GET", .authorize(.ads), nil)]),
        RoutePath("/_authorize/api/creatives", [Route("GET", .authorize(.creatives), nil)]),
        RoutePath("/_authorize/api/insights", [Route("GET", .authorize(.insights), nil)]),
        RoutePath("/_authorize/api/changes", [Route("GET", .authorize(.changes), nil)]),
        RoutePath("/_authorize/api/media/{adAccountId}/{name}", [Route("GET", .authorizePicture, nil)]),
    ]

    /// Those whose paths have no values in them.
    static let byPath = Dictionary(uniqueKeysWithValues: all.filter { !$0.isTemplate }.map { ($0.path, $0) })
}
