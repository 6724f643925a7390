package import Model

/// The progress of a run's lists as one phase and one percentage. A pure value.
package struct RunProgress: Sendable, Equatable {
    private struct List: Equatable {
        var done = 0
        /// Total rows; an estimate until Facebook returns the number.
        var total: Int?
        var isComplete = false
    }

    private var lists: [SyncList: List] = [:]
    private var most = 0
    /// A step in which no list is read.
    private var step: SyncRun.Phase?

    /// The share of saving and of older days.
    private static let shareOfLists = 90

    package init() {}

    package mutating func expect(_ list: SyncList) {
        lists[list] = lists[list] ?? List()
    }

    package mutating func count(_ list: SyncList, done: Int, total: Int?, isComplete: Bool) {
        lists[list] = List(done: done, total: total ?? lists[list]?.total, isComplete: isComplete)
    }

    /// All lists are read; what follows is another phase.
    package mutating func enter(_ phase: SyncRun.Phase, percent: Int) {
        step = phase
        most = max(most, percent)
    }

    /// The phase of the first list that is not complete, and a percentage that never falls.
    package mutating func current() -> SyncProgress {
        if let step { return SyncProgress(phase: step, percent: most) }
        let open = Self.phases.first { phase in phase.lists.contains { lists[$0].map { !$0.isComplete } ?? false } }
        let phase = open?.phase ?? .insights
        let members = (open ?? Self.phases[Self.phases.count - 1]).lists.compactMap { lists[$0] }
        let done = members.reduce(0) { $0 + $1.done }
        let totals = members.compactMap { $0.isComplete ? $0.done : $0.total }
        most = max(most, percent)
        return SyncProgress(
            phase: phase,
            done: done,
            total: totals.count == members.count ? max(done, totals.reduce(0, +)) : 0,
            percent: most
        )
    }

    /// The mean of how far each list is.
    private var percent: Int {
        guard !lists.isEmpty else { return 0 }
        let shares = lists.values.map { list -> Double in
            if list.isComplete { return 1 }
            // Without a total, each page halves the rest.
            guard let total = list.total, total > 0 else { return list.done > 0 ? 0.5 : 0 }
            return min(0.99, Double(list.done) / Double(total))
        }
        return Int(Double(Self.shareOfLists) * shares.reduce(0, +) / Double(shares.count))
    }

    private static let phases: [(phase: SyncRun.Phase, lists: [SyncList])] = [
        (.campaigns, [.campaigns]), (.adSets, [.adSets]), (.ads, [.ads]),
        (.insights, [.campaignTotals, .adSetTotals, .adTotals, .recentDays]),
    ]
}
