internal import Model
internal import Store

/// One end of a range of days, as a request names it.
enum DayBound: Equatable {
    case day(Day)
    /// Counts as its day in the account's time zone.
    case moment(Timestamp)

    /// The years that make sense. At the ends of PostgreSQL's calendar, a time zone could lead outside of it.
    private static let days = Day(daysSince1970: 0)...Day(daysSince1970: 2_900_000)

    /// Reads `2026-03-12` or `2026-03-12T22:02:47Z`; `nil` for anything else.
    init?(_ text: String) {
        if let day = Day(text), Self.days.contains(day) {
            self = .day(day)
        } else if let moment = Timestamp(text), moment.seconds >= 0,
            Self.days.contains(Day(daysSince1970: moment.seconds / 86_400))
        {
            self = .moment(moment)
        } else {
            return nil
        }
    }

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

    var isEmpty: Bool { from == nil && to == nil && relative == nil }

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
        try Self.check(since, until)
        return DayRange(since: since, until: until)
    }

    /// - Parameter names: of the two days.
    /// - Throws: when the days make no range, or too long a one.
    static func check(_ since: Day, _ until: Day, _ names: (String, String) = ("from", "to")) throws {
        guard since <= until else {
            throw RequestError.rangeInvalid("\(names.0) (\(since)) is after \(names.1) (\(until))")
        }
        guard until.daysSince1970 - since.daysSince1970 < longest else {
            throw RequestError.rangeInvalid("\(names.0) and \(names.1) are more than \(longest) days apart")
        }
    }
}
