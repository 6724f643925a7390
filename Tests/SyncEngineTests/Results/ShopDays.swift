import Foundation
import GraphAPI
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import SyncEngine
import TestSupport
import Testing

/// The days of each ad of one account: as Facebook returns them, and as they are stored.
struct ShopDays {
    let sample: Sample
    let connection: Connection

    init() throws {
        // Large enough that something is bought every day.
        let account = AccountSpec(id: "10000000000004", name: "Shop", campaigns: 8, adSets: 30, ads: 150)
        sample = try Sample(world: .with([account]))
        connection = sample.database.connect()
        sample.settings = SyncSettings()
    }

    /// `AD DAY spend impressions clicks purchases value engagement link_clicks`, as Facebook returns it.
    func expected(since: String, until: String) -> [String] {
        Facebook(sample: sample).rows(
            "insights",
            level: "ad",
            fields: "ad_id,spend,impressions,clicks,inline_link_clicks,actions,action_values",
            ["level": "ad", "time_increment": "1", "time_range": #"{"since":"\#(since)","until":"\#(until)"}"#]
        ).map { row in
            let text = { (name: String) in row[name] as? String ?? "0" }
            let action = { (type: String, list: String) in
                (row[list] as? [[String: Any]] ?? []).first { $0["action_type"] as? String == type }?["value"]
                    as? String
                    ?? "0"
            }
            return [
                text("ad_id"), text("date_start"), text("spend"), text("impressions"), text("clicks"),
                action("omni_purchase", "actions"), action("omni_purchase", "action_values"),
                action("post_engagement", "actions"), text("inline_link_clicks"),
            ].joined(separator: " ")
        }.sorted()
    }

    func stored() throws -> [String] {
        try connection.rows(
            """
            SELECT concat_ws(' ', facebook_ad_id, day, spent, impressions, clicks, conversions, conversion_value, engagement,
                              link_clicks)
            FROM insights_daily
            """
        ) { try $0.text(0) }.sorted()
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

    /// A client that changes rows of the days of ads (`ad`) and of the account (`account`); `nil` leaves a row out.
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
