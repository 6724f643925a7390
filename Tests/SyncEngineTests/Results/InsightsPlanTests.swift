import Model
import Store
import Testing

@testable import SyncEngine

/// The results of an account that a run reads, decided without a database or a network.
@Suite struct InsightsPlanTests {
    private static let today = Day(daysSince1970: 20_780)
    private static let range = DayRange.lastThirtyDays(until: today)

    /// The account's results this many days ago.
    private static func totals(_ age: Int, spent: Int = 10) -> DayTotals {
        var totals = DayTotals.nothing(today + -age)
        guard spent > 0 else { return totals }
        totals.results[.reach] = .count(100 * spent)
        totals.results[.spend] = .amount(Amount(micros: Int64(spent) * 1_000_000))
        totals.results[.impressions] = .count(1000 * spent)
        return totals
    }

    private let all = Set(Level.allCases)
    private static let ninety = (0..<90).map { totals($0) }

    /// The state after everything was read a minute ago, or as many seconds ago as given.
    private static func readAll(_ days: [DayTotals] = ninety, age: Double = 60) -> SyncMemory {
        var memory = SyncMemory()
        setTotals(of: &memory) {
            $0.range = range
            $0.basis = InsightsPlan.basis(of: days.filter { range.contains($0.day) })
        }
        for day in days { memory.days[day.day] = DayRecord(basis: day.basis, age: age, isComplete: true) }
        return memory
    }

    /// Changes the stored state of each level's totals.
    private static func setTotals(of memory: inout SyncMemory, _ change: (inout SyncMemory.List) -> Void) {
        for level in Level.allCases { change(&memory.lists[.totals(level), default: SyncMemory.List()]) }
    }

    private static func plan(_ memory: SyncMemory, _ days: [DayTotals] = ninety, isForced: Bool = false) -> InsightsPlan
    {
        InsightsPlan.make(memory, totals: days, today: today, isForced: isForced, mostRestated: { 4 })
    }

    @Test(
        "the first run reads the totals, and then all days; a later one also reads days that were never read"
    )
    func first() {
        var memory = SyncMemory()
        #expect(Self.plan(memory).levels == all)
        #expect(Self.plan(memory).days == [])
        #expect(Self.slice([:]) == 0...2)
        Self.setTotals(of: &memory) { $0.range = Self.range }
        #expect(Self.plan(memory).days == [DayRange(since: Self.today + -2, until: Self.today)])
    }

    @Test("while the account's days are unchanged, nothing is read, unless the run is forced")
    func unchanged() {
        let plan = Self.plan(Self.readAll())
        #expect(plan.levels == [])
        #expect(plan.days == [])
        let forced = Self.plan(Self.readAll(), isForced: true)
        #expect(forced.levels == all)
        #expect(forced.range == Self.range)
        #expect(forced.days == [DayRange(since: Self.today + -2, until: Self.today)])
    }

    @Test(
        "a changed day is read again with the totals that include it, however old it is",
        arguments: [(0, true), (1, true), (2, true), (3, true), (29, true), (30, false), (89, false)]
    )
    func changed(age: Int, hasTotals: Bool) {
        var days = Self.ninety
        days[age] = Self.totals(age, spent: 11)
        let plan = Self.plan(Self.readAll(), days)
        #expect(plan.levels == (hasTotals ? all : []))
        #expect(plan.days == [DayRange(since: Self.today + -age, until: Self.today + -age)])
    }

    @Test("of many restated days the newest are read at once, up to a limit; a forced run reads them all")
    func restated() {
        let days = (0..<90).map { Self.totals($0, spent: (10..<15).contains($0) || $0 == 1 || $0 == 50 ? 11 : 10) }
        let range = { (from: Int, to: Int) in DayRange(since: Self.today + -to, until: Self.today + -from) }
        #expect(Self.plan(Self.readAll(), days).days == [range(1, 1), range(10, 13)])
        let forced = Self.plan(Self.readAll(), days, isForced: true)
        #expect(forced.days == [range(0, 2), range(10, 14), range(50, 50)])
        // A day that just failed waits for its retry.
        var memory = Self.readAll()
        memory.days[Self.today + -50]?.failureAge = 3599
        #expect(Self.plan(memory, days).days == [range(1, 1), range(10, 13)])
    }

