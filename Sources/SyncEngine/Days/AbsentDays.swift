package import Model
package import Store

/// The days that a list of an account's days lacks. A pure decision.
///
/// Facebook leaves out a day without results. It has also been seen to return no rows, or fewer, while it was in trouble. So
/// an absent day that had results before, or of which nothing is known, is nothing only after another answer agrees.
package struct AbsentDays {
    /// What other answers say of the absent days.
    package enum Evidence: Sendable {
        /// The days that came are all that the account had.
        case agrees
        /// The account had more than on the days that came.
        case contradicts
        /// Neither: Facebook returned nothing else, or nothing that can be compared.
        case open
    }

    /// Readings in a row that leave it open, after which an absent day counts as one without anything. So an account that
    /// has lost its results is empty in the end.
    static let mostReadings = 6
    /// Ranges that are named in the sentence for people.
    private static let mostNamed = 3

    private let range: DayRange
    private let returned: [Day: DayTotals]
    private let stored: [Day: DayTotals]
    private let unread: Set<Day>
    private let doubts: Int
    /// The days that have to be settled.
    private let questionable: Set<Day>

    /// - Parameters:
    ///   - range: the days that were asked for; the last one is today.
    ///   - returned: what Facebook returned.
    ///   - stored: what is known from before.
    ///   - unread: days that could not be read, unless they are among the others.
    ///   - doubts: readings in a row before this one that left days open.
    package init(
        range: DayRange,
        returned: [Day: DayTotals],
        stored: [Day: DayTotals],
        unread: Set<Day> = [],
        doubts: Int
    ) {
        (self.range, self.returned, self.stored, self.doubts) = (range, returned, stored, doubts)
        self.unread = unread.subtracting(returned.keys)
        let absent = range.days.filter { day in
            returned[day] == nil && !unread.contains(day) && stored[day]?.hasAnything ?? true
        }
        // A day that has just begun has nothing yet, unless other days are lost as well.
        let isNewToday = absent == [range.until] && stored[range.until] == nil
        questionable = isNewToday ? [] : Set(absent)
    }

    /// The days whose sum has to be asked for; `nil` when nothing is to be settled. Today grows meanwhile, so it is left out
    /// where other days can be compared.
    package var asked: DayRange? {
        guard !questionable.isEmpty else { return nil }
        let yesterday = DayRange(since: range.since, until: range.until + -1)
        let canCompareOthers = returned.keys.contains(where: yesterday.contains)
        let canLeaveToday = !questionable.contains(range.until) && canCompareOthers
        return canLeaveToday && yesterday.since <= yesterday.until ? yesterday : range
    }

    private var sum: (results: Results, rows: Int) {
        var sum = Results.nothing
        let days = returned.values.filter { asked?.contains($0.day) ?? false }
        for day in days { sum.add(day.results) }
        return (sum, days.count)
    }

    /// - Parameter total: what the account had as a whole on the days that were asked for.
    package func evidence(accountHad total: Results) -> Evidence {
        let sum = sum
        guard total != .nothing else { return .open }
        switch InsightsPlan.balance(total, ResultsSum(sum.results, rows: sum.rows)) {
        case .even: return .agrees
        case .short: return .contradicts
        case .over, .unknown: return .open
        }
    }

    /// - Parameters:
    ///   - campaigns: what the campaigns had together on the days that were asked for.
    ///   - rows: how many of them had anything.
    package func evidence(campaignsHad campaigns: Results, rows: Int) -> Evidence {
        guard rows > 0 else { return .open }
        switch InsightsPlan.balance(sum.results, ResultsSum(campaigns, rows: rows)) {
        case .even: return .agrees
        case .over: return .contradicts
        case .short, .unknown: return .open
        }
    }

    /// Every day of the range: as it came, as it was, without anything, or unknown.
    /// - Parameter hasAds: whether the account has ads, or may have some.
    package func reading(_ evidence: Evidence, hasAds: Bool) -> ReadAccountDays {
        let open = questionable.filter { !isSettled($0, evidence, hasAds: hasAds) }
        let unconfirmed = open.union(unread)
        var reading = ReadAccountDays(
            days: range.days.map { day in
                returned[day] ?? (unconfirmed.contains(day) ? stored[day] ?? .unknown(day) : .nothing(day))
            }
        )
        reading.unconfirmed = unconfirmed
        reading.doubt = unconfirmed.isEmpty ? nil : Self.sentence(unconfirmed)
        return reading
    }

    private func isSettled(_ day: Day, _ evidence: Evidence, hasAds: Bool) -> Bool {
        let isOld = doubts + 1 >= Self.mostReadings
        switch evidence {
        case .agrees: return true
        // Facebook's own sums may differ a little for ever: that says nothing of a day which never had results.
        case .contradicts: return isOld && !returned.isEmpty && stored[day] == nil
        case .open:
            let wasIdle = !stored.isEmpty && stored.values.allSatisfy { !$0.hasAnything }
            return isOld || !hasAds || (returned.isEmpty && wasIdle)
        }
    }

    private static func sentence(_ days: Set<Day>) -> String {
        let ranges = DayRange.ranges(of: days)
        var names = ranges.prefix(mostNamed).map { $0.since == $0.until ? "\($0.since)" : "\($0.since) to \($0.until)" }
        if ranges.count > mostNamed { names.append("other days") }
        let list =
            names.count < 2
            ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
        return "Facebook did not return what the account had on \(list). Numbers that are known from before stay. "
            + "The next syncs ask again."
    }
}

extension ResultsSum {
    init(_ results: Results, rows: Int) {
        self.init(
            spent: results[.spend]?.amount,
            impressions: results[.impressions]?.count,
            clicks: results[.clicks]?.count,
            rows: rows
        )
    }
}
