import Foundation
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// Reach, frequency and unique clicks of periods, compared with the simulator's own numbers.
@Suite struct PeriodTests {
    let sample: Sample
    let connection: Connection

    init() throws {
        sample = try Sample()
        connection = sample.database.connect()
        sample.settings.historyBudget = 1000
        #expect(try sample.sync() == .done)
        sample.settings.historyBudget = 0
        sample.forgetCalls()
    }

    /// Does a sync and reads the history that it leaves.
    private func syncAndRead() throws {
        #expect(try sample.sync(isForced: false) == .done)
        try readHistory()
    }

    private func readHistory() throws {
        sample.settings.historyBudget = 1000
        try sample.readHistory()
        sample.settings.historyBudget = 0
    }

    private func look(at levels: [Level]) throws {
        for level in levels { try sample.store.recordLook(at: level, of: sample.account) }
    }

    /// The periods as Ads Manager names them, in words of PostgreSQL.
    private func periods() throws -> [(since: String, until: String)] {
        try connection.rows(
            """
            WITH d AS (SELECT max(day) AS today FROM insights_days)
            SELECT DISTINCT p.since::date, p.until::date FROM d CROSS JOIN LATERAL (VALUES
                (today - 7, today - 1), (today - 14, today - 1), (today - 30, today - 1),
                (date_trunc('month', today), today - 1),
                (date_trunc('month', today) - interval '1 month', date_trunc('month', today) - interval '1 day')
            ) p (since, until) WHERE p.since <= p.until ORDER BY 1, 2
            """
        ) { (try $0.text(0), try $0.text(1)) }
    }

    private static func number(_ text: Any?) -> String {
        (text as? String).flatMap { Decimal(string: $0) }.map { "\($0)" } ?? "?"
    }

