import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// An account in one of three currencies whose budgets have different minor units.
struct Market: Sendable, CustomTestStringConvertible {
    let currency: String
    let zone: String
    let minorUnits: Double

    var testDescription: String { currency }

    var world: World {
        .with([
            AccountSpec(
                id: "20000000000002",
                name: "Laden \(currency)",
                currency: currency,
                timeZone: zone,
                campaigns: 8,
                adSets: 24,
                ads: 70
            )
        ])
    }

    static let all = [
        Market(currency: "USD", zone: "America/Los_Angeles", minorUnits: 100),
        Market(currency: "JPY", zone: "Asia/Tokyo", minorUnits: 1),
        Market(currency: "EUR", zone: "Europe/Berlin", minorUnits: 100),
    ]
}

@Suite struct ContentTests {
    @Test("a run stores exactly the objects that Facebook has, as it returns them", arguments: Market.all)
    func objects(_ market: Market) throws {
        let sample = try Sample(world: market.world)
        // Pages small enough that every edge has several.
        sample.simulator.pageSizeCap = 7
        #expect(try sample.sync() == .done)
        let facebook = Facebook(sample: sample)
        let connection = sample.database.connect()
        let account = try connection.text("SELECT concat_ws('|', name, currency, time_zone, status) FROM ad_accounts")
        #expect(account == "Laden \(market.currency)|\(market.currency)|\(market.zone)|ACTIVE")

        let budgets = "daily_budget,lifetime_budget"
        let common = "id,name,status,effective_status"
        let levels = [
            ("campaign", "campaigns", "campaigns", "facebook_campaign_id", "objective,\(budgets)", 8),
            ("adset", "adsets", "ad_groups", "facebook_ad_set_id", "campaign_id,optimization_goal,\(budgets)", 24),
            ("ad", "ads", "creatives", "facebook_ad_id", "campaign_id,adset_id", 70),
        ]
        for (level, edge, table, key, own, count) in levels {
            let rows = facebook.rows(edge, level: level, fields: "\(common),\(own)")
            #expect(rows.count == count)
            let expected = rows.map { object in
                ([("id")] + common.split(separator: ",").dropFirst().map(String.init)
                    + own.split(separator: ",").map(String.init))
                    .map { field -> String in
                        guard let text = object[field] as? String else { return "-" }
                        guard field.hasSuffix("_budget") else { return text }
                        let amount = (Double(text) ?? .nan) / market.minorUnits
                        return amount == 0 ? "-" : "\(amount)"
                    }.joined(separator: "|")
            }
            let columns =
                ([key] + common.split(separator: ",").dropFirst().map(String.init)
                    + own.split(separator: ",").map { column in
                        switch column {
                        case "campaign_id": "facebook_campaign_id"
                        case "adset_id": "facebook_ad_set_id"
                        default: String(column)
                        }
                    })
            let stored = try connection.rows(
                "SELECT \(raw: columns.joined(separator: ", ")) FROM \(raw: table)"
            ) { row in
                columns.enumerated().map { place, column -> String in
                    guard let text = row.optionalText(place) else { return "-" }
                    return column.hasSuffix("_budget") ? "\(Double(text) ?? .nan)" : text
                }.joined(separator: "|")
            }
            #expect(stored.sorted() == expected.sorted(), "\(level)")
            #expect(Set(stored).count == count)
        }
    }

    @Test("the totals are Facebook's for the same thirty days, at every level", arguments: Market.all)
    func totals(_ market: Market) throws {
        let sample = try Sample(world: market.world)
        sample.simulator.insightsPageSizeCap = 9
        #expect(try sample.sync() == .done)
        let facebook = Facebook(sample: sample)
        let connection = sample.database.connect()
        let days = try #require(
            try connection.firstRow(
                "SELECT metrics_since, metrics_until, metrics_until - metrics_since FROM ad_accounts"
            ) {
                (since: try $0.text(0), until: try $0.text(1), span: try $0.integer(2))
            }
        )
        #expect(days.span == 29)
        #expect(try connection.text("SELECT (now() AT TIME ZONE time_zone)::date FROM ad_accounts") == days.until)

