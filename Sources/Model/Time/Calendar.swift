// Weeks, months, quarters and years.

extension Day {
    /// The Monday of its week (ISO 8601). 1970 began on a Thursday.
    package var monday: Day {
        let weekday = (daysSince1970 + 3) % 7
        return self + -(weekday < 0 ? weekday + 7 : weekday)
    }

    package var firstOfMonth: Day { self + (1 - civil.day) }

    /// Quarters begin in January, April, July and October.
    package var firstOfQuarter: Day {
        var first = firstOfMonth
        while first.civil.month % 3 != 1 { first = (first + -1).firstOfMonth }
        return first
    }

    /// The same day of the year before; 28 February for 29 February.
    package var yearBefore: Day {
        let (year, month, day) = civil
        return Day(year: year - 1, month: month, day: day) ?? self + -366
    }
}

extension DayRange {
    /// As many days, right before it.
    package var previous: DayRange {
        DayRange(since: since + (since.daysSince1970 - until.daysSince1970 - 1), until: since + -1)
    }

    /// The same days of the year before.
    package var yearBefore: DayRange { DayRange(since: since.yearBefore, until: until.yearBefore) }
}
