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
        let isCurrent = memory.totalsRange == range && memory.totalsBasis == basis && !isForced
        let due = told.filter { totals in
            guard totals.day > today + -recentDays, totals.hasAnything else { return false }
            guard !isForced, let record = memory.days[totals.day] else { return true }
            return !record.isComplete || record.basis != totals.basis || record.age ?? .infinity >= restatedEvery
        }.map(\.day)
        return InsightsPlan(
            totals: isCurrent ? nil : range,
            totalsBasis: basis,
            recentDays: due.min().flatMap { since in due.max().map { DayRange(since: since, until: $0) } }
        )
    }

    /// The sums over all days, reach too, though as a number it means nothing: other sums, other totals.
    static func basis(of days: [DayTotals]) -> String {
        var sum = DayTotals.nothing(Day(daysSince1970: 0))
        for day in days {
            sum.reach = (sum.reach ?? 0) + (day.reach ?? 0)
            sum.results.add(day.results)
        }
        return sum.basis
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
        let due = Set(
            told.filter { $0.day <= today + -recentDays && $0.hasAnything && !skipping.contains($0.day) }
                .map(\.day).filter { isDue(records[$0], age: today.daysSince1970 - $0.daysSince1970) }
        )
        guard let until = due.max() else { return nil }
        let since = due.filter { $0 > until + -most }.min() ?? until
        return DayRange(since: since, until: until)
    }

    /// How many days go into one slice: a report costs a few calls whatever it holds, and one that is too large fails.
    package static func sliceDays(adsPerDay: Int) -> Int {
        min(max(sliceRows / max(adsPerDay, 1), 1), sliceDays)
    }

    private static func isDue(_ record: DayRecord?, age days: Int) -> Bool {
        guard let record, let age = record.age else { return true }
        let isRestated = days < restatedDays
        if !record.isComplete { return age >= partialEvery && (isRestated || record.attempts < mostAttempts) }
        return isRestated && age >= restatedEvery
    }

    /// Whether the ads of a day add up to the account. Facebook rounds the spend of each row to a cent.
    package static func addsUp(_ account: DayTotals, _ ads: DaySum) -> Bool {
        let difference = abs(account.results.spent.micros - ads.spent.micros)
        return account.results.impressions == ads.impressions && account.results.clicks == ads.clicks
            && difference <= Int64(ads.rows) * 5_000
    }
}