        for (level, table, key) in [
            ("campaign", "campaigns", "facebook_campaign_id"), ("adset", "ad_groups", "facebook_ad_set_id"),
            ("ad", "creatives", "facebook_ad_id"),
        ] {
            let rows = facebook.rows(
                "insights",
                level: level,
                fields: "\(level)_id,reach,unique_clicks,\(FacebookResults.fields)",
                [
                    "level": level, "time_range": "{\"since\":\"\(days.since)\",\"until\":\"\(days.until)\"}",
                    "use_unified_attribution_setting": "true",
                ]
            )
            let columns = ["reach", "unique_clicks"] + FacebookResults.columns
            var expected: [String: [Double?]] = [:]
            for row in rows {
                let id = try #require(row["\(level)_id"] as? String)
                let people = ["reach", "unique_clicks"].map { row[$0] as? String }
                expected[id] = (people + FacebookResults.texts(row)).map { $0.flatMap { Double($0) } }
            }
            // Not every account has campaigns for these.
            let rare = ["leads", "complete_registrations", "app_installs", "messaging_conversations"]
            for (place, column) in columns.enumerated() where !rare.contains(column) {
                #expect(expected.values.contains { $0[place] ?? 0 > 0 }, "\(column)")
            }
            var stored: [String: [Double?]] = [:]
            try connection.forEachRow(
                "SELECT \(raw: key), \(raw: columns.joined(separator: ", ")) FROM \(raw: table) WHERE impressions > 0"
            ) { row in
                stored[try row.text(0)] = (1...columns.count).map { row.optionalText($0).flatMap { Double($0) } }
            }
            #expect(!expected.isEmpty)
            #expect(stored == expected.filter { $0.value[3] ?? 0 > 0 }, "\(level)")
        }
    }

    @Test("results by goal are Facebook's, with the indicators of all ad sets where a campaign mixes goals")
    func resultsByGoal() throws {
        let sample = try Sample(world: Market.all[0].world)
        #expect(try sample.sync() == .done)
        let connection = sample.database.connect()
        let days = try connection.firstRow("SELECT metrics_since, metrics_until FROM ad_accounts") {
            "{\"since\":\"\(try $0.text(0))\",\"until\":\"\(try $0.text(1))\"}"
        }
        let columns = FacebookResults.columnsByGoal.map { "coalesce(\($0)::text, '?')" }.joined(separator: ", ")
        for (level, table, key) in [
            ("campaign", "campaigns", "facebook_campaign_id"), ("adset", "ad_groups", "facebook_ad_set_id"),
            ("ad", "creatives", "facebook_ad_id"),
        ] {
            let rows = Facebook(sample: sample).rows(
                "insights",
                level: level,
                fields: "\(level)_id,results",
                ["level": level, "time_range": try #require(days)]
            )
            let expected = rows.map { row in
                ([row["\(level)_id"] as? String ?? ""] + FacebookResults.textsByGoal(row)).joined(separator: " ")
            }
            let stored = try connection.rows(
                "SELECT concat_ws(' ', \(raw: key), \(raw: columns)) FROM \(raw: table) WHERE impressions > 0"
            ) { try $0.text(0) }
            #expect(stored.sorted() == expected.sorted(), "\(level)")
            #expect(Set(expected.map { $0.split(separator: " ")[2] }).count > 2)
        }
        #expect(try connection.integer("SELECT count(result_mix) FROM campaigns") ?? 0 > 0)
        // What had no delivery had no results of any kind.
        #expect(
            try connection.integer("SELECT count(*) FROM creatives WHERE impressions = 0 AND results = 0") ?? 0 > 0
        )
    }

    @Test("words about results are those that Facebook returns, at the levels that have them")
    func words() throws {
        let sample = try Sample(world: Market.all[0].world)
        #expect(try sample.sync() == .done)
        let facebook = Facebook(sample: sample)
        let connection = sample.database.connect()
        let days = try connection.firstRow("SELECT metrics_since, metrics_until FROM ad_accounts") {
            "{\"since\":\"\(try $0.text(0))\",\"until\":\"\(try $0.text(1))\"}"
        }
        let rankings = ["quality_ranking", "engagement_rate_ranking", "conversion_rate_ranking"]
        for (level, table, key, words) in [
            ("ad", "creatives", "facebook_ad_id", rankings + ["attribution_setting"]),
            ("adset", "ad_groups", "facebook_ad_set_id", ["attribution_setting"]),
        ] {
            let rows = facebook.rows(
                "insights",
                level: level,
                fields: "\(level)_id,\(words.joined(separator: ","))",
                ["level": level, "time_range": try #require(days)]
            )
            let expected = rows.map { row in
                (["\(level)_id"] + words).map { row[$0] as? String ?? "-" }.joined(separator: " ")
            }
            let stored = try connection.rows(
                "SELECT concat_ws(' ', \(raw: key), \(raw: words.joined(separator: ", "))) FROM \(raw: table) WHERE impressions > 0"
            ) { try $0.text(0) }
            #expect(stored.sorted() == expected.sorted(), "\(level)")
            #expect(Set(rows.compactMap { $0[words[0]] as? String }).count > 2)
        }
        // Campaigns mix the settings of their ad sets.
        #expect(
            try connection.integer("SELECT count(attribution_setting) + count(quality_ranking) FROM campaigns") == 0
        )
    }

    @Test("a run calls the account's own edges only, and counts its calls; one without changes makes four")
    func calls() throws {
        let sample = try Sample()
        sample.settings = SyncSettings()
        #expect(try sample.sync() == .done)
        var calls = Facebook(sample: sample).calls()
        let connection = sample.database.connect()
        // Calls for older days are counted apart from the run.
        let counted = "SELECT sum(api_calls)::int FROM sync_totals WHERE trigger IN ('manual', 'history')"
        #expect(try connection.integer(Query(stringLiteral: counted)) == calls.values.reduce(0, +))
        // Account, objects, the account's days, totals; then the last days of ads, and reports of the others.
        #expect(calls["GET act"] == 1 && calls["GET act/campaigns"] == 1 && calls["GET act/adsets"] == 1)
        #expect(calls["GET act/ads"] == 1 && calls["GET act/insights"] == 5)
        #expect(calls["POST act/insights"] == 3)
        #expect(calls.keys.allSatisfy { $0.contains(" act") || $0.hasPrefix("GET report") }, "\(calls)")

        _ = sample.simulator.respond(to: HTTPRequest(method: "DELETE", path: "/_control/calls"))
        #expect(try sample.sync(isForced: false) == .done)
        calls = Facebook(sample: sample).calls()
        #expect(
            calls == ["GET act/campaigns": 1, "GET act/adsets": 1, "GET act/ads": 1, "GET act/insights": 1],
            "\(calls)"
        )
    }

    @Test("an empty account syncs to nothing")
    func empty() throws {
        let world = World.with([AccountSpec(id: "30000000000003", name: "Empty", campaigns: 0, adSets: 0, ads: 0)])
        let sample = try Sample(world: world)
        #expect(try sample.sync() == .done)
        #expect(try sample.contents() == [])
        #expect(try sample.database.connect().text("SELECT sync_status FROM ad_accounts") == "idle")
    }

    @Test("events follow the order of the phases, from start to end")
    func events() throws {
        let sample = try Sample()
        sample.settings.historyBudget = 300
        sample.simulator.pageSizeCap = 10
        var words: [String] = []
        var percents: [Int] = []
        try sample.sync { event in
            switch event {
            case .started: words.append("started")
            case .progressed(_, let progress):
                if words.last != progress.phase.rawValue { words.append(progress.phase.rawValue) }
                percents.append(progress.percent)
            case .warned: words.append("warned")
            case .read, .retrying: break
            case .committed: words.append("committed")
            case .finished(_, let summary):
                words.append("finished")
                #expect(summary.campaigns == 6 && summary.adSets == 20 && summary.ads == 60)
                #expect(summary.rowsChanged == 86)
            case .failed: words.append("failed")
            case .interrupted: words.append("interrupted")
            case .lost: words.append("lost")
            }
        }
        #expect(
            words == [
                "started", "campaigns", "adSets", "ads", "insights", "saving", "committed", "finished", "history",
            ]
        )
        #expect(percents == percents.sorted())
        #expect(percents.allSatisfy { (0...99).contains($0) })
        let status = try sample.store.syncStatus(of: sample.account, interval: 600)
        #expect(status?.run?.percent == 100)
        #expect(status?.run?.summary.campaigns == 6)
        #expect(status?.run?.summary.adSets == 20)
        #expect(status?.run?.summary.ads == 60)
    }

    @Test("readers see the state before or after a sync, never a part")
    func atomic() throws {
        let sample = try Sample()
        try sample.sync()
        let before = try sample.contents()
        try sample.renameOneOfEach(to: "Renamed")
        var looks = 0
        let outcome = try sample.sync { event in
            guard case .progressed = event else { return }
            looks += 1
            #expect((try? sample.contents()) == before)
        }
        #expect(outcome == .done)
        #expect(looks > 7)
        let after = try sample.contents()
        #expect(zip(before, after).count { $0 != $1 } > 0)
        #expect(after.count { $0.contains("\"Renamed\"") } == 3)
    }

    @Test("a reader that reads continuously sees all three names change at once")
    func atomicAtCommit() throws {
        let sample = try Sample()
        try sample.sync()
        try sample.renameOneOfEach(to: "Renamed")
        let options = sample.database.connectionOptions
        let stop = Flag()
        let reader = Background {
            let connection = Connection(options)
            var seen: Set<Int> = []
            while true {
                let isLast = stop.isSet
                let renamed = try connection.integer(
                    """
                    SELECT (SELECT count(*) FROM campaigns WHERE name = 'Renamed')
                        + (SELECT count(*) FROM ad_groups WHERE name = 'Renamed')
                        + (SELECT count(*) FROM creatives WHERE name = 'Renamed')
                    """
                )
                seen.insert(renamed ?? -1)
                if isLast { return seen }
            }
        }
        #expect(comesTrue { reader.hasBegun })
        #expect(try sample.sync() == .done)
        stop.set()
        #expect(try reader.value().subtracting([0, 3]) == [])
    }
}
