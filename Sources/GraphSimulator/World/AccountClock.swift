/// Days and times of one ad account, in its own time zone. All times are unix seconds, all days are counted from
/// 1970-01-01 of that zone's calendar.
struct AccountClock: Sendable {
    /// The offset east of UTC in seconds from a moment on, ascending; the first begins before all data.
    private let offsets: [Span]

    private struct Span {
        let from: Int
        let offset: Int
    }

    /// - Parameter zone: an IANA name (`Europe/Berlin`). The program ends with a message when the system does not have it: in
    ///   another zone every day would be wrong.
    init(zone: String) {
        guard let file = ZoneFile(name: zone) else {
            fatalError("the time zone \(zone) is not in \(ZoneFile.folder): install tzdata, or name another zone")
        }
        let begin = 1_546_300_800  // 2019-01-01
        var spans = file.spans
        let end = spans.last?.from ?? .min
        spans += file.rule?.spans(years: 2019...2058).filter { $0.from > end } ?? []
        let before = spans.last { $0.from <= begin } ?? spans[0]
        offsets =
            [Span(from: .min, offset: before.offset)]
            + spans.filter { $0.from > begin }.map { Span(from: $0.from, offset: $0.offset) }
    }

    func offset(at time: Int) -> Int {
        offsets.last { $0.from <= time }?.offset ?? 0
    }

    func day(at time: Int) -> Int {
        let local = time + offset(at: time)
        return local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    }

    /// The first second of a day.
    func start(of day: Int) -> Int {
        let noon = day * 86_400 + 43_200
        let guess = day * 86_400 - offset(at: noon - offset(at: noon))
        // A change of offset between midnight and noon.
        return day * 86_400 - offset(at: guess)
    }

    /// `2024-03-12T15:02:47-0700`: local time and the offset in force at that moment, without a colon.
    func text(_ time: Int) -> String {
        let offset = offset(at: time)
        let local = time + offset
        let day = day(at: time)
        let second = local - day * 86_400
        let minutes = abs(offset) / 60
        return CivilDate.text(day) + "T" + two(second / 3600) + ":" + two(second / 60 % 60) + ":" + two(second % 60)
            + (offset < 0 ? "-" : "+") + two(minutes / 60) + two(minutes % 60)
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// Dates of the Gregorian calendar as a count of days from 1970-01-01.
enum CivilDate {
    /// `2026-11-23`
    static func text(_ day: Int) -> String {
        let (year, month, date) = parts(day)
        return "\(year)-\(month < 10 ? "0" : "")\(month)-\(date < 10 ? "0" : "")\(date)"
    }

    /// The day of `2026-11-23`; nil for any other form and for dates that do not exist.
    static func day(_ text: String) -> Int? {
        let pieces = text.split(separator: "-", omittingEmptySubsequences: false)
        guard pieces.map(\.utf8.count) == [4, 2, 2], let year = Int(pieces[0]), let month = Int(pieces[1]),
            let date = Int(pieces[2]), (1...12).contains(month), date >= 1
        else { return nil }
        let day = day(year, month, date)
        return parts(day) == (year, month, date) ? day : nil
    }

    /// Days are counted in eras of 400 years that begin on 1 March, after Howard Hinnant's "chrono-compatible
    /// low-level date algorithms".
    static func day(_ year: Int, _ month: Int, _ date: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + date - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func parts(_ day: Int) -> (year: Int, month: Int, date: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    /// The same date some months earlier; the last of that month where it has no such date.
    static func months(_ count: Int, before day: Int) -> Int {
        let (year, month, date) = parts(day)
        let months = year * 12 + month - 1 - count
        let first = Self.day(months / 12, months % 12 + 1, 1)
        let next = Self.day((months + 1) / 12, (months + 1) % 12 + 1, 1)
        return min(first + date - 1, next - 1)
    }
}
