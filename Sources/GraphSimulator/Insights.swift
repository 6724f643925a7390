extension SimulatedAccount {
    /// One page of rows: objects newest first, the periods of each in order. Rows before and behind the page are only
    /// looked at, not added up.
    func insights(_ query: InsightsQuery, of node: ObjectPlace, _ clock: DeliveryClock) -> Page {
        let groups = Groups(ads: pool(query, of: node), by: query.level, in: self)
        var page = Page(data: [])
        var offset = 0
        rows: for index in stride(from: groups.count - 1, through: 0, by: -1) {
            let ads = groups.ads(of: index)
            guard !ads.isEmpty, shows(query, index) else { continue }
            let habits = ads.map { AdHabits(self.ads[$0], in: self) }
            for period in query.periods where habits.contains(where: { hasDelivery($0, period, clock) }) {
                if page.data.count == query.limit {
                    page.hasNext = true
                    break rows
                }
                if offset >= query.offset {
                    page.data.append(row(query, index, period, sum(habits, period, clock)))
                }
                offset += 1
            }
        }
        if !page.data.isEmpty {
            page.before = Cursor.offset(query.offset)
            page.after = Cursor.offset(query.offset + page.data.count - 1)
            page.hasPrevious = query.offset > 0
        }
        return page
    }

    /// The ads whose delivery counts: those below the node that pass the filters, archived and deleted ones included.
    private func pool(_ query: InsightsQuery, of node: ObjectPlace) -> [Int] {
        ads.indices.filter { ad in
            ancestor(node.level, of: ad, .ad) == node.index
                && query.filters.allSatisfy { $0.admits(ancestor($0.level, of: ad, .ad), in: self) }
        }
    }

    /// Archived and deleted objects have rows only for those who ask by status.
    private func shows(_ query: InsightsQuery, _ index: Int) -> Bool {
        query.filters.contains { $0.asksForStatus(of: query.level) }
            || !effectiveStatus(query.level, index).isHidden
    }

    private func hasDelivery(_ habits: AdHabits, _ period: ClosedRange<Int>, _ clock: DeliveryClock) -> Bool {
        habits.days(within: period)?.contains { clock.delivers(habits, on: $0) } ?? false
    }

    private func sum(_ habits: [AdHabits], _ period: ClosedRange<Int>, _ clock: DeliveryClock) -> Delivery {
        var sum = Delivery()
        for habits in habits {
            guard let days = habits.days(within: period) else { continue }
            for day in days {
                if let delivery = clock.delivery(habits, on: day) { sum += delivery }
            }
        }
        return sum
    }
}

/// Ads sorted into the objects of one level, in two arrays whatever their number.
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
