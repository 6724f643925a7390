internal import ASCII

/// A day of the Gregorian calendar in its owner's time zone: `2024-03-12`.
package struct Day: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let daysSince1970: Int

    package init(daysSince1970: Int) {
        self.daysSince1970 = daysSince1970
    }

    /// `nil` for a date that no calendar has, such as 30 February.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March, eras have 400 years.
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        daysSince1970 = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        guard civil == (year, month, day) else { return nil }
    }

    /// Reads `2024-03-12`.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isDigits = parts.allSatisfy { $0.utf8.areDigits }
        guard isDigits, parts.map(\.utf8.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2]), year > 0
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    var civil: (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    package static func < (one: Day, other: Day) -> Bool { one.daysSince1970 < other.daysSince1970 }

    package static func + (day: Day, days: Int) -> Day { Day(daysSince1970: day.daysSince1970 + days) }

    package var description: String {
        let (year, month, day) = civil
        return
            "\(String(repeating: "0", count: max(0, 4 - String(year).count)))\(year)-\(twoDigits(month))-\(twoDigits(day))"
    }
}

/// A range of days, both included.
package struct DayRange: Sendable, Hashable {
    package var since: Day
    package var until: Day

    package init(since: Day, until: Day) {
        self.since = since
        self.until = until
    }

    package func contains(_ day: Day) -> Bool { since <= day && day <= until }

    /// All of its days, oldest first.
    package var days: [Day] { (since.daysSince1970...until.daysSince1970).map { Day(daysSince1970: $0) } }

    /// The range that metrics cover unless a reader asks for another: 30 days, today included.
    package static func lastThirtyDays(until today: Day) -> DayRange {
        DayRange(since: today + -29, until: today)
    }
}
