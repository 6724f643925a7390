package import Model

/// What an account had on each day as a whole.
package struct ReadAccountDays: Sendable, Equatable {
    /// Without gaps, oldest first, up to the day of the reading. A day that did not come has the numbers that are stored.
    package var days: [DayTotals]
    /// Days that did not come.
    package var unconfirmed: Set<Day> = []
    /// Why there are such days: a sentence for people. `nil` when there are none, or when they could not be read.
    package var doubt: String?

    package init(days: [DayTotals]) {
        self.days = days
    }

    package var range: DayRange? {
        days.first.flatMap { first in days.last.map { DayRange(since: first.day, until: $0.day) } }
    }
}
