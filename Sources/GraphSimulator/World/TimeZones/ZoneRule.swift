/// The yearly rule at the end of a time zone file, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule {
    /// East of UTC, in seconds.
    private let standard: Int
    private let summer: (offset: Int, begins: Change, ends: Change)?

    /// `M3.5.0/2`: the last Sunday of March, at two o'clock of the time that ends then.
    private struct Change {
        let month: Int
        /// 1 to 5; 5 is the last.
        let week: Int
        /// 0 is Sunday.
        let weekday: Int
        /// Seconds after midnight; may be negative, or more than a day.
        let time: Int

        /// The day and second of local time, as seconds since 1970-01-01.
        func moment(in year: Int) -> Int {
            let first = CivilDate.day(year, month, 1)
            // 1970-01-01 was a Thursday.
            let offset = (weekday - (first + 4) % 7 + 7) % 7
            var day = first + offset + 7 * (week - 1)
            let next = month == 12 ? CivilDate.day(year + 1, 1, 1) : CivilDate.day(year, month + 1, 1)
            while day >= next { day -= 7 }
            return day * 86_400 + time
        }
    }

    /// - Returns: `nil` for a text that is not of this form.
    init?(_ text: String) {
        let word = #"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]+>)"#
        let clock = #"([+-]?\d{1,3}(?::\d{2}){0,2})"#
        let date = #",M(\d{1,2})\.(\d)\.(\d)(?:/"# + clock + ")?"
        guard let pattern = try? Regex("\(word)\(clock)(?:\(word)\(clock)?\(date)\(date))?"),
            let match = text.wholeMatch(of: pattern)
        else { return nil }
        let words = (0..<match.output.count).map { match.output[$0].substring.map(String.init) }
        func seconds(_ index: Int, otherwise: Int) -> Int { words[index].map(Self.seconds) ?? otherwise }
        func change(from index: Int) -> Change? {
            let numbers = (0..<3).compactMap { words[index + $0].flatMap { Int($0) } }
            guard numbers.count == 3, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]),
                (0...6).contains(numbers[2])
            else { return nil }
            return Change(
                month: numbers[0],
                week: numbers[1],
                weekday: numbers[2],
                time: seconds(index + 3, otherwise: 7200)
            )
        }
        // POSIX counts west of Greenwich.
        standard = -seconds(1, otherwise: 0)
        guard words[3] != nil else {
            summer = nil
            return
        }
        guard let begins = change(from: 3), let ends = change(from: 7) else { return nil }
        summer = (words[2].map { -Self.seconds($0) } ?? standard + 3600, begins, ends)
    }

    private static func seconds(_ text: String) -> Int {
        let pieces = text.split(separator: ":").compactMap { Int($0.drop { "+-".contains($0) }) }
        let all = zip(pieces, [3600, 60, 1]).reduce(0) { $0 + $1.0 * $1.1 }
        return text.hasPrefix("-") ? -all : all
    }

    /// The offsets from one year to another.
    func spans(years: ClosedRange<Int>) -> [ZoneFile.Span] {
        guard let summer else { return [] }
        return years.flatMap { year in
            [
                ZoneFile.Span(from: summer.begins.moment(in: year) - standard, offset: summer.offset),
                ZoneFile.Span(from: summer.ends.moment(in: year) - summer.offset, offset: standard),
            ]
        }
        .sorted { $0.from < $1.from }
    }
}
