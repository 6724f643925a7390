package import Model
package import Store

/// Decides which results of an account a run reads. It is pure, and is made after one call has returned the account's
/// figures for each day; these show what else can have changed.
package struct InsightsPlan: Sendable, Equatable {
    /// The levels whose totals to read, and the range of the totals.
    package var levels: Set<Level>
    package var range: DayRange
    /// A placeholder for the basis of the totals.
    package var basis: String
    /// The days of ads to read at once, newest first.
    package var days: [DayRange]

    /// How many days, today included, are looked at with each sync.
    static let recentDays = 3
    /// Facebook corrects the figures of a day for so many days (Meta, insights, best practices).
    static let restatedDays = 28
    /// Seconds after which a day in that window is read again; one that did not add up sooner.
    static let restatedEvery = 86_400.0
    static let partialEvery = 3600.0
    /// How often what never adds up is tried.
    static let mostAttempts = 3

    /// - Parameters:
    ///   - totals: The account's figures on each day of the history, without gaps.
    ///   - today: In the account's time zone.
    ///   - isForced: Whether to read everything, whatever is known.
    ///   - isUrgent: Whether a person waits, so that recent failures are retried.
    ///   - mostRestated: The most restated days to read at once; called only if there are any.
    package static func make(
        _ memory: SyncMemory,
        totals: [DayTotals],
        today: Day,
        isForced: Bool,
        isUrgent: Bool = false,
        mostRestated: () throws -> Int
    ) rethrows -> InsightsPlan {
        let range = DayRange.lastThirtyDays(until: today)
        let sum = sum(of: totals.filter { range.contains($0.day) })
        let levels = Level.allCases.filter { level in
            isForced || isDue(memory.lists[.totals(level)], range, sum, isUrgent: isUrgent)
        }
        // With the first sync people want the tables: all days of ads follow, as older ones do.
        let isFirst = memory.days.isEmpty && Level.allCases.allSatisfy { memory.lists[.totals($0)]?.range == nil }
        var plan = InsightsPlan(levels: Set(levels), range: range, basis: sum.basis, days: [])
        guard !isFirst else { return plan }
        let recent = totals.filter { day in
            day.day > today + -recentDays && day.hasAnything && day.results != .unknown
                && (isForced || isDue(memory.days[day.day], day, isUrgent: isUrgent))
        }.map(\.day)
        let restated = totals.filter { day in
            day.day <= today + -recentDays && isRestated(memory.days[day.day], day, isForced: isForced)
        }.map(\.day).sorted(by: >)
        if let first = recent.min(), let last = recent.max() { plan.days = [DayRange(since: first, until: last)] }
        // However many: each is known to be wrong. A forced run has the time to read them all.
        if !restated.isEmpty {
            plan.days += DayRange.ranges(of: isForced ? restated : Array(restated.prefix(try mostRestated())))
        }
        return plan
    }

    /// The sums over all days, reach too, though as a number it means nothing: other sums, other totals.
    static func basis(of days: [DayTotals]) -> String { sum(of: days).basis }

    static func sum(of days: [DayTotals]) -> DayTotals {
        var sum = DayTotals.nothing(Day(daysSince1970: 0))
        for day in days { sum.results.add(day.results) }
        let reach = days.reduce(0) { $0 + ($1.results[.reach]?.count ?? 0) }
        sum.results[.reach] = days.isEmpty ? nil : .count(reach)
        return sum
    }

    /// Whether to read the totals of a level.
    private static func isDue(_ known: SyncMemory.List?, _ range: DayRange, _ sum: DayTotals, isUrgent: Bool) -> Bool {
        guard let known else { return true }
        if known.failures > 0 { return isUrgent || (known.failureAge ?? .infinity) >= pause(failures: known.failures) }
        if known.isDamaged, known.attempts < SyncMemory.mostDamagedReadings || known.age ?? .infinity >= restatedEvery {
            return true
        }
        // Refused fields are tried again, even if the sums are the same.
        let isAsked = !known.refusedFields.isEmpty && known.adaptationAge ?? .infinity >= SyncPlan.adaptedFor
        // Facebook may have lost rows while it was in trouble.
        let isDoubtful = known.isDoubtful && known.age ?? 0 >= partialEvery
        return known.range != range || !sum.agrees(with: known.basis) || isAsked || isDoubtful
            || (1..<mostAttempts).contains(known.attempts)
    }

    /// Whether to read one of the last days.
    private static func isDue(_ record: DayRecord?, _ day: DayTotals, isUrgent: Bool) -> Bool {
        guard let record else { return true }
        if let failureAge = record.failureAge {
            return isUrgent || failureAge >= pause(failures: max(record.attempts, 1))
        }
        let age = record.age ?? .infinity
        if !day.agrees(with: record.basis) || age >= restatedEvery { return true }
        if record.isDamaged, record.attempts < SyncMemory.mostDamagedReadings { return true }
        return !record.isComplete && (record.attempts < mostAttempts || age >= partialEvery)
    }

    /// Whether the account's numbers of a day are others than when its ads were read.
    private static func isRestated(_ record: DayRecord?, _ day: DayTotals, isForced: Bool) -> Bool {
        guard day.hasAnything, let record, record.age != nil, !day.agrees(with: record.basis) else { return false }
        return isForced || (record.failureAge ?? .infinity) >= partialEvery
    }

    /// Seconds for which a part that could not be read is left alone: a minute, two, four … up to an hour.
    package static func pause(failures: Int) -> Double {
        min(60 * Double(1 << min(max(failures - 1, 0), 10)), 3600)
    }

    /// Compares objects with their account, by the numbers that are known of both. Facebook rounds the spend of each row to
    /// a cent.
    package static func balance(_ account: Results, _ sum: ResultsSum) -> Balance {
        let rounding = Int64(sum.rows) * 5_000
        let spent = difference(sum.spent?.micros, account[.spend]?.amount?.micros)
        let counts = [
            difference(sum.impressions.map { Int64($0) }, account[.impressions]?.count.map { Int64($0) }),
            difference(sum.clicks.map { Int64($0) }, account[.clicks]?.count.map { Int64($0) }),
        ]
        let surpluses = (counts + [spent.map { abs($0) <= rounding ? 0 : $0 }]).compactMap(\.self)
        guard !surpluses.isEmpty else { return .unknown }
        return surpluses.contains { $0 < 0 } ? .short : surpluses.contains { $0 > 0 } ? .over : .even
    }

    private static func difference(_ one: Int64?, _ other: Int64?) -> Int64? {
        one.flatMap { one in other.map { one - $0 } }
    }
}
