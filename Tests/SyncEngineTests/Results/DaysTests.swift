import Foundation
import GraphAPI
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// The days of each ad.
@Suite struct DaysTests {
    let shop: ShopDays
    private var sample: Sample { shop.sample }
    private var connection: Connection { shop.connection }

    init() throws {
        shop = try ShopDays()
    }

    @Test("ninety days of every ad equal Facebook's, each marked complete, with the raw actions kept")
    func everything() throws {
        #expect(try sample.sync() == .done)
        let (since, until) = try shop.range()
        let expected = shop.expected(since: since, until: until)
        #expect(expected.count > 500)
        #expect(try shop.stored() == expected)
        #expect(try shop.states() == ["complete 90"])
        let raw = try connection.integer(
            """
            SELECT count(*) FROM insights_daily, jsonb_array_elements(actions) a
            WHERE a->>'action_type' = 'link_click' AND (a->>'value')::int > 0
            """
        )
        #expect(raw ?? 0 > 100)
        // Children add up to their account, deleted and archived ads included.
        let differing = try connection.integer(
            """
            SELECT count(*) FROM insights_days d JOIN (
                SELECT day, sum(spent) AS spent, sum(impressions) AS impressions, sum(conversions) AS conversions
                FROM insights_daily GROUP BY day) s USING (day)
            WHERE (s.spent, s.impressions, s.conversions) IS DISTINCT FROM (d.spent, d.impressions, d.conversions)
            """
        )
        #expect(differing == 0)
    }

    @Test("the operator's setting decides the length of the history", arguments: [30, 45])
    func shorter(days: Int) throws {
        sample.settings.historyDays = days
        #expect(try sample.sync() == .done)
        #expect(try shop.states() == ["complete \(days)"])
    }

    @Test("a request for more days of one account is served by its next syncs and changes no other account")
    func requested() throws {
        sample.settings.historyDays = 30
        #expect(try sample.sync() == .done)
        #expect(try shop.states() == ["complete 30"])
        #expect(try sample.store.requestHistory(of: sample.account, days: 200))
        #expect(try sample.store.requestHistory(of: sample.account, days: 200) == false)
        let before = try #require(try sample.store.historyProgress(of: sample.account, usual: 30))
        #expect(before.wanted == 200 && before.held == 30)
        for _ in 0..<3 {
            try sample.pass(600, movesClock: false)
            #expect(try sample.sync(isForced: false) == .done)
        }
        #expect(try shop.states() == ["complete 200"])
        let (since, until) = try shop.range()
        #expect(try shop.stored() == shop.expected(since: since, until: until))
        let after = try #require(try sample.store.historyProgress(of: sample.account, usual: 30))
        #expect(after.held == 200 && after.since.description == since)
    }

    @Test("a request for more days than Facebook keeps reads the days that it keeps")
    func requestedTooMuch() throws {
        _ = try sample.store.requestHistory(of: sample.account, days: 5_000)
        sample.settings.historyBudget = 0
        #expect(try sample.sync() == .done)
        #expect(try connection.integer("SELECT count(*) FROM insights_days") == HistoryLimit.days)
    }

