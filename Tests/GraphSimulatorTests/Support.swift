import Foundation
import HTTPMessages

@testable import GraphSimulator

/// 2026-11-23T03:00:00Z: still the 22nd in Los Angeles, already noon of the 23rd in Tokyo.
let testTime = 1_795_402_800.0

/// A simulator, a clock that can be set, and responses as parsed JSON.
final class Bench {
    var time = testTime
    var slept: [Double] = []
    lazy var simulator = GraphSimulator(
        now: { [unowned self] in time },
        baseURL: "http://127.0.0.1:8080/simulator",
        world: world,
        appSecret: appSecret,
        sleep: { [unowned self] in slept.append($0) }
    )
    private let world: World
    private let appSecret: String?

    init(_ world: World = .demo, appSecret: String? = nil) {
        self.world = world
        self.appSecret = appSecret
    }

    func send(_ method: String, _ path: String, _ query: [String: String] = [:], body: String = "") -> HTTPResponse {
        simulator.respond(
            to: HTTPRequest(
                method: method,
                path: path,
                query: encoded(query),
                headers: ["Authorization": "Bearer \(GraphSimulator.demoToken)"],
                body: Array(body.utf8)
            )
        )
    }

    func get(_ path: String, _ query: [String: String] = [:]) -> [String: Any] {
        Self.object(send("GET", "/v23.0/\(path)", query))
    }

    func error(_ path: String, _ query: [String: String] = [:]) -> (status: Int, code: Int?, message: String) {
        let response = send("GET", "/v23.0/\(path)", query)
        let error = Self.object(response)["error"] as? [String: Any]
        return (response.status, error?["code"] as? Int, error?["message"] as? String ?? "")
    }

    /// Every row of an edge, read by following `after` until there is no `next`.
    func all(_ path: String, _ query: [String: String] = [:]) -> [[String: Any]] {
        var query = query
        var rows: [[String: Any]] = []
        while true {
            let page = get(path, query)
            rows += page["data"] as? [[String: Any]] ?? []
            let paging = page["paging"] as? [String: Any]
            guard paging?["next"] != nil, let cursors = paging?["cursors"] as? [String: String] else { return rows }
            query["after"] = cursors["after"]
        }
    }

    func order(_ json: String) -> Int { send("POST", "/_control", body: json).status }

    /// The response to an order.
    func ordered(_ json: String) -> [String: Any] { Self.object(send("POST", "/_control", body: json)) }

    /// The response of `GET /_control`.
    var counts: [String: Any] { Self.object(send("GET", "/_control")) }

    static func object(_ response: HTTPResponse) -> [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(response.body))) as? [String: Any] ?? [:]
    }
}

/// As a query string or a form.
func encoded(_ values: [String: String]) -> String {
    var parameters = QueryParameters()
    for (name, value) in values.sorted(by: { $0.key < $1.key }) { parameters.append(name, value) }
    return parameters.encoded
}

func ids(_ rows: [[String: Any]]) -> [String] { rows.compactMap { $0["id"] as? String } }

/// `{"field":…,"operator":…,"value":…}` in an array.
func filter(_ field: String, _ operator: String, _ value: String) -> String {
    "[{\"field\":\"\(field)\",\"operator\":\"\(`operator`)\",\"value\":\(value)}]"
}

let everyStatus = "[" + Status.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ",") + "]"
let accounts = World.demo.accounts.map { "act_\($0.id)" }
