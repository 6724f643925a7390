import Foundation
import GraphAPI
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import SyncEngine
import TestSupport
import Testing

/// The days of each ad of one account, as Facebook returns them and as they are stored.
struct ShopDays {
    let sample: Sample
    let connection: Connection

    init() throws {
        // Large enough for purchases every day.
        let account = AccountSpec(id: "10000000000004", name: "Shop", campaigns: 8, adSets: 30, ads: 150)
        sample = try Sample(world: .with([account]))
        connection = sample.database.connect()
        sample.settings = SyncSettings()
    }

    /// `AD DAY` and the results in the order of `FacebookResults`, as Facebook returns them.
    func expected(since: String, until: String) -> [String] {
        Facebook(sample: sample).rows(
            "insights",
            level: "ad",
            fields: "ad_id,results,\(FacebookResults.fields)",
            ["level": "ad", "time_increment": "1", "time_range": #"{"since":"\#(since)","until":"\#(until)"}"#]
        ).map { row in
            ([row["ad_id"], row["date_start"]].map { $0 as? String ?? "" } + FacebookResults.texts(row)
                + FacebookResults.textsByGoal(row))
                .joined(separator: " ")
        }.sorted()
    }

    func stored() throws -> [String] {
        let results = (FacebookResults.columns + FacebookResults.columnsByGoal).map { "coalesce(\($0)::text, '?')" }
            .joined(separator: ", ")
        return try connection.rows("SELECT concat_ws(' ', facebook_ad_id, day, \(raw: results)) FROM insights_daily") {
            try $0.text(0)
        }.sorted()
    }

    func range() throws -> (since: String, until: String) {
        let row = try connection.firstRow("SELECT min(day), max(day) FROM insights_days") {
            (since: try $0.text(0), until: try $0.text(1))
        }
        return try #require(row)
    }

    func states() throws -> [String] {
        try connection.rows(
            "SELECT coalesce(state, 'unread') || ' ' || count(*) FROM insights_days GROUP BY state ORDER BY 1"
        ) {
            try $0.text(0)
        }
    }

    /// A client that changes rows of the days of ads (`ad`) and of the account (`account`); `nil` omits a row.
    func client(
        changing change: @escaping (_ level: String, _ row: [String: Any]) -> [String: Any]?
    ) -> () throws -> GraphClient {
        let simulator = sample.simulator
        return { [sample] in
            sample.client(send: { request in
                var response = simulator.respond(to: request)
                guard request.path.hasSuffix("/insights"), request.method == "GET",
                    var page = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any],
                    let rows = page["data"] as? [[String: Any]]
                else { return response }
                let isReport = !request.path.contains("act_")
                let isDaily = isReport || request.query.contains("time_increment")
                guard isDaily else { return response }
                page["data"] = rows.compactMap { change($0["ad_id"] == nil ? "account" : "ad", $0) }
                response.body = Array(try JSONSerialization.data(withJSONObject: page))
                return response
            })
        }
    }
}
