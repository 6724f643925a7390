import Endpoints
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Secrets
import Store
import TestSupport
import Testing

/// Endpoints over their own database, with the one person of `Sample`. Sync children are recorded, not started.
final class Bench {
    static let secret = "0123456789abcdef0123456789abcdef"

    let sample: Sample
    var started: [SyncTarget] = []
    var logs: [String] = []
    var startError: (any Error)?
    var now = 0.0
    private(set) lazy var endpoints = makeEndpoints(sample.store)

    struct NoProcess: Error, CustomStringConvertible {
        var description: String { "no process" }
    }

    /// - Parameter isSynced: whether the account already has fresh data.
    init(world: World = .small, role: Role? = .manager, isSynced: Bool = true) throws {
        sample = try Sample(world: world, role: role)
        sample.order(#"{"fault":"freeze"}"#)
        if isSynced { try sample.sync() }
    }

    func makeEndpoints(
        _ store: Store,
        replica: Store? = nil,
        cronSecret: String? = Bench.secret,
        facebookLogin: FacebookLogin? = nil,
        databaseMark: DatabaseMark? = nil,
        hasRoom: @escaping (Int, String, UInt32?) -> Bool = { _, _, _ in true }
    ) -> Endpoints {
        Endpoints(
            store: store,
            replica: replica,
            environment: Endpoints.Environment(
                syncInterval: 600,
                cronSecret: cronSecret,
                facebookLogin: facebookLogin,
                startSync: { [unowned self] target in
                    started.append(target)
                    if let startError { throw startError }
                },
                hostFigures: { HostFigures(responders: 4, cacheStatuses: ["hit": 97, "miss": 3]) },
                databaseMark: databaseMark,
                hasRoom: hasRoom,
                log: { [unowned self] in logs.append($0) },
                now: { [unowned self] in now }
            )
        )
    }

    var id: String { sample.account.rawValue }
    var bearer: HTTPHeaders { ["Authorization": "Bearer \(sample.token)"] }

    /// A request of the person, unless other headers are given.
    func send(
        _ method: String,
        _ path: String,
        _ query: String = "",
        headers: HTTPHeaders? = nil,
        adding more: HTTPHeaders = [:],
        body: String = ""
    ) -> HTTPResponse {
        var all = headers ?? bearer
        for field in more.fields { all.add(field.name, field.value) }
        return endpoints.answer(
            HTTPRequest(method: method, path: path, query: query, headers: all, body: Array(body.utf8))
        )
    }

    func get(_ path: String, _ query: String? = nil, adding more: HTTPHeaders = [:]) -> HTTPResponse {
        send("GET", path, query ?? "adAccountId=\(id)", adding: more)
    }

    /// POST /api/sync with this body.
    func post(_ body: String, type: String? = "application/json", headers: HTTPHeaders? = nil) -> HTTPResponse {
        send("POST", "/api/sync", headers: headers, adding: type.map { ["Content-Type": $0] } ?? [:], body: body)
    }

    func postSync(force: Bool = false) -> HTTPResponse {
        post(#"{"adAccountId":"\#(id)","force":\#(force)}"#)
    }

    func sql(_ script: String) throws {
        try sample.database.connect().runScript(script)
    }

    func makeStale() throws {
        try sql("UPDATE ad_accounts SET last_synced_at = now() - interval '11 minutes'")
    }

    func hold(_ reason: String, _ interval: String) throws {
        try sql("UPDATE ad_accounts SET held_reason = '\(reason)', held_until = \(interval)")
    }

    /// The bearer token of a new person, with or without a role on the account.
    func newPerson(_ email: String, role: Role?) throws -> HTTPHeaders {
        _ = try sample.store.addUser(email: email)
        if let role { _ = try sample.store.grant(role, on: sample.account, to: email) }
        let token = AccessToken.generate()
        _ = try sample.store.addAccessToken(hash: AccessToken.hash(token), email: email, label: "", days: nil)
        return ["Authorization": "Bearer \(token)"]
    }
}

extension Bench {
    /// The ids that a table route returns, in its order.
    func ids(_ route: TableRoute, _ query: String) -> [String] {
        let response = get(route.path, "adAccountId=\(id)&\(query)")
        #expect(response.status == 200, "\(query): \(response.text)")
        return response.json[route.member].list.compactMap { $0["id"].string }
    }

    /// The ids that the database itself finds.
    func ids(_ route: TableRoute, where condition: String, order: String = "created_at DESC") throws -> [String] {
        try sample.database.connect().rows(
            """
            SELECT \(raw: route.key) FROM \(raw: route.table) t WHERE \(raw: condition)
            ORDER BY \(raw: order), \(raw: route.key) DESC
            """
        ) { try $0.text(0) }
    }
}

extension HTTPResponse {
    var json: JSON { JSON(body) }
    var code: String? { json["code"].string }
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// The properties of every error response.
func isError(_ response: HTTPResponse, _ status: Int, _ code: String) -> Bool {
    response.status == status && JSON.memberNames(response.body, depth: 1) == ["error", "code", "hint"]
        && response.code == code && response.json["error"].string?.isEmpty == false
        && response.json["hint"].string?.isEmpty == false
        && response.headers["Content-Type"] == "application/json; charset=utf-8"
        && response.headers["Cache-Control"] == "no-store"
}

let tablePaths = ["/api/campaigns", "/api/ad-sets", "/api/ads"]

extension Endpoints {
    /// The response with its whole body.
    func answer(_ request: HTTPRequest) -> HTTPResponse {
        do {
            return try respond(to: request).collected()
        } catch {
            Issue.record("the answer broke off: \(error)")
            return HTTPResponse(status: 0)
        }
    }
}
