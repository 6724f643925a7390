import Foundation
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import SyncEngine
import TestSupport

/// The simulator's own responses, read without a line of the product's code.
struct Facebook {
    let sample: Sample

    private static let statuses = [
        "ACTIVE", "PAUSED", "DELETED", "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO",
        "CAMPAIGN_PAUSED", "ARCHIVED", "ADSET_PAUSED", "IN_PROCESS", "WITH_ISSUES",
    ]

    /// All rows of an edge of the account, archived and deleted objects included.
    func rows(_ edge: String, level: String, fields: String, _ more: [String: String] = [:]) -> [[String: Any]] {
        let statuses = Self.statuses.map { "\"\($0)\"" }.joined(separator: ",")
        var query = QueryParameters([
            .init(name: "fields", value: fields), .init(name: "limit", value: "25"),
            .init(
                name: "filtering",
                value: "[{\"field\":\"\(level).effective_status\",\"operator\":\"IN\",\"value\":[\(statuses)]}]"
            ),
        ])
        for (name, value) in more { query.append(name, value) }
        var rows: [[String: Any]] = []
        var after: String?
        while true {
            var page = query
            if let after { page.append("after", after) }
            let answer = get("act_\(sample.facebookID)/\(edge)", page.encoded)
            rows += answer["data"] as? [[String: Any]] ?? []
            let paging = answer["paging"] as? [String: Any]
            guard paging?["next"] != nil, let cursors = paging?["cursors"] as? [String: Any] else { return rows }
            after = cursors["after"] as? String
        }
    }

    /// The account itself.
    func account(fields: String) -> [String: Any] { get("act_\(sample.facebookID)", "fields=\(fields)") }

    /// Calls of each kind, as the simulator counted them.
    func calls() -> [String: Int] {
        let answer = object(sample.simulator.respond(to: HTTPRequest(path: "/_control")))
        return answer["calls"] as? [String: Int] ?? [:]
    }

    private func get(_ path: String, _ query: String) -> [String: Any] {
        object(
            sample.simulator.respond(
                to: HTTPRequest(
                    path: "/v23.0/\(path)",
                    query: query,
                    headers: ["Authorization": "Bearer \(GraphSimulator.demoToken)"]
                )
            )
        )
    }

    private func object(_ response: HTTPResponse) -> [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(response.body))) as? [String: Any] ?? [:]
    }
}

extension Sample {
    /// One line for each stored object with its values, in the order of the ids.
    func contents() throws -> [String] {
        let connection = database.connect()
        return try ["campaigns", "ad_groups", "creatives"].flatMap { table in
            try connection.rows(
                "SELECT (to_jsonb(t) - 'last_synced_at' - 'id')::text FROM \(raw: table) t ORDER BY 1"
            ) { try $0.text(0) }
        }
    }

    /// Renames the first object of each level.
    func renameOneOfEach(to name: String) throws {
        let connection = database.connect()
        let ids = try connection.firstRow(
            """
            SELECT facebook_campaign_id, facebook_ad_set_id, facebook_ad_id FROM creatives
            ORDER BY facebook_ad_id LIMIT 1
            """
        ) { [try $0.text(0), try $0.text(1), try $0.text(2)] }
        for id in ids ?? [] { order("{\"fault\":\"rename\",\"id\":\"\(id)\",\"name\":\"\(name)\"}") }
    }
}

extension Sample {
    /// Lets time pass: for the clock of simulator, client and engine, and for everything whose age the database knows.
    func pass(_ seconds: Double, movesClock: Bool = true) throws {
        if movesClock { clock.now += seconds }
        let connection = database.connect()
        for (table, columns) in [
            ("ad_accounts", ["last_synced_at", "held_until", "checked_at"]),
            ("api_usage", ["observed_at", "held_until"]),
            ("sync_lists", ["listed_at", "adapted_at", "synced_at", "failed_at"]),
            ("staged_lists", ["touched_at"]),
            ("insights_days", ["read_at", "tried_at"]),
            ("report_runs", ["ordered_at", "progressed_at"]),
            ("level_looks", ["looked_at"]), ("period_readings", ["read_at", "failed_at"]),
            ("history_backlogs", ["due_at", "served_at", "progressed_at", "forced_at"]),
        ] {
            for column in columns {
                try connection.execute(
                    """
                    UPDATE \(raw: table) SET \(raw: column) = \(raw: column) - \("\(seconds)")::float8 * interval '1 second'
                    WHERE isfinite(\(raw: column))
                    """
                )
            }
        }
    }

    /// Sends an order and returns the response.
    func ordered(_ json: String) throws -> [String: Any] {
        let response = simulator.respond(to: HTTPRequest(method: "POST", path: "/_control", body: Array(json.utf8)))
        return try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:]
    }

    /// The ids of a table's rows, in their order.
    func ids(_ table: String, where condition: String = "true") throws -> [String] {
        let key = ["campaigns": "campaign_id", "ad_groups": "ad_set_id", "creatives": "ad_id"][table] ?? ""
        return try database.connect().rows(
            "SELECT facebook_\(raw: key) FROM \(raw: table) WHERE \(raw: condition) ORDER BY 1"
        ) { try $0.text(0) }
    }

    func forgetCalls() {
        _ = simulator.respond(to: HTTPRequest(method: "DELETE", path: "/_control/calls"))
    }

    func calls() -> [String: Int] { Facebook(sample: self).calls() }
}

extension Sample {
    /// Does a sync with changed responses.
    /// - Parameter change: gets the path without the version and the query, and changes the response's JSON object.
    @discardableResult
    func sync(
        isForced: Bool = true,
        report: @escaping (SyncEvent) -> Void = { _ in },
        changing change: @escaping (_ path: Substring, _ query: QueryParameters?, inout [String: Any]) -> Void
    ) throws -> SyncRun.Outcome? {
        let send = changed(change)
        return try sync(isForced: isForced, report: report, client: { [self] in client(send: send) })
    }

    /// Responses of the simulator that are changed on the way.
    func changed(
        _ change: @escaping (_ path: Substring, _ query: QueryParameters?, inout [String: Any]) -> Void
    ) -> (HTTPRequest) throws -> HTTPResponse {
        let simulator = simulator
        return { request in
            var response = simulator.respond(to: request)
            guard var object = try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] else {
                return response
            }
            let path = request.path.split(separator: "/", maxSplits: 1).last ?? ""
            change(path, try? QueryParameters(decoding: request.query), &object)
            response.body = Array(try JSONSerialization.data(withJSONObject: object))
            return response
        }
    }

    /// The warnings of the last run.
    func lastWarnings() throws -> String {
        try database.connect().text(
            "SELECT array_to_string(warnings, ' ') FROM sync_runs ORDER BY requested_at DESC LIMIT 1"
        ) ?? ""
    }
}
