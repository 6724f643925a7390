package import HTTPMessages
package import Model
package import Store

/// AdMirror's HTTP API: one request in, one response out, behind nginx.
package final class Endpoints {
    /// What the endpoints need from their program.
    package struct Environment {
        /// Seconds after which data is stale.
        package var syncInterval: Int
        /// Days of results that every account has.
        package var historyDays: Int
        /// `nil` closes the cron URL.
        package var cronSecret: String?
        /// Names the host to others.
        package var host: String
        /// Responders of this host that may hash a password at the same moment: the others go on answering reads.
        package var hashingSlots: Int
        /// `nil` when there is no Facebook app to sign in with.
        package var facebookLogin: FacebookLogin?
        /// Starts a detached sync child: for an account's waiting run, for every run that waits, or for a connection.
        package var startSync: (SyncTarget) throws -> Void
        /// Called for each request of the metrics.
        package var hostFigures: () -> HostFigures
        /// Informs the responders of this host that the database hangs; `nil` if this one is alone.
        package var databaseMark: DatabaseMark?
        /// Whether a cache in this folder can store so many bytes for a server with this user id, `nil` if the id is
        /// unknown.
        package var hasRoom: (Int, String, UInt32?) -> Bool
        /// Receives problems for the log, without secrets.
        package var log: (String) -> Void
        /// Seconds since 1970.
        package var now: () -> Double

        package init(
            syncInterval: Int,
            historyDays: Int = 90,
            cronSecret: String?,
            host: String = "",
            hashingSlots: Int = 1,
            facebookLogin: FacebookLogin? = nil,
            startSync: @escaping (SyncTarget) throws -> Void,
            hostFigures: @escaping () -> HostFigures = { HostFigures(responders: 0, cacheStatuses: nil) },
            databaseMark: DatabaseMark? = nil,
            hasRoom: @escaping (Int, String, UInt32?) -> Bool = { _, _, _ in true },
            log: @escaping (String) -> Void,
            now: @escaping () -> Double
        ) {
            self.syncInterval = syncInterval
            self.historyDays = historyDays
            self.cronSecret = cronSecret
            self.host = host
            self.hashingSlots = hashingSlots
            self.facebookLogin = facebookLogin
            self.startSync = startSync
            self.hostFigures = hostFigures
            self.databaseMark = databaseMark
            self.hasRoom = hasRoom
            self.log = log
            self.now = now
        }
    }

    let store: Store
    let reads: ReadStores
    let environment: Environment
    let bodies = BodyEncoder()
    /// In which answers are written, one after the other.
    let buffer = ByteBuffer()
    private let databaseWatch: DatabaseWatch
    var looks = RecordedLooks()
    /// Signs cursors; read when it is first needed.
    var knownCursorKey: [UInt8]?

    /// - Parameter replica: where the rows of answers are read, unless it is away or behind; `nil` for the store itself.
    package init(store: Store, replica: Store? = nil, environment: Environment) {
        self.store = store
        self.environment = environment
        databaseWatch = DatabaseWatch(mark: environment.databaseMark, now: environment.now, log: environment.log)
        reads = ReadStores(primary: store, replica: replica, environment: environment)
    }

    package func respond(to request: HTTPRequest) -> HTTPReply {
        var reply: HTTPReply
        do {
            reply = try route(request)
        } catch let error as RequestError {
            reply = HTTPReply(error.response)
        } catch let error as Schema.Mismatch {
            environment.log("\(error)")
            reply = HTTPReply(RequestError.schemaUnknown.response)
        } catch let error as any StoreError where error.isUnavailable {
            environment.log("database unavailable: \(error)")
            databaseWatch.note(error)
            reply = HTTPReply(RequestError.databaseUnavailable.response)
        } catch {
            environment.log("unexpected: \(error)")
            reply = HTTPReply(RequestError.internalError.response)
        }
        reply.response.headers["X-Content-Type-Options"] = "nosniff"
        return reply
    }

    private func route(_ request: HTTPRequest) throws -> HTTPReply {
        guard let (path, values) = RoutePath.matching(request.path) else { throw RequestError.routeUnknown }
        let method = request.method
        let exact = path.routes.first { $0.method == method }
        if let route = exact ?? (method == "HEAD" ? path.routes.first { $0.method == "GET" } : nil) {
            guard !request.isBodyTooLarge else { throw RequestError.bodyTooLarge }
            if route.needsDatabase, databaseWatch.isHanging { throw RequestError.databaseUnavailable }
            switch route.handler {
            case .whole(let answer): return HTTPReply(try answer(self, request))
            case .read(let kind): return try read(kind, request)
            case .authorize(let kind): return HTTPReply(try authorize(kind, request))
            case .picture: return HTTPReply(try showPicture(request, values))
            case .authorizePicture: return HTTPReply(try authorizePicture(request, values))
            }
        }
        let allow = path.methods
        guard method == "OPTIONS" else { throw RequestError.methodNotAllowed(allow) }
        return HTTPReply(HTTPResponse(status: 204, headers: ["Allow": allow, "Cache-Control": "no-store"]))
    }

    /// Waits for a database that hangs, if this responder is the one of the host that does. To be called between two requests.
    package func awaitDatabase(while goesOn: () -> Bool) {
        databaseWatch.awaitDatabase(while: goesOn) { try store.checkReadiness() }
    }

    // GET /healthz
    func liveness() -> HTTPResponse {
        HTTPResponse(status: 200, headers: ["Cache-Control": "no-store"], json: #"{"ok":true}"#)
    }

    // GET /readyz
    func readiness() throws -> HTTPResponse {
        try store.checkReadiness()
        return liveness()
    }

    /// A response that no cache may store.
    func json(_ status: Int, _ body: some Encodable) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: ["Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"],
            body: JSONEncoding.bytes(of: body)
        )
    }
}
