package import Model

/// A part of an account's results: some days, of all campaigns or of some.
package struct ReportPiece: Sendable, Equatable {
    package var days: DayRange
    /// Ids; `nil` for all.
    package var campaigns: [String]?
    /// Whether it was divided from a larger one that failed.
    package private(set) var isPart = false

    /// Ids in one question: more would make a URL that is too long.
    static let mostCampaigns = 50

    package init(days: DayRange, campaigns: [String]? = nil) {
        self.days = days
        self.campaigns = campaigns
    }

    /// The smaller pieces that make up this one, newest days first; none when it cannot be made smaller.
    /// - Parameters:
    ///   - byDay: whether days can be read one by one: what counts people does not add up over days.
    ///   - all: the account's campaigns.
    package func parts(byDay: Bool, campaigns all: [String]) -> [ReportPiece] {
        divided(byDay: byDay, campaigns: all).map { piece in
            var piece = piece
            piece.isPart = true
            return piece
        }
    }

    private func divided(byDay: Bool, campaigns all: [String]) -> [ReportPiece] {
        if byDay, days.since < days.until {
            let count = days.until.daysSince1970 - days.since.daysSince1970 + 1
            let middle = days.since + count / 2
            return [
                ReportPiece(days: DayRange(since: middle, until: days.until), campaigns: campaigns),
                ReportPiece(days: DayRange(since: days.since, until: middle + -1), campaigns: campaigns),
            ]
        }
        let ids = campaigns ?? all
        guard ids.count > 1 else { return [] }
        let size = min((ids.count + 1) / 2, Self.mostCampaigns)
        return stride(from: 0, to: ids.count, by: size).map { start in
            ReportPiece(days: days, campaigns: Array(ids[start..<min(start + size, ids.count)]))
        }
    }
}

extension DayRange {
    /// Days as ranges of days that follow one another, the newest first.
    static func ranges(of days: some Sequence<Day>) -> [DayRange] {
        var ranges: [DayRange] = []
        for day in Set(days).sorted(by: >) {
            if let last = ranges.last, last.since == day + 1 {
                ranges[ranges.count - 1].since = day
            } else {
                ranges.append(DayRange(since: day, until: day))
            }
        }
        return ranges
    }
}