    /// `id reach frequency unique clicks` of each object in a period.
    private func facebook(_ level: Level, _ since: String, _ until: String) -> [String] {
        Facebook(sample: sample).rows(
            "insights",
            level: level.rawValue,
            fields: "\(level.rawValue)_id,reach,frequency,unique_clicks",
            ["level": level.rawValue, "time_range": #"{"since":"\#(since)","until":"\#(until)"}"#]
        ).map { row in
            let numbers = ["reach", "frequency", "unique_clicks"].map { Self.number(row[$0]) }
            return ([row["\(level.rawValue)_id"] as? String ?? "?"] + numbers).joined(separator: " ")
        }.sorted()
    }

    private func stored(_ level: Level, _ since: String, _ until: String) throws -> [String] {
        try connection.rows(
            """
            SELECT object_id, reach, frequency, unique_clicks FROM period_results
            WHERE level = \(level.rawValue) AND since = \(since)::date AND until = \(until)::date
            """
        ) { row in
            ([try row.text(0)] + (1...3).map { Self.number(row.optionalText($0)) }).joined(separator: " ")
        }.sorted()
    }

    private func readings() throws -> [String] {
        try connection.rows(
            "SELECT level || ' ' || since || ' ' || until FROM period_readings WHERE read_at IS NOT NULL ORDER BY 1"
        ) { try $0.text(0) }
    }

    /// What was read becomes that of an earlier day.
    private func nextDay() throws {
        for table in ["period_readings", "period_results"] {
            try connection.execute("UPDATE \(raw: table) SET since = since - 400, until = until - 400")
        }
        try connection.execute("UPDATE period_calls SET day = day - 400")
    }

    private func calls() -> Int { sample.calls().values.reduce(0, +) }

    @Test("each period of the levels that somebody looked at has Facebook's numbers")
    func values() throws {
        #expect(Metric.ofPeople.map(\.name).sorted() == ["frequency", "reach", "unique_clicks"])
        try look(at: Level.allCases)
        let versions: Query =
            "SELECT campaigns_version || ' ' || ad_groups_version || ' ' || creatives_version FROM ad_accounts"
        let before = try connection.text(versions)
        try syncAndRead()
        let periods = try periods()
        #expect(try readings().count == 3 * periods.count)
        for level in Level.allCases {
            for (since, until) in periods {
                let expected = facebook(level, since, until)
                #expect(try stored(level, since, until) == expected, "\(level) \(since) \(until)")
                #expect(!expected.isEmpty)
            }
        }
        let after = try #require(try connection.text(versions))
        let counters = zip(try #require(before).split(separator: " "), after.split(separator: " "))
        #expect(counters.allSatisfy { $0 != $1 })
        #expect(try connection.text("SELECT wanted FROM history_backlogs") == nil)
    }

    @Test("levels that nobody looked at for 14 days cost nothing, and neither does anything without a budget")
    func looks() throws {
        try look(at: [.campaign])
        let count = try periods().count
        try connection.execute("UPDATE level_looks SET looked_at = now() - interval '15 days'")
        try syncAndRead()
        #expect(try readings().isEmpty)
        // A recent look is not recorded again, an older one is.
        try look(at: [.campaign])
        sample.settings.reachCalls = 0
        try syncAndRead()
        #expect(try readings().isEmpty)
        sample.settings.reachCalls = 60
        try syncAndRead()
        let stored = try readings()
        #expect(stored.count == count && stored.allSatisfy { $0.hasPrefix("campaign ") })
        #expect(try sample.store.claimHistory() == nil)
    }

    @Test("a period is read once a day; the next day removes the periods that are over")
    func onceADay() throws {
        try look(at: [.ad, .campaign])
        try syncAndRead()
        let first = try readings()
        sample.forgetCalls()
        try syncAndRead()
        #expect(calls() == 4)
        #expect(try readings() == first)
        try nextDay()
        sample.forgetCalls()
        try syncAndRead()
        let periods = try periods()
        #expect(calls() == 4 + 2 * periods.count)
        let expected = ["ad", "campaign"].flatMap { level in periods.map { "\(level) \($0.since) \($0.until)" } }
        #expect(try readings() == expected.sorted())
        for (since, until) in periods {
            #expect(try stored(.ad, since, until) == facebook(.ad, since, until))
        }
        let others = try connection.firstRow(
            """
            SELECT count(*) FROM period_results p WHERE NOT EXISTS (
                SELECT FROM period_readings r WHERE (r.level, r.since, r.until) = (p.level, p.since, p.until))
            """
        ) { try $0.integer(0) }
        #expect(others == 0)
    }

    @Test("a day has no more calls than the setting allows, and the level of the last look comes first")
    func budget() throws {
        try look(at: [.ad, .adSet])
        try connection.execute("UPDATE level_looks SET looked_at = now() - interval '1 hour' WHERE level = 'ad'")
        sample.settings.reachCalls = 3
        #expect(try sample.sync(isForced: false) == .done)
        sample.forgetCalls()
        try readHistory()
        #expect(calls() == 3)
        #expect(try readings().count == 3)
        #expect(try readings().allSatisfy { $0.hasPrefix("adset ") })
        #expect(try connection.text("SELECT calls FROM period_calls") == "3")
        // What a reading needs beyond that is left: this one has several pages.
        try nextDay()
        sample.simulator.insightsPageSizeCap = 4
        #expect(try sample.sync(isForced: false) == .done)
        sample.forgetCalls()
        try readHistory()
        #expect(calls() == 3)
        #expect(try connection.text("SELECT calls FROM period_calls") == "3")
        let error = try connection.text("SELECT error FROM period_readings WHERE failed_at IS NOT NULL")
        #expect(error?.hasPrefix("it takes more calls than are left for today: ") == true)
    }

    /// Reads history while Facebook answers questions about people alone with an error.
    private func readHistory(refusedWith error: String) throws -> HistoryStep {
        let simulator = sample.simulator
        let engine = sample.engine(
            client: { [sample] in
                sample.client { request in
                    let text = request.query + String(decoding: request.body, as: UTF8.self)
                    guard text.contains("fields=campaign_id%2Creach") else { return simulator.respond(to: request) }
                    return HTTPResponse(status: 400, json: #"{"error":\#(error)}"#)
                }
            }
        )
        let work = try #require(try sample.store.claimHistory())
        defer { try? sample.store.release(work) }
        return engine.readHistory(work)
    }

    @Test("a period that cannot be read is tried again after six hours")
    func failure() throws {
        try look(at: [.campaign])
        sample.settings.reachCalls = 1000
        #expect(try sample.sync(isForced: false) == .done)
        let periods = try periods()
        for number in periods.indices {
            let step = try readHistory(refusedWith: #"{"message":"Strange","code":1,"type":"OAuthException"}"#)
            #expect(step == .stored(next: number == periods.count - 1 ? nil : .periods))
        }
        let failed: Query = "SELECT count(*) FROM period_readings WHERE error LIKE '%Strange%' AND read_at IS NULL"
        #expect(try connection.text(failed) == "\(periods.count)")
        sample.forgetCalls()
        try syncAndRead()
        #expect(calls() == 4)
        try sample.pass(21_601, movesClock: false)
        try syncAndRead()
        #expect(try connection.text(failed) == "0")
        #expect(try readings().count == periods.count)
        for (since, until) in periods {
            #expect(try stored(.campaign, since, until) == facebook(.campaign, since, until))
        }
    }

    @Test("at Facebook's limits the periods wait, as all history does")
    func limits() throws {
        try look(at: [.campaign])
        #expect(try sample.sync(isForced: false) == .done)
        let step = try readHistory(refusedWith: #"{"message":"(#17) User request limit reached","code":17}"#)
        guard case .later(let seconds) = step else {
            Issue.record("\(step)")
            return
        }
        #expect(seconds >= 300)
        #expect(try connection.text("SELECT count(*) FROM period_readings") == "0")
        #expect(try sample.store.claimHistory() == nil)
    }
}
