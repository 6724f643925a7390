import GraphSimulator
import Model
import Postgres
import Store
import TestSupport
import Testing

@testable import SyncEngine

/// Days missing from Facebook's list of an account's days: either without results or lost.
@Suite struct AbsentDaysTests {
    private static let today = Day(daysSince1970: 20_780)
    private static let range = DayRange(since: today + -4, until: today)

    private static func day(_ age: Int, _ spent: Int64 = 10) -> DayTotals {
        var totals = DayTotals.nothing(today + -age)
        totals.results[.spend] = .amount(Amount(micros: spent * 1_000_000))
        totals.results[.impressions] = .count(Int(spent) * 100)
        return totals
    }

    private static func results(_ spent: Int64) -> Results { day(0, spent).results }

    private static func absent(
        returned: [Int],
        stored: [Int: Int64] = [:],
        unread: [Int] = [],
        doubts: Int = 0
    ) -> AbsentDays {
        AbsentDays(
            range: range,
            returned: Dictionary(uniqueKeysWithValues: returned.map { (today + -$0, day($0)) }),
            stored: Dictionary(
                uniqueKeysWithValues: stored.map { age, spent in
                    (today + -age, spent == 0 ? .nothing(today + -age) : day(age, spent))
                }
            ),
            unread: Set(unread.map { today + -$0 }),
            doubts: doubts
        )
    }

    /// `4 3 2 1 0`: each day's spend, `-` for unknown.
    private static func spent(_ reading: ReadAccountDays) -> String {
        reading.days.map { $0.results[.spend]?.description ?? "-" }.joined(separator: " ")
    }

    @Test("no check is needed if every absent day had no results before, or has just begun")
    func known() {
        let absent = Self.absent(returned: [4, 2], stored: [4: 10, 3: 0, 2: 10, 1: 0])
        #expect(absent.asked == nil)
        let reading = absent.reading(.open, hasAds: true)
        #expect(Self.spent(reading) == "10 0 10 0 0")
        #expect(reading.unconfirmed.isEmpty && reading.doubt == nil)
    }

    @Test("an absent day that had results or is new is checked, without today if possible")
    func asked() {
        let yesterday = DayRange(since: Self.range.since, until: Self.today + -1)
        #expect(Self.absent(returned: [4, 0], stored: [4: 10, 3: 5, 2: 0, 1: 0]).asked == yesterday)
        #expect(Self.absent(returned: [4, 0]).asked == yesterday)
        #expect(Self.absent(returned: [4], stored: [4: 10, 3: 0, 2: 0, 1: 0, 0: 7]).asked == Self.range)
        #expect(Self.absent(returned: [0]).asked == Self.range)
        #expect(Self.absent(returned: []).asked == Self.range)
    }

    @Test("today counts as just begun if it alone is absent, and as lost if other days are absent too")
    func newToday() {
        #expect(Self.absent(returned: [4, 3, 2, 1]).asked == nil)
        #expect(Self.absent(returned: [4], stored: [4: 10, 3: 0, 2: 0, 1: 0]).asked == nil)
        let absent = Self.absent(returned: [4, 3])
        #expect(absent.asked == Self.range)
        #expect(Self.spent(absent.reading(.contradicts, hasAds: true)) == "10 10 - - -")
    }

    @Test("the range's sum decides: an equal sum means no results on the absent days, a larger one means lost days")
    func evidence() {
        let absent = Self.absent(returned: [4, 2, 0], stored: [4: 10, 3: 5, 2: 10, 1: 0])
        #expect(absent.evidence(accountHad: Self.results(20)) == .agrees)
        #expect(absent.evidence(accountHad: Self.results(25)) == .contradicts)
        #expect(absent.evidence(accountHad: .nothing) == .open)
        #expect(absent.evidence(accountHad: Self.results(19)) == .open)
        #expect(absent.evidence(accountHad: .unknown) == .open)
        #expect(absent.evidence(campaignsHad: Self.results(25), rows: 2) == .contradicts)
        #expect(absent.evidence(campaignsHad: Self.results(20), rows: 2) == .agrees)
        #expect(absent.evidence(campaignsHad: .nothing, rows: 0) == .open)
        let settled = absent.reading(.agrees, hasAds: true)
        #expect(Self.spent(settled) == "10 0 10 0 10" && settled.doubt == nil)
        let lost = absent.reading(.contradicts, hasAds: true)
        #expect(Self.spent(lost) == "10 5 10 0 10")
        #expect(lost.unconfirmed == [Self.today + -3])
        #expect(lost.doubt?.contains("what the account had on \(Self.today + -3).") == true)
    }

    @Test("an open question ends as no results; a contradicted one never does")
    func bounded() {
        for doubts in 0...7 {
            let absent = Self.absent(returned: [], stored: [4: 1, 3: 2, 2: 3, 1: 4, 0: 5], doubts: doubts)
            let isOver = doubts >= 5
            #expect(Self.spent(absent.reading(.open, hasAds: true)) == (isOver ? "0 0 0 0 0" : "1 2 3 4 5"))
            #expect(Self.spent(absent.reading(.contradicts, hasAds: true)) == "1 2 3 4 5")
            let new = Self.absent(returned: [], doubts: doubts)
            #expect(Self.spent(new.reading(.open, hasAds: true)) == (isOver ? "0 0 0 0 0" : "- - - - -"))
            #expect(Self.spent(new.reading(.contradicts, hasAds: true)) == "- - - - -")
            // An account without ads cannot have results.
            #expect(Self.spent(new.reading(.open, hasAds: false)) == "0 0 0 0 0")
        }
    }

