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
    let sample: Sample
    let connection: Connection

    init() throws {
        // Large enough that something is bought every day.
        let account = AccountSpec(id: "10000000000004", name: "Shop", campaigns: 8, adSets: 30, ads: 150)
        sample = try Sample(world: .with([account]))
        connection = sample.database.connect()
        sample.settings = SyncSettings()
    }

    /// `AD DAY spend impressions clicks purchases value engagement`, as Facebook returns it.
    private func expected(since: String, until: String) -> [String] {
        Facebook(sample: sample).rows(
            "insights",
            level: "ad",
            fields: "ad_id,spend,impressions,clicks,actions,action_values",
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
                action("post_engagement", "actions"),
            ].joined(separator: " ")
        }.sorted()
    }

    private func stored() throws -> [String] {
        try connection.rows(
            """
            SELECT concat_ws(' ', facebook_ad_id, day, spent, impressions, clicks, conversions, conversion_value, engagement)
            FROM insights_daily
            """
        ) { try $0.text(0) }.sorted()
    }

    private func range() throws -> (since: String, until: String) {
        let row = try connection.firstRow("SELECT min(day), max(day) FROM insights_days") {
            (since: try $0.text(0), until: try $0.text(1))
        }
        return try #require(row)
    }

    private func states() throws -> [String] {
        try connection.rows(
            "SELECT coalesce(state, 'unread') || ' ' || count(*) FROM insights_days GROUP BY state ORDER BY 1"
        ) {
            try $0.text(0)
        }
    }

    @Test("ninety days of every ad are what Facebook returns, each marked complete, with the raw actions kept")
    func everything() throws {
        #expect(try sample.sync() == .done)
        let (since, until) = try range()
        let expected = expected(since: since, until: until)
        #expect(expected.count > 500)
        #expect(try stored() == expected)
        #expect(try states() == ["complete 90"])
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

    @Test("the history is as long as the operator sets it", arguments: [30, 45])
    func shorter(days: Int) throws {
        sample.settings.historyDays = days
        #expect(try sample.sync() == .done)
        #expect(try states() == ["complete \(days)"])
    }

    @Test("somebody who wants more days of one account gets them with the next syncs, and no others change")
    func wished() throws {
        sample.settings.historyDays = 30
        #expect(try sample.sync() == .done)
        #expect(try states() == ["complete 30"])
        #expect(try sample.store.wishHistory(of: sample.account, days: 200))
        #expect(try sample.store.wishHistory(of: sample.account, days: 200) == false)
        let before = try #require(try sample.store.historyProgress(of: sample.account, usual: 30))
        #expect(before.wanted == 200 && before.held == 30)
        for _ in 0..<3 {
            try sample.pass(600, movesClock: false)
            #expect(try sample.sync(isForced: false) == .done)
        }
        #expect(try states() == ["complete 200"])
        let (since, until) = try range()
        #expect(try stored() == expected(since: since, until: until))
        let after = try #require(try sample.store.historyProgress(of: sample.account, usual: 30))
        #expect(after.held == 200 && after.since.description == since)
    }

    @Test("a wish for more than Facebook keeps asks for what it keeps")
    func wishedTooMuch() throws {
        _ = try sample.store.wishHistory(of: sample.account, days: 5_000)
        sample.settings.historyBudget = 0
        #expect(try sample.sync() == .done)
        #expect(try connection.integer("SELECT count(*) FROM insights_days") == HistoryWish.longest)
    }

    @Test("what Facebook corrects in the last three days comes with the next run, totals included")
    func restatedRecently() throws {
        #expect(try sample.sync() == .done)
        let version = try connection.integer("SELECT insights_version FROM ad_accounts")
        let before = try connection.text("SELECT sum(conversion_value) FROM campaigns")
        sample.order(#"{"fault":"restate","days":3,"percent":300}"#)
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        let (since, until) = try range()
        #expect(try stored() == expected(since: since, until: until))
        #expect(try connection.text("SELECT sum(conversion_value) FROM campaigns") != before)
        #expect(try connection.integer("SELECT insights_version FROM ad_accounts") ?? 0 > version ?? 0)
    }

    @Test("an older day whose numbers have changed is read in the same run")
    func restatedOlder() throws {
        #expect(try sample.sync() == .done)
        let (since, until) = try range()
        let before = expected(since: since, until: until)
        sample.order(#"{"fault":"restate","days":40,"percent":300}"#)
        #expect(expected(since: since, until: until) != before)
        // Nothing but the account's own numbers is due: no run looks at these days by itself so soon.
        sample.settings.historyBudget = 0
        for _ in 0..<2 {
            try sample.pass(600, movesClock: false)
            #expect(try sample.sync(isForced: false) == .done)
        }
        #expect(try stored() == expected(since: since, until: until))
        #expect(try states() == ["complete 90"])
    }

    @Test(
        "a forced run reads what Facebook has moved from one ad to another, though the account's numbers are the same"
    )
    func forced() throws {
        #expect(try sample.sync() == .done)
        let (since, until) = try range()
        let moved = try sample.ordered(#"{"fault":"restate","days":27,"move":true}"#)["moved"] as? [[String: Any]]
        #expect(moved?.isEmpty == false)
        #expect(try stored() != expected(since: since, until: until))
        #expect(try sample.sync() == .done)
        #expect(try stored() == expected(since: since, until: until))
    }

    @Test("older corrections come once a day, and then with every ad's days, even when the account's sums stay")
    func restatedLater() throws {
        #expect(try sample.sync() == .done)
        let (since, until) = try range()
        let before = try stored()
        let moved = try sample.ordered(#"{"fault":"restate","days":27,"move":true}"#)["moved"] as? [[String: Any]]
        #expect(moved?.isEmpty == false)
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(expected(since: since, until: until) != before)
        try sample.pass(86_400, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try stored() == expected(since: since, until: until))
        #expect(try states() == ["complete 90"])
    }

    @Test("a day whose ads do not add up is partial, and read again until they do")
    func partial() throws {
        let simulator = sample.simulator
        var drops = true
        // One ad's row of yesterday is missing in what Facebook answers.
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
        #expect(try states().contains("partial 1"))
        drops = false
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try states() == ["complete 30"])
        let (since, until) = try range()
        #expect(try stored() == expected(since: since, until: until))
    }

    @Test("older days take as long as they may, and the next run goes on where they were left")
    func budget() throws {
        sample.settings.historyBudget = 3
        sample.order(#"{"fault":"report_slow","value":2}"#)
        #expect(try sample.sync() == .done)
        let first = try states()
        #expect(first.contains { $0.hasPrefix("unread") })
        for _ in 0..<6 {
            sample.clock.now += 5
            try sample.pass(600, movesClock: false)
            #expect(try sample.sync(isForced: false) == .done)
        }
        #expect(try states() == ["complete 90"])
        let (since, until) = try range()
        #expect(try stored() == expected(since: since, until: until))
    }

    @Test("a report that cannot be made is asked for in halves, and a day that fails is left for later with a warning")
    func failingReports() throws {
        sample.order(#"{"fault":"report_fails"}"#)
        sample.settings.historyBudget = 100_000
        #expect(try sample.sync() == .done)
        // Slices of three days and less are read as lists, so in the end everything is there.
        #expect(try states() == ["complete 90"])
        sample.calm()
        let other = try Sample()
        other.settings = SyncSettings()
        other.order(#"{"fault":"report_fails"}"#)
        other.order(#"{"fault":"error","status":400,"code":2,"subcode":1504041,"path":"/insights","message":"no"}"#)
        #expect(try other.sync() == .failed)
    }

    @Test("a limit that is met after the commit is no failure: the data is there, and the account is held off")
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

    /// A client that changes rows of the days of ads (`ad`) and of the account (`account`); `nil` leaves a row out.
    private func client(
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

    @Test(
        "the days of an ad whose row does not say to what it belongs are those of its ad set and campaign",
        arguments: [true, false]
    )
    func parents(isAbsent: Bool) throws {
        sample.settings.historyDays = 30
        let client = client { level, row in
            var row = row
            if level == "ad" { (row["adset_id"], row["campaign_id"]) = isAbsent ? (nil, nil) : ("x", ["1"]) }
            return row
        }
        #expect(try sample.sync(client: client) == .done)
        let (since, until) = try range()
        #expect(try stored() == expected(since: since, until: until))
        let strays = try connection.integer(
            """
            SELECT count(*) FROM insights_daily d LEFT JOIN creatives c USING (facebook_ad_id)
            WHERE (d.facebook_ad_set_id, d.facebook_campaign_id)
                IS DISTINCT FROM (c.facebook_ad_set_id, c.facebook_campaign_id)
            """
        )
        #expect(strays == 0)
        #expect(try states().contains { $0.hasPrefix("partial") })
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try states() == ["complete 30"])
    }

    @Test("a value that cannot be read keeps no row that Facebook has withdrawn")
    func withdrawnBesideDamage() throws {
        sample.settings.historyDays = 30
        #expect(try sample.sync() == .done)
        let day = try #require(try connection.text("SELECT max(day) - 1 FROM insights_days"))
        let ads = try connection.rows(
            """
            SELECT facebook_ad_id, spent, impressions, clicks FROM insights_daily WHERE day = \(day)::date
            ORDER BY facebook_ad_id LIMIT 2
            """
        ) { (id: try $0.text(0), spent: try $0.text(1), impressions: try $0.integer(2), clicks: try $0.integer(3)) }
        let (damaged, withdrawn) = (ads[0], ads[1])
        let client = client { level, row in
            guard row["date_start"] as? String == day else { return row }
            var row = row
            if level == "account" {
                let less = { (name: String, part: Int) in "\((Int(row[name] as? String ?? "") ?? 0) - part)" }
                row["impressions"] = less("impressions", withdrawn.impressions)
                row["clicks"] = less("clicks", withdrawn.clicks)
                let spend = Decimal(string: row["spend"] as? String ?? "") ?? 0
                row["spend"] = "\(spend - (Decimal(string: withdrawn.spent) ?? 0))"
            }
            if row["ad_id"] as? String == damaged.id { row["spend"] = "-1" }
            return row["ad_id"] as? String == withdrawn.id ? nil : row
        }
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false, client: client) == .done)
        let left = try connection.rows(
            """
            SELECT facebook_ad_id || ' ' || coalesce(spent::text, 'unknown') FROM insights_daily
            WHERE day = \(day)::date AND facebook_ad_id = ANY (\(TextArray(ads.map(\.id)))::text[])
            """
        ) { try $0.text(0) }
        #expect(left == ["\(damaged.id) unknown"])
    }

    @Test("an ad whose row Facebook leaves out keeps the day that it has, and without one the day lacks rows")
    func lostRow() throws {
        sample.settings.historyDays = 30
        var loses = true
        let client = client { level, row in
            loses && level == "ad" && (Int(row["ad_id"] as? String ?? "") ?? 0) % 3 == 0 ? nil : row
        }
        let lacking = "SELECT count(*) FROM insights_days WHERE lacks_rows"
        #expect(try sample.sync(client: client) == .done)
        #expect(try connection.integer("\(raw: lacking)") ?? 0 > 20)
        loses = false
        #expect(try sample.sync(client: client) == .done)
        #expect(try connection.integer("\(raw: lacking)") == 0)
        let before = try stored()
        loses = true
        #expect(try sample.sync(client: client) == .done)
        #expect(try stored() == before)
        #expect(try connection.integer("\(raw: lacking)") == 0)
        #expect(try states().contains { $0.hasPrefix("partial") })
    }

    @Test("an idle account asks again for a field that Facebook has refused, once a day, and gets its old days")
    func refusedLongAgo() throws {
        sample.order(#"{"fault":"field_refused","field":"action_values","edge":"insights"}"#)
        #expect(try sample.sync() == .done)
        let unknown = "SELECT count(*) FROM insights_daily WHERE conversion_value IS NULL"
        #expect(try connection.integer("\(raw: unknown)") ?? 0 > 100)
        // It has had nothing for more than the days in which Facebook corrects numbers, and other levels were asked since.
        try connection.execute("DELETE FROM insights_daily WHERE day > (SELECT max(day) - 40 FROM insights_days)")
        try connection.execute(
            """
            UPDATE insights_days SET spent = 0, impressions = 0, clicks = 0, engagement = 0, conversions = 0,
                conversion_value = 0, state = 'complete' WHERE day > (SELECT max(n.day) - 40 FROM insights_days n)
            """
        )
        try connection.execute("UPDATE sync_lists SET refused_fields = '{}' WHERE list <> 'recent_days'")
        sample.calm()
        let day = try #require(try connection.text("SELECT max(day) - 40 FROM insights_days"))
        let idle = client { _, row in (row["date_start"] as? String ?? "") > day ? nil : row }
        try sample.pass(3600, movesClock: false)
        #expect(try sample.sync(isForced: false, client: idle) == .done)
        #expect(try connection.integer("\(raw: unknown)") ?? 0 > 100)
        try sample.pass(86_400, movesClock: false)
        for _ in 0..<3 {
            _ = try sample.sync(isForced: false, client: idle)
            try sample.pass(600, movesClock: false)
        }
        #expect(try connection.integer("\(raw: unknown)") == 0)
    }
}