    @Test("failed reads are retried after a minute, then two, up to an hour; at once if somebody waits")
    func failing() {
        for (failures, pause) in [(1, 60.0), (2, 120), (3, 240), (7, 3600), (100, 3600)] {
            var memory = Self.readAll()
            memory.lists[.totals(.ad)]?.failures = failures
            memory.lists[.totals(.ad)]?.failureAge = pause - 1
            #expect(Self.plan(memory).levels == [])
            memory.lists[.totals(.ad)]?.failureAge = pause
            #expect(Self.plan(memory).levels == [.ad])
        }
        var memory = Self.readAll()
        memory.lists[.totals(.ad)]?.failures = 3
        memory.lists[.totals(.ad)]?.failureAge = 0
        memory.days[Self.today]?.failureAge = 0
        let urgent = InsightsPlan.make(
            memory,
            totals: Self.ninety,
            today: Self.today,
            isForced: false,
            isUrgent: true,
            mostRestated: { 0 }
        )
        #expect(urgent.levels == [.ad])
        #expect(urgent.days == [DayRange(since: Self.today, until: Self.today)])
        #expect(Self.plan(memory).days == [])
    }

    @Test("a recent day is read again once a day, whatever the account's sums")
    func quietDays() {
        #expect(Self.plan(Self.readAll(age: 86_399)).days == [])
        let range = DayRange(since: Self.today + -2, until: Self.today)
        #expect(Self.plan(Self.readAll(age: 86_400)).days == [range])
    }

    @Test("totals of the range that ended yesterday are read again today")
    func nextDay() {
        var memory = Self.readAll()
        Self.setTotals(of: &memory) { $0.range = DayRange.lastThirtyDays(until: Self.today + -1) }
        #expect(Self.plan(memory).levels == all)
    }

    @Test("a recent day that did not add up is reread by the next three runs; one without results never is")
    func partial() {
        var memory = Self.readAll()
        memory.days[Self.today + -1]?.isComplete = false
        #expect(Self.plan(memory).days == [DayRange(since: Self.today + -1, until: Self.today + -1)])
        memory.days[Self.today + -1]?.attempts = 3
        #expect(Self.plan(memory).days == [])
        memory.days[Self.today + -1]?.age = 3600
        #expect(Self.plan(memory).days != [])
        let idle = (0..<90).map { Self.totals($0, spent: 0) }
        let plan = Self.plan(SyncMemory(), idle)
        #expect(plan.days == [])
        #expect(InsightsPlan.nextSlice([:], totals: idle, today: Self.today, most: 30) == nil)
    }

    private static func slice(_ records: [Day: DayRecord], most: Int = 7) -> ClosedRange<Int>? {
        InsightsPlan.nextSlice(records, totals: ninety, today: today, most: most).map {
            today.daysSince1970 - $0.until.daysSince1970...today.daysSince1970 - $0.since.daysSince1970
        }
    }

    @Test("history is read newest first, slice after slice, to its end, each day once")
    func history() {
        var records: [Day: DayRecord] = [:]
        var slices: [ClosedRange<Int>] = []
        while let slice = Self.slice(records), slices.count < 100 {
            slices.append(slice)
            for age in slice {
                records[Self.today + -age] = DayRecord(basis: Self.totals(age).basis, age: 0, isComplete: true)
            }
        }
        #expect(Array(slices.prefix(2)) == [0...2, 3...9])
        #expect(slices.last == 87...89)
        #expect(slices.map(\.count).reduce(0, +) == 90)
        #expect(slices.count == 14)
    }

    @Test(
        "a day is reread daily for four weeks; one that did not add up sooner, and finally once a week",
        arguments: [
            // days ago, seconds since it was read, same numbers, complete, attempts, due
            (3, nil, true, false, 0, true), (3, 86_399, true, true, 0, false), (3, 86_400, true, true, 0, true),
            (27, 86_400, true, true, 0, true), (28, 1e9, true, true, 0, false), (5, 3599, true, false, 1, false),
            (5, 3600, true, false, 1, true), (5, 3600, true, false, 3, false), (5, 86_400, true, false, 3, true),
            (40, 3600, true, false, 1, true), (40, 1e9, true, false, 2, true), (40, 86_399, true, false, 3, false),
            (40, 86_400, true, false, 3, true), (40, 86_400, true, false, 6, false),
            (40, 604_800, true, false, 6, true),
            (89, nil, true, false, 0, true), (40, 86_400, false, false, 0, true), (40, 86_399, false, false, 0, false),
            (5, 3600, false, false, 0, false), (5, 86_400, false, true, 0, true),
        ] as [(Int, Double?, Bool, Bool, Int, Bool)]
    )
    func due(days: Int, age: Double?, isSame: Bool, isComplete: Bool, attempts: Int, isDue: Bool) {
        var records = Self.readAll().days
        records[Self.today + -days] = DayRecord(
            basis: isSame ? Self.totals(days).basis : "other",
            age: age,
            isComplete: isComplete,
            attempts: attempts
        )
        #expect(Self.slice(records) == (isDue ? days...days : nil))
    }

