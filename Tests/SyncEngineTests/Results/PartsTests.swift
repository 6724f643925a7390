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

/// Parts of an account that Facebook does not return, beside parts that it does.
@Suite struct PartsTests {
    let sample: Sample
    let connection: Connection

    init() throws {
        sample = try Sample()
        connection = sample.database.connect()
    }

    private func status() throws -> SyncStatus {
        try #require(try sample.store.syncStatus(of: sample.account, interval: 600))
    }

    /// A client for which Facebook cannot return some results, neither at once nor by a report.
    /// - Parameters:
    /// - failsReports: whether reports fail as well.
    /// - refuses: decides by the request's parameters.
    private func client(
        failsReports: Bool = true,
        refusing refuses: @escaping (String) -> Bool
    ) -> () throws -> GraphClient {
        let answer = answers(failsReports: failsReports, refusing: refuses)
        return { [sample] in sample.client(send: answer) }
    }

    private func answers(
        failsReports: Bool = true,
        refusing refuses: @escaping (String) -> Bool
    ) -> (HTTPRequest) throws -> HTTPResponse {
        let simulator = sample.simulator
        var failing: Set<String> = []
        return { request in
            let text = (request.query + String(decoding: request.body, as: UTF8.self)).removingPercentEncoding ?? ""
            if request.path.hasSuffix("/insights"), request.path.contains("act_"), refuses(text) {
                guard request.method == "POST" else {
                    return HTTPResponse(
                        status: 500,
                        json:
                            #"{"error":{"message":"Please reduce the amount of data you're asking for, then retry your request","code":1}}"#
                    )
                }
                let response = simulator.respond(to: request)
                let answer = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
                failing.insert(answer?["report_run_id"] as? String ?? "")
                return response
            }
            if failsReports, failing.contains(String(request.path.split(separator: "/").last ?? "")) {
                return HTTPResponse(
                    status: 200,
                    json: #"{"id":"1","async_status":"Job Failed","async_percent_completion":0}"#
                )
            }
            return simulator.respond(to: request)
        }
    }

    private func isAdTotals(_ text: String) -> Bool { text.contains("level=ad&") && !text.contains("time_increment") }

    /// `ID impressions` of each object that has any.
    private func stored(_ table: String, _ key: String) throws -> [String] {
        try connection.rows(
            "SELECT facebook_\(raw: key) || ' ' || impressions FROM \(raw: table) WHERE impressions > 0 ORDER BY 1"
        ) { try $0.text(0) }
    }

    private func expected(_ level: String) throws -> [String] {
        let row = try connection.firstRow("SELECT max(day) - 29, max(day) FROM insights_days") {
            (since: try $0.text(0), until: try $0.text(1))
        }
        let days = try #require(row)
        return Facebook(sample: sample).rows(
            "insights",
            level: level,
            fields: "\(level)_id,impressions",
            ["level": level, "time_range": #"{"since":"\#(days.since)","until":"\#(days.until)"}"#]
        ).map { "\($0["\(level)_id"] ?? "") \($0["impressions"] ?? "")" }.sorted()
    }

    @Test(
        "if the ads' totals cannot be read, objects and other totals are stored, and the ads' numbers stay unknown"
    )
    func adTotals() throws {
        #expect(try sample.sync(client: client(refusing: isAdTotals)) == .failed)
        #expect(try sample.ids("campaigns").count == 6)
        #expect(try sample.ids("ad_groups").count == 20)
        #expect(try sample.ids("creatives").count == 60)
        #expect(try stored("campaigns", "campaign_id") == expected("campaign"))
        #expect(try stored("ad_groups", "ad_set_id") == expected("adset"))
        #expect(
            try sample.ids("creatives", where: "impressions IS NULL AND reach IS NULL AND spent IS NULL").count == 60
        )
        let status = try status()
        #expect(status.recorded == "error")
        #expect(status.error?.hasPrefix("Totals of ads could not be read.") == true)
        #expect(status.run?.outcome == "failed")
        #expect(status.run?.error == status.error)
        // The account itself is there: reads start no further sync, and it is not on hold.
        #expect(status.state.isFresh(interval: 600))
        #expect(status.state.hold == nil)

        try sample.pass(60, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try stored("creatives", "ad_id") == expected("ad"))
        #expect(try sample.ids("creatives", where: "impressions IS NULL").isEmpty)
        #expect(try self.status().error == nil)
        #expect(try self.status().recorded == "idle")
    }

