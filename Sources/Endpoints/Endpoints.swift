package import HTTPMessages
package import Model
internal import Postgres
package import Store

/// AdMirror's HTTP API: one request in, one response out. nginx stands before it.
package final class Endpoints {
    /// What the endpoints need from the program that they run in.
    package struct Environment {
        /// Seconds after which data is stale.
        package var syncInterval: Int
        /// `nil` closes the cron URL.
        package var cronSecret: String?
        /// Starts a detached sync child: for an account's waiting run, or for every run that waits.
        package var startSync: (SyncTarget) throws -> Void
        /// What an operator should hear of; never with a secret.
        package var log: (String) -> Void

        package init(
            syncInterval: Int,
            cronSecret: String?,
            startSync: @escaping (SyncTarget) throws -> Void,
            log: @escaping (String) -> Void
        ) {
            self.syncInterval = syncInterval
            self.cronSecret = cronSecret
            self.startSync = startSync
            self.log = log
        }
    }

    package enum SyncTarget: Sendable, Equatable {
        case account(AdAccount.ID)
        case waitingRuns(Int)
    }

    let store: Store
    let environment: Environment
    let bodies = BodyEncoder()

    package init(store: Store, environment: Environment) {
        self.store = store
        self.environment = environment
    }

    private typealias Handler = @Sendable (Endpoints, HTTPRequest) throws -> HTTPResponse

    /// Every path with the methods that it takes. `HEAD` is answered as `GET`, without the body, unless it stands here.
    private static let routes: [String: [(method: String, handle: Handler)]] = [
        "/api/campaigns": [("GET", { try $0.table(.campaigns, $1) })],
        "/api/ad-sets": [("GET", { try $0.table(.adSets, $1) })],
        "/api/ads": [("GET", { try $0.table(.ads, $1) })],
        "/api/ad-accounts": [("GET", { try $0.listAdAccounts($1) })],
        "/api/sync": [
            ("GET", { try $0.syncDueAccounts($1) }),
            ("HEAD", { try $0.probeSync($1) }),
            ("POST", { try $0.syncAccount($1) }),
        ],
        "/api/sync/status": [("GET", { try $0.syncStatus($1) })],
        "/healthz": [("GET", { _, _ in Endpoints.alive })],
        "/readyz": [("GET", { endpoints, _ in try endpoints.readiness() })],
        // Only nginx asks these, before it looks into its cache; they are not reachable from outside.
        "/_authorize/api/campaigns": [("GET", { try $0.authorize(.campaigns, $1) })],
        "/_authorize/api/ad-sets": [("GET", { try $0.authorize(.adSets, $1) })],
        "/_authorize/api/ads": [("GET", { try $0.authorize(.ads, $1) })],
    ]

    package func respond(to request: HTTPRequest) -> HTTPResponse {
        var response: HTTPResponse
        do {
            response = try route(request)
        } catch let error as RequestError {
            response = error.response
        } catch let error as Schema.Mismatch {
            environment.log("\(error)")
            response = RequestError.schemaUnknown.response
        } catch let error as PostgresError where error.isUnavailable {
            environment.log("database unavailable: \(error)")
            response = RequestError.databaseUnavailable.response
        } catch {
            environment.log("unexpected: \(error)")
            response = RequestError.internalError.response
        }
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
    }

    private func route(_ request: HTTPRequest) throws -> HTTPResponse {
        guard let methods = Self.routes[request.path] else { throw RequestError.routeUnknown }
        let method = request.method
        let exact = methods.first { $0.method == method }
        if let entry = exact ?? (method == "HEAD" ? methods.first { $0.method == "GET" } : nil) {
            guard !request.isBodyTooLarge else { throw RequestError.bodyTooLarge }
            return try entry.handle(self, request)
        }
        let names = methods.map(\.method)
        let allow = (names + (names.contains("HEAD") ? ["OPTIONS"] : ["HEAD", "OPTIONS"])).joined(separator: ", ")
        guard method == "OPTIONS" else { throw RequestError.methodNotAllowed(allow) }
        return HTTPResponse(status: 204, headers: ["Allow": allow, "Cache-Control": "no-store"])
    }

    private static var alive: HTTPResponse {
        HTTPResponse(status: 200, headers: ["Cache-Control": "no-store"], json: #"{"ok":true}"#)
    }

    private func readiness() throws -> HTTPResponse {
        try store.checkReadiness()
        return Self.alive
    }

    /// An answer that nobody may keep.
    func json(_ status: Int, _ body: (inout JSONWriter) -> Void) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object(body)
        return HTTPResponse(
            status: status,
            headers: ["Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"],
            body: writer.bytes
        )
    }
}