    @Test(
        "a damaged day is read once after each run, four times",
        arguments: [
            // seconds since it was read, seconds since the last run began, attempts, due
            (60, 30, 1, true), (30, 60, 1, false), (60, 30, 3, true), (60, 30, 4, false), (60, nil, 1, false),
            (60, nil, 0, true),
        ] as [(Double, Double?, Int, Bool)]
    )
    func damaged(age: Double, runAge: Double?, attempts: Int, isDue: Bool) {
        var records = Self.readAll().days
        let day = Self.today + -40
        records[day] = DayRecord(
            basis: Self.totals(40).basis,
            age: age,
            isComplete: false,
            attempts: attempts,
            isDamaged: true
        )
        let slice = InsightsPlan.nextSlice(records, totals: Self.ninety, today: Self.today, most: 7, runAge: runAge)
        #expect(slice == (isDue ? DayRange(since: day, until: day) : nil))
    }

    @Test("a slice ends before the first day that need not be read")
    func gaps() {
        var records = Self.readAll().days
        for age in [5, 6, 9] { records[Self.today + -age] = nil }
        #expect(Self.slice(records) == 5...6)
        for age in [5, 6] {
            records[Self.today + -age] = DayRecord(basis: Self.totals(age).basis, age: 0, isComplete: true)
        }
        #expect(Self.slice(records) == 9...9)
    }

    @Test("totals that did not add up are read again three times, and then left", arguments: 0...4)
    func unsettled(attempts: Int) {
        var memory = Self.readAll()
        Self.setTotals(of: &memory) { $0.attempts = attempts }
        #expect(Self.plan(memory).levels == ((1...2).contains(attempts) ? all : []))
    }

    @Test(
        "a slice has as many days as make a report of reasonable size",
        arguments: [(0, 30), (1, 30), (700, 28), (5000, 4), (20_000, 1), (1_000_000, 1)]
    )
    func sliceDays(ads: Int, days: Int) {
        #expect(InsightsPlan.sliceDays(adsPerDay: ads) == days)
    }

    @Test(
        "ads add up if impressions and clicks are equal, and the spend up to rounding; else they are less or more",
        arguments: [
            (0, 0, 0, 10, .even), (1, 0, 0, 10, .over), (0, -1, 0, 10, .short), (0, 0, 50_000, 10, .even),
            (0, 0, -50_000, 10, .even), (0, 0, 50_001, 10, .over), (0, 0, 10_000, 1, .over), (0, 0, 0, 0, .even),
            (-1, 1, 0, 10, .short), (0, 0, -50_001, 10, .short),
        ] as [(Int, Int, Int64, Int, Balance)]
    )
    func balance(impressions: Int, clicks: Int, micros: Int64, rows: Int, balance: Balance) {
        let account = Self.totals(1)
        let sum = ResultsSum(
            spent: Amount(micros: account.results[.spend]!.amount!.micros + micros),
            impressions: account.results[.impressions]!.count! + impressions,
            clicks: account.results[.clicks]!.count! + clicks,
            rows: rows
        )
        #expect(InsightsPlan.balance(account.results, sum) == balance)
    }

    @Test("unknown values are not compared, and if nothing is known there is no verdict")
    func unknownBalance() {
        let account = Self.totals(1).results
        #expect(InsightsPlan.balance(.unknown, ResultsSum(account, rows: 1)) == .unknown)
        #expect(InsightsPlan.balance(account, ResultsSum(.unknown, rows: 1)) == .unknown)
        var partly = account
        partly[.impressions] = nil
        #expect(InsightsPlan.balance(partly, ResultsSum(account, rows: 1)) == .even)
        #expect(InsightsPlan.balance(account, ResultsSum(partly, rows: 1)) == .even)
        partly[.clicks] = .count(1)
        #expect(InsightsPlan.balance(partly, ResultsSum(account, rows: 1)) == .short)
    }

    @Test("totals that may lack rows are read again every hour, without limit")
    func doubtful() {
        var memory = Self.readAll()
        for (age, levels) in [(3599.0, []), (3600.0, all)] as [(Double, Set<Level>)] {
            Self.setTotals(of: &memory) { ($0.attempts, $0.isDoubtful, $0.age) = (5, true, age) }
            #expect(Self.plan(memory).levels == levels)
        }
    }
}
