/// A range of days that moves with the calendar. Its names are those of Facebook's `date_preset` where it has one.
package enum RelativeRange: String, Sendable, CaseIterable {
    case today
    case yesterday
    case last7Days = "last_7d"
    case last14Days = "last_14d"
    case last30Days = "last_30d"
    case thisWeek = "this_week"
    case lastWeek = "last_week"
    case thisMonth = "this_month"
    case lastMonth = "last_month"
    case thisQuarter = "this_quarter"
    case last90Days = "last_90d"

    /// The days that are meant on a day.
    ///
    /// On the first day of a week, month or quarter, `thisWeek`, `thisMonth` and `thisQuarter` are that day, with or without
    /// today: they have no other day yet.
    /// - Parameter includesToday: whether a range that is not over yet ends today. Otherwise it ends yesterday. The number of
    ///   days of `last7Days` and its like is the same.
    package func days(on today: Day, includesToday: Bool) -> DayRange {
        let until = includesToday ? today : today + -1
        let last = { (count: Int) in DayRange(since: until + (1 - count), until: until) }
        let began = { (first: Day) in DayRange(since: first, until: max(first, until)) }
        switch self {
        case .today: return DayRange(since: today, until: today)
        case .yesterday: return DayRange(since: today + -1, until: today + -1)
        case .last7Days: return last(7)
        case .last14Days: return last(14)
        case .last30Days: return last(30)
        case .last90Days: return last(90)
        case .thisWeek: return began(today.monday)
        case .lastWeek: return DayRange(since: today.monday + -7, until: today.monday + -1)
        case .thisMonth: return began(today.firstOfMonth)
        case .lastMonth:
            let end = today.firstOfMonth + -1
            return DayRange(since: end.firstOfMonth, until: end)
        case .thisQuarter: return began(today.firstOfQuarter)
        }
    }
}
