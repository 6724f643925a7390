import Foundation
import GraphSimulator
import HTTPMessages
import Model
import TestSupport
import Testing

@testable import GraphAPI

private let everyStatus = """
    ["ACTIVE","PAUSED","DELETED","PENDING_REVIEW","DISAPPROVED","PREAPPROVED","PENDING_BILLING_INFO","CAMPAIGN_PAUSED",\
    "ARCHIVED","ADSET_PAUSED","IN_PROCESS","WITH_ISSUES"]
    """

/// Against the simulator: the client reads exactly its objects.
@Suite struct ReadingTests {
    @Test(
        "every object is read exactly once over many pages, archived and deleted ones included",
        arguments: [1, 7, 1000]
    )
    func everything(pageSize: Int) throws {
        let graph = try SimulatedGraph(pageSize: pageSize)
        let campaigns = try graph.recorder.campaigns(graph.account)
        let adSets = try graph.recorder.adSets(graph.account)
        let ads = try graph.recorder.ads(graph.account)

        let all = [("effective_status", everyStatus), ("fields", "id,effective_status")]
        for (edge, read, statuses) in [
            ("campaigns", campaigns.map(\.id), campaigns.map(\.effectiveStatus)),
            ("adsets", adSets.map(\.id), adSets.map(\.effectiveStatus)),
            ("ads", ads.map(\.id), ads.map(\.effectiveStatus)),
        ] {
            let rows = try graph.rows(edge, all)
            #expect(read.sorted() == rows.compactMap { $0["id"] as? String }.sorted(), "\(edge)")
            #expect(statuses.sorted() == rows.compactMap { $0["effective_status"] as? String }.sorted())
            #expect(Set(read).count == read.count)
            #expect(statuses.contains("ARCHIVED") && statuses.contains("DELETED"))
        }
        #expect(campaigns.count == 6)
        #expect(adSets.count == 20)
        #expect(ads.count == 60)
        #expect(Set(adSets.map(\.campaignID)).isSubset(of: campaigns.map(\.id)))
        #expect(Set(ads.map(\.adSetID)).isSubset(of: adSets.map(\.id)))
        let campaignOfAdSet = Dictionary(uniqueKeysWithValues: adSets.map { ($0.id, $0.campaignID) })
        #expect(ads.allSatisfy { $0.campaignID == campaignOfAdSet[$0.adSetID ?? ""] })
    }

