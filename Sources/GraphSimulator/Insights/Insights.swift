/// The rows of one question at one moment: objects newest first, the periods of each in order. Which rows there are is
/// found once; what they add up to, for the pages that are read.
final class InsightsTable {
    let account: SimulatedAccount
    private let clock: DeliveryClock
    private let level: Level
    private let periods: [ClosedRange<Int>]
    private let groups: Groups
    private let rows: [Row]
    /// For each period, of objects that many ads add up to.
    private var sums: [Int: [GoalDeliveries]] = [:]
    /// The object added up last. Its rows are adjacent.
    private var last: (object: Int, sums: [GoalDeliveries])?

    private struct Row {
        let object: Int32
        let period: Int32
    }

    init(_ query: InsightsQuery, of node: ObjectPlace, in account: SimulatedAccount, _ clock: DeliveryClock) {
        self.account = account
        self.clock = clock
        level = query.level
        periods = query.periods
        groups = Groups(ads: account.pool(query, of: node), by: query.level, in: account)
        var rows: [Row] = []
        for index in stride(from: groups.count - 1, through: 0, by: -1) {
            let ads = groups.ads(of: index)
            guard !ads.isEmpty, account.shows(query, index) else { continue }
            var found = [Bool](repeating: false, count: periods.count)
            var missing = periods.count
            for ad in ads where missing > 0 {
                let habits = AdHabits(account.ads[ad], in: account)
                for place in periods.indices where !found[place] && clock.delivers(habits, within: periods[place]) {
                    found[place] = true
                    missing -= 1
                }
            }
            for place in periods.indices where found[place] {
                rows.append(Row(object: Int32(index), period: Int32(place)))
            }
        }
        self.rows = rows
    }

    func page(_ query: InsightsQuery, limit: Int) -> Page {
        let start = min(query.offset, rows.count)
        let places = start..<min(start + limit, rows.count)
        var page = Page(
            data: places.map { account.row(query, Int(rows[$0].object), periods[Int(rows[$0].period)], sum($0)) }
        )
        page.hasNext = places.upperBound < rows.count
        page.summary = summary(query)
        if !places.isEmpty {
            page.before = Cursor.offset(places.lowerBound)
            page.after = Cursor.offset(places.upperBound - 1)
            page.hasPrevious = places.lowerBound > 0
        }
        return page
    }

    /// All rows in one, with the columns that were asked for.
    private func summary(_ query: InsightsQuery) -> JSON? {
        guard !query.summary.isEmpty, let first = periods.first, let last = periods.last else { return nil }
        var total = GoalDeliveries()
        for place in rows.indices { total += sum(place) }
        return account.row(query.level, query.summary, 0, first.lowerBound...last.upperBound, total)
    }

    private func sum(_ place: Int) -> GoalDeliveries {
        let object = Int(rows[place].object)
        let period = Int(rows[place].period)
        if let known = sums[object] { return known[period] }
        if let last, last.object == object { return last.sums[period] }
        let ads = groups.ads(of: object)
        var all = [GoalDeliveries](repeating: GoalDeliveries(), count: periods.count)
        for ad in ads {
            let habits = AdHabits(account.ads[ad], in: account)
            let indicator = account.resultIndicator(account.adSets[account.ads[ad].parent])
            for place in periods.indices where clock.delivers(habits, within: periods[place]) {
                clock.add(habits, within: periods[place], to: &all[place][indicator])
            }
        }
        if ads.count > 16 { sums[object] = all }
        last = (object, all)
        return all[period]
    }
}

extension SimulatedAccount {
    /// The ads whose delivery counts: those below the node that pass the filters, archived and deleted ones included.
    fileprivate func pool(_ query: InsightsQuery, of node: ObjectPlace) -> [Int] {
        ads.indices.filter { ad in
            ancestor(node.level, of: ad, .ad) == node.index
                && query.filters.allSatisfy { $0.admits(ancestor($0.level, of: ad, .ad), in: self) }
        }
    }

    /// Archived and deleted objects have rows only for those who ask by status.
    fileprivate func shows(_ query: InsightsQuery, _ index: Int) -> Bool {
        query.filters.contains { $0.asksForStatus(of: query.level) }
            || !effectiveStatus(query.level, index).isHidden
    }
}

/// Maps ads to the objects of one level, in two arrays.
private struct Groups {
    let count: Int
    private let starts: [Int]
    private let sorted: [Int]

    init(ads: [Int], by level: Level, in account: SimulatedAccount) {
        let count = level == .account ? 1 : account.objects(level).count
        var starts = [Int](repeating: 0, count: count + 1)
        for ad in ads { starts[account.ancestor(level, of: ad, .ad) + 1] += 1 }
        for index in 0..<count { starts[index + 1] += starts[index] }
        var next = starts
        var sorted = [Int](repeating: 0, count: ads.count)
        for ad in ads {
            let group = account.ancestor(level, of: ad, .ad)
            sorted[next[group]] = ad
            next[group] += 1
        }
        self.count = count
        self.starts = starts
        self.sorted = sorted
    }

    func ads(of index: Int) -> ArraySlice<Int> { sorted[starts[index]..<starts[index + 1]] }
}