    @Test("Facebook's corrections in the last three days arrive with the next run, totals included")
    func restatedRecently() throws {
        #expect(try sample.sync() == .done)
        let version = try connection.integer("SELECT insights_version FROM ad_accounts")
        let before = try connection.text("SELECT sum(conversion_value) FROM campaigns")
        sample.order(#"{"fault":"restate","days":3,"percent":300}"#)
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        let (since, until) = try shop.range()
        #expect(try shop.stored() == shop.expected(since: since, until: until))
        #expect(try connection.text("SELECT sum(conversion_value) FROM campaigns") != before)
        #expect(try connection.integer("SELECT insights_version FROM ad_accounts") ?? 0 > version ?? 0)
    }

    @Test("an older day with changed numbers is read in the same run")
    func restatedOlder() throws {
        #expect(try sample.sync() == .done)
        let (since, until) = try shop.range()
        let before = shop.expected(since: since, until: until)
        sample.order(#"{"fault":"restate","days":40,"percent":300}"#)
        #expect(shop.expected(since: since, until: until) != before)
        // Only the account's own numbers are due: no run checks these days by itself so soon.
        sample.settings.historyBudget = 0
        for _ in 0..<2 {
            try sample.pass(600, movesClock: false)
            #expect(try sample.sync(isForced: false) == .done)
        }
        #expect(try shop.stored() == shop.expected(since: since, until: until))
        #expect(try shop.states() == ["complete 90"])
    }

    @Test(
        "a forced run reads results that Facebook moved between ads, even if the account's numbers are unchanged"
    )
    func forced() throws {
        #expect(try sample.sync() == .done)
        let (since, until) = try shop.range()
        let moved = try sample.ordered(#"{"fault":"restate","days":27,"move":true}"#)["moved"] as? [[String: Any]]
        #expect(moved?.isEmpty == false)
        #expect(try shop.stored() != shop.expected(since: since, until: until))
        #expect(try sample.sync() == .done)
        #expect(try shop.stored() == shop.expected(since: since, until: until))
    }

    @Test("once a day older corrections of every ad's days arrive, even if the account's sums are unchanged")
    func restatedLater() throws {
        #expect(try sample.sync() == .done)
        let (since, until) = try shop.range()
        let before = try shop.stored()
        let moved = try sample.ordered(#"{"fault":"restate","days":27,"move":true}"#)["moved"] as? [[String: Any]]
        #expect(moved?.isEmpty == false)
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(shop.expected(since: since, until: until) != before)
        try sample.pass(86_400, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try shop.stored() == shop.expected(since: since, until: until))
        #expect(try shop.states() == ["complete 90"])
    }

    @Test("a day whose ads do not add up is partial, and read again until they do")
    func partial() throws {
        let simulator = sample.simulator
        var drops = true
        // One ad's row of yesterday is missing in Facebook's response.
        let client = { [sample] in
            sample.client(send: { request in
                var response = simulator.respond(to: request)
                guard drops, request.path.hasSuffix("/insights"), request.query.contains("level=ad&"),
                    request.query.contains("time_increment"),
                    var page = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any],
                    var rows = page["data"] as? [[String: Any]], !rows.isEmpty
                else { return response }
                rows.removeFirst()
                page["data"] = rows
                response.body = Array(try JSONSerialization.data(withJSONObject: page))
                return response
            })
        }
        sample.settings.historyDays = 30
        drops = false
        #expect(try sample.sync(client: client) == .done)
        drops = true
        #expect(try sample.sync(client: client) == .done)
        #expect(try shop.states().contains("partial 1"))
        drops = false
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try shop.states() == ["complete 30"])
        let (since, until) = try shop.range()
        #expect(try shop.stored() == shop.expected(since: since, until: until))
    }

    @Test("older days are read for the allowed time, and the next run continues from there")
    func budget() throws {
        sample.settings.historyBudget = 3
        sample.order(#"{"fault":"report_slow","value":2}"#)
        #expect(try sample.sync() == .done)
        let first = try shop.states()
        #expect(first.contains { $0.hasPrefix("unread") })
        for _ in 0..<6 {
            sample.clock.now += 5
            try sample.pass(600, movesClock: false)
            #expect(try sample.sync(isForced: false) == .done)
        }
        #expect(try shop.states() == ["complete 90"])
        let (since, until) = try shop.range()
        #expect(try shop.stored() == shop.expected(since: since, until: until))
    }

    @Test("a failing report is requested in halves, and a day that fails is left for later with a warning")
    func failingReports() throws {
        sample.order(#"{"fault":"report_fails"}"#)
        sample.settings.historyBudget = 100_000
        #expect(try sample.sync() == .done)
        // Slices of three days and less are read as lists, so in the end everything is there.
        #expect(try shop.states() == ["complete 90"])
        sample.calm()
        let other = try Sample()
        other.settings = SyncSettings()
        other.order(#"{"fault":"report_fails"}"#)
        other.order(#"{"fault":"error","status":400,"code":2,"subcode":1504041,"path":"/insights","message":"no"}"#)
        #expect(try other.sync() == .failed)
    }

    @Test("a limit after the commit is no failure: the data is stored, and the account is on hold")
    func limitInHistory() throws {
        sample.order(#"{"fault":"rate_limited","value":7,"path":"/insights","times":100}"#)
        var isCommitted = false
        let simulator = sample.simulator
        let outcome = try sample.sync(
            report: { if case .committed = $0 { isCommitted = true } },
            client: { [sample] in
                sample.client(send: { request in
                    if !isCommitted { sample.calm() }
                    if isCommitted { sample.order(#"{"fault":"rate_limited","value":7}"#) }
                    return simulator.respond(to: request)
                })
            }
        )
        #expect(outcome == .done)
        let status = try #require(try sample.store.syncStatus(of: sample.account, interval: 600))
        #expect(status.error == nil)
        #expect(status.state.hold?.reason == .rateLimited)
        #expect((status.state.hold?.secondsLeft ?? 0) > 400)
        let history = try sample.store.historyProgress(of: sample.account, usual: 90)
        #expect(history?.warnings.contains { $0.contains("older days wait") } == true)
        #expect(try sample.sync() == nil)
    }
}