    @Test("a level whose totals cannot be read keeps its stored ones, with the days that they cover")
    func ownRange() throws {
        #expect(try sample.sync() == .done)
        let before = try connection.rows("SELECT to_jsonb(c) - 'last_synced_at' FROM creatives c ORDER BY 1") {
            try $0.text(0)
        }
        try connection.execute("UPDATE sync_lists SET since = since - 1, until = until - 1 WHERE since IS NOT NULL")
        #expect(try sample.sync(isForced: false, client: client(refusing: isAdTotals)) == .failed)
        let after = try connection.rows("SELECT to_jsonb(c) - 'last_synced_at' FROM creatives c ORDER BY 1") {
            try $0.text(0)
        }
        #expect(after == before)
        let ranges = try connection.rows(
            "SELECT list, until - (SELECT max(day) FROM insights_days) FROM sync_lists WHERE list LIKE '%totals' ORDER BY 1"
        ) { try "\($0.text(0)) \($0.integer(1))" }
        #expect(ranges == ["ad_set_totals 0", "ad_totals -1", "campaign_totals 0"])
    }

    @Test("one campaign that Facebook cannot compute is missing, and everything else is read")
    func oneCampaign() throws {
        // The campaign with the most ads with results.
        #expect(try sample.sync() == .done)
        let poisoned = try #require(
            try connection.text("SELECT facebook_campaign_id FROM campaigns ORDER BY impressions DESC LIMIT 1")
        )
        let ids = try sample.ids("campaigns")
        let refuses = { (text: String) in
            guard text.contains("level=ad&") || text.contains("level=adset&") else { return false }
            let named = ids.filter { text.contains(#"campaign.id"#) && text.contains("\"\($0)\"") }
            return named.isEmpty || named.contains(poisoned)
        }
        #expect(try sample.sync(client: client(refusing: refuses)) == .failed)
        #expect(
            try sample.ids("creatives", where: "impressions IS NULL AND facebook_campaign_id = '\(poisoned)'").count > 0
        )
        #expect(
            try sample.ids("creatives", where: "impressions IS NULL AND facebook_campaign_id <> '\(poisoned)'").isEmpty
        )
        let others = try Set(sample.ids("creatives", where: "facebook_campaign_id <> '\(poisoned)'"))
        #expect(
            try stored("creatives", "ad_id")
                == expected("ad").filter { others.contains(String($0.prefix { $0 != " " })) }
        )
        #expect(try stored("campaigns", "campaign_id") == expected("campaign"))
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try stored("creatives", "ad_id") == expected("ad"))
        #expect(try status().error == nil)
    }

    @Test("the first three campaigns cannot be read, and everything else is")
    func firstCampaigns() throws {
        #expect(try sample.sync() == .done)
        let ids = try sample.ids("campaigns")
        let poisoned = ids.prefix(3)
        let refuses = { (text: String) in
            guard text.contains("level=ad&") else { return false }
            let named = ids.filter { text.contains("campaign.id") && text.contains("\"\($0)\"") }
            return named.isEmpty || named.contains(where: poisoned.contains)
        }
        let all = try expected("ad")
        #expect(try sample.sync(client: client(refusing: refuses)) == .failed)
        let others = try Set(
            sample.ids("creatives", where: "facebook_campaign_id NOT IN ('\(poisoned.joined(separator: "','"))')")
        )
        #expect(!others.isEmpty && others.count < 60)
        #expect(
            try stored("creatives", "ad_id").filter { others.contains(String($0.prefix { $0 != " " })) }
                == all.filter { others.contains(String($0.prefix { $0 != " " })) }
        )
    }

    @Test("today cannot be read in any pieces, and the days before it are")
    func today() throws {
        #expect(try sample.sync() == .done)
        let today = try #require(try connection.text("SELECT max(day) FROM insights_days"))
        let refuses = { (text: String) in
            text.contains("time_increment=1") && text.contains("level=ad&") && text.contains(#""until":"\#(today)""#)
        }
        sample.order(#"{"fault":"restate","days":40,"percent":50}"#)
        _ = try sample.sync(client: client(refusing: refuses))
        let states = try connection.rows(
            """
            SELECT day || ' ' || coalesce(state, 'missing') FROM insights_days
            WHERE impressions > 0 AND day > \(today)::date - 20 ORDER BY day DESC
            """
        ) { try $0.text(0) }
        #expect(states.first?.hasPrefix(today) == true && states.first?.hasSuffix("complete") == false, "\(states)")
        #expect(states.dropFirst().prefix(2).allSatisfy { $0.hasSuffix("complete") }, "\(states)")
    }

    @Test("totals that are too much are divided once the campaigns are listed, however late that is")
    func lateCampaigns() throws {
        let isWhole = { [self] (text: String) in isAdTotals(text) && !text.contains("campaign.id") }
        let answer = answers(refusing: isWhole)
        let clock = sample.clock
        var (failedAt, listedAt) = (0.0, 0.0)
        let client = {
            GraphClient(
                GraphClient.Credentials(version: "v23.0", token: GraphSimulator.demoToken, appSecret: nil),
                exchanges: DelayedExchanges(clock) { request in
                    let response = try answer(request)
                    if String(decoding: response.body, as: UTF8.self).contains("Job Failed") { failedAt = clock.now }
                    guard request.path.hasSuffix("/campaigns") else { return (response, 0.1) }
                    listedAt = clock.now + 60
                    return (response, 60)
                },
                clock: GraphClient.Clock(now: { clock.now }, sleep: { clock.now += $0 })
            )
        }
        #expect(try sample.sync(client: client) == .done)
        #expect(0 < failedAt && failedAt < listedAt)
        #expect(try stored("creatives", "ad_id") == expected("ad"))
        #expect(try sample.ids("creatives", where: "impressions IS NULL").isEmpty)
    }

    @Test("objects are stored while their results are still being read")
    func slowResults() throws {
        sample.order(#"{"fault":"report_slow","value":600}"#)
        var ads: [Int] = []
        let outcome = try sample.sync(
            report: { event in
                if case .committed = event { ads.append((try? sample.ids("creatives").count) ?? 0) }
            },
            client: client(failsReports: false, refusing: isAdTotals)
        )
        #expect(outcome == .done)
        #expect(ads.count > 1)
        #expect(ads.first == 60)
        #expect(try stored("creatives", "ad_id") == expected("ad"))
    }

    @Test("ads that a listing shows only after the totals were read get their results")
    func lateAds() throws {
        sample.order(#"{"fault":"vanish","edge":"ads","value":40,"times":1}"#)
        _ = try sample.sync()
        sample.calm()
        try sample.pass(21_600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try sample.ids("creatives").count == 60)
        #expect(try stored("creatives", "ad_id") == expected("ad"))
        #expect(try connection.integer("SELECT count(*) FROM early_totals") == 0)
    }

    @Test(
        "totals that lack rows leave the other rows unchanged, and the level reports it until they are complete",
        arguments: [
            #""insights_empty""#, #""insights_short","value":50"#, #""rows_lost","value":3,"path":"/insights""#,
        ],
        ["campaign", "adset", "ad"]
    )
    func lostTotals(fault: String, level: String) throws {
        let (table, key) = try #require(
            [
                "campaign": ("campaigns", "campaign_id"), "adset": ("ad_groups", "ad_set_id"),
                "ad": ("creatives", "ad_id"),
            ][level]
        )
        let lists: [String: Level] = ["campaign": .campaign, "adset": .adSet, "ad": .ad]
        let order = fault.hasPrefix(#""rows_lost""#) ? fault : #"\#(fault),"level":"\#(level)""#
        let error = { [self] in try lists[level].flatMap { try status().parts.totals[$0]?.part.error } }
        #expect(try sample.sync() == .done)
        let before = try stored(table, key)
        #expect(try before == expected(level))
        // From the start: unknown, not zero.
        let new = try Sample()
        new.order(#"{"fault":\#(order)}"#)
        _ = try new.sync()
        let delivered = Set(before.map { String($0.prefix { $0 != " " }) })
        #expect(try delivered.isDisjoint(with: new.ids(table, where: "impressions = 0")))
        // Later: their earlier values.
        sample.order(#"{"fault":\#(order)}"#)
        for _ in 0..<4 {
            try connection.execute("UPDATE sync_lists SET basis = 'other' WHERE list LIKE '%totals'")
            try sample.pass(600, movesClock: false)
            _ = try sample.sync(isForced: false)
            #expect(try stored(table, key) == before)
            #expect(try error()?.contains("less than the account's days") == true)
        }
        sample.calm()
        try sample.pass(3600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try stored(table, key) == expected(level))
        #expect(try error() == nil)
    }

    @Test("one day of the account that Facebook cannot compute is unknown, and everything else is read")
    func oneAccountDay() throws {
        #expect(try sample.sync() == .done)
        let days = "SELECT day || ' ' || impressions || ' ' || is_unconfirmed FROM insights_days ORDER BY 1"
        let before = try connection.rows("\(raw: days)") { try $0.text(0) }
        let bad = try #require(try connection.text("SELECT max(day) - 5 FROM insights_days"))
        let ad = try #require(try sample.ids("creatives").first)
        sample.order(#"{"fault":"restate","days":28,"percent":200}"#)
        sample.order(#"{"fault":"rename","id":"\#(ad)","name":"Renamed"}"#)
        let refuses = { (text: String) in
            guard text.contains("level=account"),
                let range = text.firstMatch(of: /"since":"([0-9-]+)","until":"([0-9-]+)"/)
            else { return false }
            return String(range.1) <= bad && bad <= String(range.2)
        }
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false, client: client(refusing: refuses)) == .failed)
        #expect(try sample.ids("creatives", where: "name = 'Renamed'") == [ad])
        let after = try connection.rows("\(raw: days)") { try $0.text(0) }
        #expect(after.count == before.count)
        #expect(after.filter { $0.hasSuffix("true") }.map { $0.prefix(10) } == [bad[...]])
        // The day keeps its stored numbers; purchases of the others were restated.
        #expect(
            after.first { $0.hasPrefix(bad) }?.split(separator: " ")[1]
                == before.first { $0.hasPrefix(bad) }?.split(separator: " ")[1]
        )
        #expect(try status().parts.accountDays.part.error?.contains("could not be read") == true)
        #expect(try status().state.isFresh(interval: 600))
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try status().parts.accountDays.part.error == nil)
        #expect(try stored("creatives", "ad_id") == expected("ad"))
    }

    @Test("a new account that lacks one of its days has the others")
    func oneNewAccountDay() throws {
        let today = try #require(
            try connection.text("SELECT (now() AT TIME ZONE 'America/Los_Angeles')::date - 5")
        )
        let refuses = { (text: String) in
            guard text.contains("level=account"),
                let range = text.firstMatch(of: /"since":"([0-9-]+)","until":"([0-9-]+)"/)
            else { return false }
            return String(range.1) <= today && today <= String(range.2)
        }
        #expect(try sample.sync(client: client(refusing: refuses)) == .failed)
        #expect(try connection.integer("SELECT count(*) FROM insights_days") == 29)
        #expect(try connection.integer("SELECT count(*) FROM campaigns WHERE impressions > 0") ?? 0 > 0)
    }

    @Test(
        "while no day of the account can be read, totals and objects are, and few calls are wasted",
        arguments: [true, false]
    )
    func noAccountDay(isNew: Bool) throws {
        if !isNew { #expect(try sample.sync() == .done) }
        sample.order(#"{"fault":"restate","days":28,"percent":200}"#)
        var refused = 0
        let refuses = { (text: String) in
            guard text.contains("level=account") else { return false }
            refused += 1
            return true
        }
        try sample.pass(86_400)
        #expect(try sample.sync(isForced: false, client: client(refusing: refuses)) == .failed)
        #expect((1..<60).contains(refused))
        let levels = [
            ("campaign", "campaigns", "campaign_id"), ("adset", "ad_groups", "ad_set_id"), ("ad", "creatives", "ad_id"),
        ]
        let meanwhile = try levels.map { try stored($0.1, $0.2) }
        // Without any day of the account nothing confirms that an ad without a row had no results.
        let unknown = try connection.integer("SELECT count(*) FROM creatives WHERE impressions IS NULL")
        let idle = try connection.integer("SELECT count(*) FROM creatives WHERE impressions = 0")
        #expect(isNew ? unknown ?? 0 > 0 && idle == 0 : unknown == 0 && idle ?? 0 > 0)
        #expect(try !sample.lastWarnings().contains("add up to more"))
        #expect(try status().parts.accountDays.part.error?.contains("could not be read") == true)
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try status().error == nil)
        #expect(try connection.integer("SELECT count(*) FROM insights_days WHERE spent > 0") ?? 0 > 20)
        #expect(try meanwhile == levels.map { try expected($0.0) })
    }
}
