package import Model
package import Store

/// What a run is to read of an account's results. A pure decision, made when it is known what the account had as a whole
/// on each day: one call for all days, which says of everything else whether it can have changed.
package struct InsightsPlan: Sendable, Equatable {
    /// The range of the totals, if they are to be read.
    package var totals: DayRange?
    /// Stands for what the totals are based on.
    package var totalsBasis: String
    /// The days of ads to read at once; `nil` for none.
    package var recentDays: DayRange?

    /// How many days, today included, are looked at with each sync.
    static let recentDays = 3
    /// Facebook corrects the numbers of a day for so many days (Meta, insights, best practices).
    static let restatedDays = 28
    /// Seconds after which a day in that window is read again; one that did not add up sooner.
    static let restatedEvery = 86_400.0
    static let partialEvery = 3600.0
    /// How often a day that never adds up is tried.
    static let mostAttempts = 3
    /// The most days in one slice of history, and the rows that one should have at most.
    package static let sliceDays = 30
    static let sliceRows = 20_000

    /// - Parameters:
    ///   - told: what the account had, on each day of the history, without gaps.
    ///   - today: in the account's time zone.
    package static func make(
        _ memory: SyncMemory,
        told: [DayTotals],
        today: Day,
        isForced: Bool
    ) -> InsightsPlan {
        let range = DayRange.lastThirtyDays(until: today)
        let basis = basis(of: told.filter { range.contains($0.day) })
        let isSame = memory.totalsRange == range && memory.totalsBasis == basis
        let isSettled = memory.totalsAttempts == 0 || memory.totalsAttempts >= mostAttempts
        let isCurrent = isSame && isSettled && !isForced
        // With the first sync people want the tables: all days of ads follow, as older ones do.
        let isFirst = memory.totalsRange == nil && memory.days.isEmpty
        let due = told.filter { totals in
            guard !isFirst, totals.day > today + -recentDays, totals.hasAnything else { return false }
            guard !isForced, let record = memory.days[totals.day] else { return true }
            let age = record.age ?? .infinity
            if record.basis != totals.basis || age >= restatedEvery { return true }
            return !record.isComplete && (record.attempts < mostAttempts || age >= partialEvery)
        }.map(\.day)
        return InsightsPlan(
            totals: isCurrent ? nil : range,
            totalsBasis: basis,
            recentDays: due.min().flatMap { since in due.max().map { DayRange(since: since, until: $0) } }
        )
    }

    /// The sums over all days, reach too, though as a number it means nothing: other sums, other totals.
    static func basis(of days: [DayTotals]) -> String { sum(of: days).basis }

    static func sum(of days: [DayTotals]) -> DayTotals {
        var sum = DayTotals.nothing(Day(daysSince1970: 0))
        for day in days {
            sum.reach = (sum.reach ?? 0) + (day.reach ?? 0)
            sum.results.add(day.results)
        }
        return sum
    }

    /// The older days to read next, newest first, at most `most` of them; `nil` when there is nothing to do.
    ///
    /// A day is due when its ads were never read; in the window in which Facebook corrects numbers once a day; and when
    /// they did not add up to the account.
    package static func nextSlice(
        _ records: [Day: DayRecord],
        told: [DayTotals],
        today: Day,
        most: Int,
        skipping: Set<Day> = []
    ) -> DayRange? {
        let older = told.filter { totals in
            guard totals.hasAnything else { return false }
            return totals.day <= today + -recentDays || records[totals.day]?.age == nil
        }
        let due = Set(
            older.filter { !skipping.contains($0.day) && isDue(records[$0.day], $0, today: today) }.map(\.day)
        )
        guard let until = due.max() else { return nil }
        // Down to the first day that need not be read; one without anything costs nothing. The last days are a slice of
        // their own: later runs read them otherwise.
        let first = older.map(\.day).filter { $0 < until && !due.contains($0) }.max() ?? until + -most
        let recent = today + -recentDays
        let end = max(first, until + -most, until > recent ? recent : first)
        let since = due.filter { $0 > end }.min() ?? until
        return DayRange(since: since, until: until)
    }

    /// How many days go into one slice: a report costs a few calls whatever it holds, and one that is too large fails.
    package static func sliceDays(adsPerDay: Int) -> Int {
        min(max(sliceRows / max(adsPerDay, 1), 1), sliceDays)
    }

    private static func isDue(_ record: DayRecord?, _ told: DayTotals, today: Day) -> Bool {
        guard let record, let age = record.age else { return true }
        let isRestated = told.day > today + -restatedDays
        if record.basis != told.basis || (isRestated && record.isComplete) { return age >= restatedEvery }
        if record.isComplete { return false }
        return age >= (record.attempts < mostAttempts ? partialEvery : restatedEvery)
            && (isRestated || record.attempts < mostAttempts)
    }

    /// Whether objects add up to their account. Facebook rounds the spend of each row to a cent.
    package static func addsUp(_ account: Results, _ sum: ResultsSum) -> Bool {
        let difference = abs(account.spent.micros - sum.spent.micros)
        return account.impressions == sum.impressions && account.clicks == sum.clicks
            && difference <= Int64(sum.rows) * 5_000
    }
}