    @Test("only edges of the account are called, once per page")
    func accountLevelOnly() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        _ = try graph.recorder.client.adAccount(graph.account.facebookID)
        _ = try graph.recorder.campaigns(graph.account)
        _ = try graph.recorder.adSets(graph.account)
        _ = try graph.recorder.ads(graph.account)
        let rows = try graph.recorder.metrics(.campaign, graph.account)
        #expect(!rows.isEmpty)
        #expect(
            try graph.calls() == [
                "GET act": 1, "GET act/campaigns": 1, "GET act/adsets": 1, "GET act/ads": 3, "GET act/insights": 1,
            ]
        )
        #expect(graph.recorder.client.calls == 7)
        #expect(
            Set(graph.recorder.requests.map(\.path)) == [
                "/v23.0/act_10000000000001", "/v23.0/act_10000000000001/campaigns", "/v23.0/act_10000000000001/adsets",
                "/v23.0/act_10000000000001/ads", "/v23.0/act_10000000000001/insights",
            ]
        )
        #expect(graph.recorder.requests.allSatisfy { $0.method == "GET" && $0.body.isEmpty })
    }

    @Test("only the first page requests the number of objects")
    func total() throws {
        let graph = try SimulatedGraph(pageSize: 25)
        let pages = try graph.recorder.pages(.ad, graph.account)
        #expect(pages.map(\.total) == [60, nil, nil])
        #expect(pages.map(\.isLast) == [false, false, true])
    }

    @Test("fields equal Facebook's, with money in major units", arguments: ["USD", "JPY", "HUF"])
    func fields(currency: String) throws {
        let spec = AccountSpec(
            id: "20000000000002",
            name: "Fields",
            currency: currency,
            timeZone: "Asia/Tokyo",
            campaigns: 12,
            adSets: 30,
            ads: 40
        )
        let graph = try SimulatedGraph(World(seed: 3, accounts: [spec]))
        let query = [
            ("effective_status", everyStatus),
            ("fields", "id,name,status,objective,daily_budget,lifetime_budget,created_time,updated_time"),
        ]
        let rows = try graph.rows("campaigns", query)
        let campaigns = try graph.recorder.campaigns(graph.account)
        var budgets = 0
        for (row, campaign) in zip(rows, campaigns) {
            #expect(row["id"] as? String == campaign.id)
            #expect(row["name"] as? String == campaign.name)
            #expect(row["status"] as? String == campaign.status)
            #expect(row["objective"] as? String == campaign.objective)
            #expect((row["created_time"] as? String).flatMap { Timestamp($0) } == campaign.createdAt)
            #expect((row["updated_time"] as? String).flatMap { Timestamp($0) } == campaign.updatedAt)
            #expect(campaign.createdAt != nil && campaign.updatedAt != nil)
            for (member, budget) in [
                ("daily_budget", campaign.dailyBudget), ("lifetime_budget", campaign.lifetimeBudget),
            ] {
                let minorUnits = (row[member] as? String).flatMap { Int64($0) }
                #expect(budget?.micros == minorUnits.map { $0 * (currency == "USD" ? 10_000 : 1_000_000) })
                budgets += budget == nil ? 0 : 1
            }
        }
        #expect(campaigns.count == 12)
        #expect(budgets > 0)
        // An ad set's unused budget is "0" on the wire and absent here.
        let adSets = try graph.recorder.adSets(graph.account)
        #expect(adSets.contains { $0.dailyBudget != nil })
        #expect(adSets.allSatisfy { $0.dailyBudget != .zero && $0.lifetimeBudget != .zero })
    }

    @Test("each level's metrics are those of its objects", arguments: Level.allCases)
    func metrics(level: Level) throws {
        let graph = try SimulatedGraph(pageSize: 4)
        let read = try graph.recorder.metrics(level, graph.account)
        let rows = try graph.rows(
            "insights",
            [
                ("level", level.rawValue), ("time_range", #"{"since":"2026-11-01","until":"2026-11-23"}"#),
                ("fields", "\(level.rawValue)_id,spend,impressions,clicks,reach,frequency,actions,action_values"),
                (
                    "filtering",
                    #"[{"field":"\#(level.rawValue).effective_status","operator":"IN","value":\#(everyStatus)}]"#
                ),
            ]
        )
        #expect(!read.isEmpty)
        #expect(Set(read.map(\.objectID)).count == read.count)
        let byID = Dictionary(uniqueKeysWithValues: read.map { ($0.objectID, $0) })
        #expect(byID.count == rows.count)
        for row in rows {
            let id = try #require(row["\(level.rawValue)_id"] as? String)
            let metrics = try #require(byID[id])
            #expect(metrics.results[.spend]?.description == row["spend"] as? String)
            #expect(metrics.results[.impressions]?.description == row["impressions"] as? String)
            #expect(metrics.results[.clicks]?.description == row["clicks"] as? String)
            #expect(metrics.results[.reach]?.description == row["reach"] as? String)
            #expect(metrics.results[.frequency]?.description == row["frequency"] as? String)
            let actions = row["actions"] as? [[String: String]] ?? []
            let values = row["action_values"] as? [[String: String]] ?? []
            func value(_ type: String, _ list: [[String: String]]) -> String {
                list.first { $0["action_type"] == type }?["value"] ?? "0"
            }
            #expect(metrics.results[.engagement]?.description == value("post_engagement", actions))
            #expect(metrics.results[.conversions]?.description == value("omni_purchase", actions))
            #expect(metrics.results[.conversionValue]?.description == value("omni_purchase", values))
        }
        #expect(graph.recorder.requests.count == (rows.count + 3) / 4)
    }

    @Test("all levels have the same total spend")
    func levelsAddUp() throws {
        let graph = try SimulatedGraph()
        let sums = try Level.allCases.map { level in
            try graph.recorder.metrics(level, graph.account).reduce(0) {
                $0 + ($1.results[.spend]?.amount?.micros ?? 0)
            }
        }
        #expect(sums[0] > 0)
        #expect(Set(sums).count == 1)
    }

    @Test("the requested days are the days sent")
    func days() throws {
        let recorder = Recorder([.page([])])
        #expect(try recorder.metrics(.adSet).isEmpty)
        let parameters = try recorder.parameters(0)
        #expect(parameters["time_range"] == #"{"since":"2026-11-01","until":"2026-11-23"}"#)
        #expect(parameters["level"] == "adset")
        #expect(parameters["filtering"]?.contains("adset.effective_status") == true)
    }

    @Test("an account is read with its currency and time zone, and unknown statuses pass through")
    func account() throws {
        let graph = try SimulatedGraph(.demo)
        let account = try graph.recorder.client.adAccount("1569761797025413")
        #expect(account.facebookID == "1569761797025413")
        #expect(account.name == "Northwind Outdoor – US")
        #expect(account.currency == "USD")
        #expect(account.timeZone == "America/Los_Angeles")
        #expect(account.status == "ACTIVE")
        let recorder = Recorder([.json(#"{"account_id":"7","account_status":4711,"currency":"JPY"}"#)])
        let unknown = try recorder.client.adAccount("7")
        #expect(unknown.status == "4711")
        #expect(unknown.currency == "JPY")
    }

    @Test("an account without a currency, or with an invalid time zone, is an unreadable response")
    func badAccount() {
        for body in [#"{"account_id":"7"}"#, #"{"account_id":"7","currency":"USD","timezone_name":["UTC"]}"#] {
            let recorder = Recorder(always: .json(body))
            #expect(graphError { _ = try recorder.client.adAccount("7") }?.kind == .transient)
            #expect(recorder.requests.count == 5)
        }
    }

    @Test("all accounts of the token are listed over pages")
    func accounts() throws {
        let graph = try SimulatedGraph(.demo, pageSize: 2)
        var pages: [[AccountSummary]] = []
        try graph.recorder.client.adAccounts { pages.append($0.values) }
        #expect(pages.map(\.count) == [2, 1])
        #expect(pages.joined().map(\.facebookID) == World.demo.accounts.map(\.id))
        #expect(pages.joined().map(\.currency) == ["USD", "JPY", "EUR"])
        #expect(graph.recorder.requests.map(\.path) == ["/v23.0/me/adaccounts", "/v23.0/me/adaccounts"])
    }
}
