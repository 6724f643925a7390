package import Model
package import Store

/// Decides which counts of people to read next. Pure decisions.
package enum PeriodPlan {
    /// The periods in which people are counted, the most requested first.
    package static let ranges: [RelativeRange] = [.last7Days, .last30Days, .last14Days, .thisMonth, .lastMonth]
    /// Seconds after which a period that could not be read, or not all of it, is tried again.
    static let againAfter = 21_600.0
    /// Seconds after which a period that was read is read again: Facebook corrects numbers for weeks.
    static let agedAfter = 86_400.0

    /// The days of the periods, without those that are not over yet.
    package static func periods(on today: Day) -> [DayRange] {
        ranges.map { $0.days(on: today, includesToday: false) }.filter { $0.until < today }
    }

    /// A level's period to read, and how many calls are left for it.
    package struct Step: Sendable, Equatable {
        package let level: Level
        package let days: DayRange
        package let callsLeft: Int
    }

    /// - Parameters:
    ///   - callsPerDay: The most calls on a day.
    ///   - pages: How many pages the objects of a level fill at most.
    package static func next(
        _ memory: PeriodMemory,
        today: Day,
        callsPerDay: Int,
        pages: (Level) throws -> Int
    ) rethrows -> Step? {
        let callsLeft = callsPerDay - memory.calls
        guard callsLeft > 0 else { return nil }
        for isNew in [true, false] {
            for level in memory.levels {
                let due = periods(on: today).first { days in
                    let reading = memory.readings.first { $0.level == level && $0.days == days }
                    return reading.map { !isNew && isDue($0) } ?? isNew
                }
                guard let due, try pages(level) <= callsLeft else { continue }
                return Step(level: level, days: due, callsLeft: callsLeft)
            }
        }
        return nil
    }

    private static func isDue(_ reading: PeriodMemory.Reading) -> Bool {
        if let age = reading.failureAge { return age >= againAfter }
        return reading.age >= (reading.lacksRows ? againAfter : agedAfter)
    }
}
