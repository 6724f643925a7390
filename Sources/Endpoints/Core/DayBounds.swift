internal import Model
internal import Store

/// One end of a range of days, as a request names it.
enum DayBound: Equatable {
    case day(Day)
    /// Counts as its day in the account's time zone.
    case moment(Timestamp)

    var moment: Timestamp? {
        switch self {
        case .day: nil
        case .moment(let moment): moment
        }
    }

    /// - Parameter momentDay: the day in which the moment is.
    func day(_ momentDay: Day?) -> Day? {
        switch self {
        case .day(let day): day
        case .moment: momentDay
        }
    }
}

/// The days that a request asks for: `from` and `to`, or `range` with `includeToday`.
struct DayBounds {
    /// Facebook keeps 37 months.
    static let longest = 1150

    let from: DayBound?
    let to: DayBound?
    private let relative: RelativeRange?
    private let includesToday: Bool

    init(_ parameters: Parameters) throws {
        from = try parameters.dayBound("from")
        to = try parameters.dayBound("to")
        relative = try parameters.choice("range", of: RelativeRange.self)
        includesToday = try parameters.flag("includeToday") ?? false
        if relative != nil, from != nil || to != nil { throw RequestError.twoRanges }
    }

    /// Timestamps to convert to days.
    var moments: [Timestamp?] { [from?.moment, to?.moment] }

    /// The days that are meant in the account; `nil` when none are named. An end that is left out is today, a beginning
    /// that is left out makes thirty days.
    /// - Parameter today: the day in the account's time zone.
    func days(in account: AdmittedAccount, on today: Day) throws -> DayRange? {
        if let relative { return relative.days(on: today, includesToday: includesToday) }
        let since = from?.day(account.boundDays[0])
        let until = to?.day(account.boundDays[1])
        switch (since, until) {
        case (nil, nil): return nil
        case (nil, let until?): return .lastThirtyDays(until: until)
        // Somewhere on Earth it is tomorrow already.
        case (let since?, nil): return try range(since, max(since, today))
        case (let since?, let until?): return try range(since, until)
        }
    }

    private func range(_ since: Day, _ until: Day) throws -> DayRange {
        try check(since, until)
        return DayRange(since: since, until: until)
    }

    /// - Throws: when the days make no range, or too long a one.
    func check(_ since: Day, _ until: Day) throws {
        guard since <= until else { throw RequestError.rangeInvalid("from (\(since)) is after to (\(until))") }
        guard until.daysSince1970 - since.daysSince1970 < Self.longest else {
            throw RequestError.rangeInvalid("from and to are more than \(Self.longest) days apart")
        }
    }
}