    @Test("an account that never had results has none on new days either")
    func idle() {
        let reading = Self.absent(returned: [], stored: [4: 0, 3: 0]).reading(.open, hasAds: true)
        #expect(Self.spent(reading) == "0 0 0 0 0" && reading.unconfirmed.isEmpty)
    }

    @Test("an unreadable day stays unchanged, whatever the other responses contain")
    func unread() {
        let reading = Self.absent(returned: [4, 2], stored: [3: 7, 1: 0, 0: 0], unread: [3, 2, 1]).reading(
            .agrees,
            hasAds: true
        )
        #expect(Self.spent(reading) == "10 7 10 0 0")
        #expect(reading.unconfirmed == [Self.today + -3, Self.today + -1])
    }
}

/// The same rules, tested with the simulator.
@Suite struct LostAccountDaysTests {
    let sample: Sample
    let connection: Connection

    init() throws {
        sample = try Sample()
        sample.settings = SyncSettings()
        connection = sample.database.connect()
    }

    private func status() throws -> SyncStatus {
        try #require(try sample.store.syncStatus(of: sample.account, interval: 600))
    }

    /// The account's days, the days of ads, and the objects.
    private func everything() throws -> [String] {
        try connection.rows("SELECT concat_ws(' ', day, spent, impressions, clicks) FROM insights_days ORDER BY 1") {
            try $0.text(0)
        }
            + connection.rows(
                "SELECT concat_ws(' ', day, facebook_ad_id, spent, impressions) FROM insights_daily ORDER BY 1"
            ) { try $0.text(0) }
            + sample.contents()
    }

    private func syncLater(_ seconds: Double = 600) throws {
        try sample.pass(seconds, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
    }

    private static let faults = [
        #""insights_empty""#, #""insights_empty","level":"account""#, #""insights_short","value":60,"level":"account""#,
        #""insights_short","value":60"#, #""rows_lost","value":3,"path":"/insights""#,
    ]

    @Test(
        "days that Facebook no longer returns stay unchanged, and the account reports this until they return",
        arguments: faults
    )
    func lost(fault: String) throws {
        #expect(try sample.sync() == .done)
        let before = try everything()
        #expect(before.count > 300)
        sample.order(#"{"fault":\#(fault)}"#)
        for _ in 0..<4 {
            try syncLater()
            #expect(try everything() == before)
            #expect(try status().parts.accountDays.part.error?.contains("The next syncs ask again.") == true)
            #expect(try connection.integer("SELECT count(*) FROM insights_days WHERE is_unconfirmed") ?? 0 > 0)
        }
        sample.calm()
        try syncLater()
        #expect(try everything() == before)
        #expect(try status().parts.accountDays.part.error == nil)
        #expect(try connection.integer("SELECT count(*) FROM insights_days WHERE is_unconfirmed") == 0)
    }

    @Test(
        "a new account without any day from Facebook has unknown numbers, not zeros",
        arguments: faults.prefix(3)
    )
    func new(fault: String) throws {
        sample.order(#"{"fault":\#(fault)}"#)
        for _ in 0..<3 {
            try syncLater()
            #expect(try status().parts.accountDays.part.error != nil)
            // Days without a row do not count as stored.
            #expect(try connection.integer("SELECT count(*) FROM insights_days WHERE impressions = 0") == 0)
            #expect(try connection.integer("SELECT count(*) FROM campaigns WHERE impressions = 0 AND spent = 0") == 0)
        }
        sample.calm()
        try syncLater()
        #expect(try status().parts.accountDays.part.error == nil)
        #expect(try connection.integer("SELECT count(*) FROM insights_days") == 90)
        #expect(try connection.integer("SELECT count(*) FROM creatives WHERE impressions IS NULL") == 0)
    }

    @Test("an account with withdrawn results is empty after a few readings, and gives the reason meanwhile")
    func withdrawn() throws {
        #expect(try sample.sync() == .done)
        sample.order(#"{"fault":"insights_empty"}"#)
        for _ in 0..<5 {
            try syncLater()
            #expect(try connection.integer("SELECT count(*) FROM insights_days WHERE impressions > 0") ?? 0 > 0)
        }
        try syncLater()
        #expect(try connection.integer("SELECT count(*) FROM insights_days WHERE impressions > 0") == 0)
        #expect(try connection.integer("SELECT count(*) FROM insights_daily") == 0)
        #expect(try connection.integer("SELECT count(*) FROM creatives WHERE impressions > 0") == 0)
        try syncLater()
        #expect(try status().parts.isComplete)
        sample.forgetCalls()
        try syncLater()
        #expect(sample.calls().values.reduce(0, +) == 4)
    }

    @Test("an account without ads is empty at once")
    func noAds() throws {
        let account = AccountSpec(id: "10000000000007", name: "Empty", campaigns: 0, adSets: 0, ads: 0)
        let empty = try Sample(world: .with([account]))
        #expect(try empty.sync() == .done)
        let status = try #require(try empty.store.syncStatus(of: empty.account, interval: 600))
        #expect(status.parts.isComplete, "\(status.parts)")
        try empty.pass(600, movesClock: false)
        empty.forgetCalls()
        #expect(try empty.sync(isForced: false) == .done)
        #expect(empty.calls()["GET act/insights"] == 1)
    }
}
