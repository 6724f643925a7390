package import Model

// Decides which older days of ads to read next. Pure decisions.

extension InsightsPlan {
    /// The most days in one slice of history, and the rows that one should have at most.
    package static let sliceDays = 30
    static let sliceRows = 20_000
    /// Seconds after which a day that does not add up, however often it was read, is read once more: Facebook may have lost
    /// rows while it was in trouble.
    static let settledEvery = 604_800.0

    /// The older days to read next, newest first, at most `most` of them; `nil` if there is nothing to do.
    ///
    /// A day is due if its ads were never read. In the window in which Facebook corrects figures, it is due once a day.
    /// It is also due again if it could not be read, or did not add up to the account, and with each of the next runs if it
    /// arrived damaged.
    /// - Parameters:
    ///   - forcedAge: Seconds since the last forced sync, which makes days due that were read before it.
    ///   - runAge: Seconds since the account's last run began.
    package static func nextSlice(
        _ records: [Day: DayRecord],
        totals: [DayTotals],
        today: Day,
        most: Int,
        forcedAge: Double? = nil,
        runAge: Double? = nil
    ) -> DayRange? {
        let older = totals.filter { day in
            guard day.hasAnything else { return false }
            return day.day <= today + -recentDays || records[day.day]?.age == nil
        }
        let due = Set(
            older.filter { isDue(records[$0.day], $0, today: today, forcedAge: forcedAge, runAge: runAge) }.map(\.day)
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

    /// Days of one slice. A report costs a few calls whatever its size, and one that is too large fails.
    package static func sliceDays(adsPerDay: Int) -> Int {
        min(max(sliceRows / max(adsPerDay, 1), 1), sliceDays)
    }

    private static func isDue(
        _ record: DayRecord?,
        _ day: DayTotals,
        today: Day,
        forcedAge: Double?,
        runAge: Double?
    ) -> Bool {
        guard let record else { return true }
        let isCorrected = day.day > today + -restatedDays
        if let forcedAge, min(record.age ?? .infinity, record.failureAge ?? .infinity) > forcedAge {
            if !record.isComplete || isCorrected || !day.agrees(with: record.basis) { return true }
        }
        if let failureAge = record.failureAge {
            return failureAge >= (record.attempts < mostAttempts ? partialEvery : restatedEvery)
        }
        guard let age = record.age else { return true }
        if record.isDamaged, record.attempts < SyncMemory.mostDamagedReadings {
            return record.attempts == 0 || age > runAge ?? .infinity
        }
        if !day.agrees(with: record.basis) { return age >= restatedEvery }
        if record.isComplete { return isCorrected && age >= restatedEvery }
        if record.attempts < mostAttempts { return age >= partialEvery }
        return age >= (isCorrected || record.attempts < 2 * mostAttempts ? restatedEvery : settledEvery)
    }
}
