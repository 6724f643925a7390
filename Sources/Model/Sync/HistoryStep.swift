/// A part of an account's history that is still to be read. Parts are in the order of their urgency.
package enum HistoryPart: String, Sendable, CaseIterable {
    /// The days that every run looks at, when no run has read them yet: after a first sync.
    case lastDays = "last_days"
    case olderDays = "older_days"
    /// Counts of people in periods, such as the reach of the last 7 days.
    case periods
}

/// How a child leaves an account's history after it has worked at it.
package enum HistoryStep: Sendable, Equatable {
    /// A slice is stored. `next` is the most urgent part that is left, `nil` when nothing is due.
    case stored(next: HistoryPart?)
    /// Facebook computes a report, or wants a pause: continue after so many seconds.
    case later(seconds: Double)
    /// More urgent work waits. Go on when it is done.
    case yielded
}
