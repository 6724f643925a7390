/// An async insights run: work that takes time, and then numbers that no longer move.
struct Report {
    let id: Int
    let place: ObjectPlace
    let account: String
    let query: InsightsQuery
    /// Unix seconds.
    let posted: Double
    /// Seconds of work.
    var duration = 1.0
    var end = Ending.completed
    /// The error details of a failed run, from v25.0 on.
    var failure = GraphError(
        code: 100,
        subcode: 1_487_534,
        message: "Too much data was requested. Please reduce the amount of data you're asking for.",
        userTitle: "Your report could not be made",
        userMessage: "Try a shorter range or fewer fields."
    )
    /// Whether the code of the failure stands in its message only.
    var isNumberInText = false
    /// Polls that still find nothing.
    var hiddenPolls = 0
    /// Polls that still find it running though all is done.
    var lingeringPolls = 0
    /// Reads of the completed report that still find it not ready.
    var unreadyReads = 0
    /// It is not found any more once it was seen completed.
    var getsLost = false
    var isGone = false
    /// What it is about, as it was at the end of the work.
    var result: Result?

    enum Ending {
        case completed
        case failed
        case skipped
        /// It never begins.
        case stuck
    }

    struct Result {
        let account: SimulatedAccount
        let clock: DeliveryClock
    }

    var completed: Double { posted + duration }
}

/// The runs of the last 30 days, at most 500.
struct Reports {
    private var byID: [Int: Report] = [:]
    private var ids: [Int] = []
    private var made = 0

    /// One that is known; nil for those that are lost or deleted.
    subscript(id: Int) -> Report? {
        guard let report = byID[id], !report.isGone else { return nil }
        return report
    }

    /// - Returns: the new run's id.
    mutating func post(_ make: (Int) -> Report) -> Int {
        made += 1
        let id = 6_023_920_000_000_000 + made * 149_050
        byID[id] = make(id)
        ids.append(id)
        if ids.count > 500 { byID[ids.removeFirst()] = nil }
        return id
    }

    mutating func change(_ id: Int, _ change: (inout Report) -> Void) {
        if var report = byID.removeValue(forKey: id) {
            change(&report)
            byID[id] = report
        }
    }

    mutating func delete(_ id: Int) {
        byID[id] = nil
        ids.removeAll { $0 == id }
    }

    /// Forgets runs older than 30 days.
    mutating func expire(at now: Double) {
        while let oldest = ids.first, let report = byID[oldest], report.posted < now - 30 * 86_400 {
            delete(oldest)
        }
    }

    /// Those whose work is done by now but whose numbers are not yet fixed, in the order of their completion.
    func due(at now: Double) -> [Report] {
        byID.values.filter { $0.result == nil && $0.end == .completed && $0.completed <= now }
            .sorted { $0.completed < $1.completed }
    }
}
