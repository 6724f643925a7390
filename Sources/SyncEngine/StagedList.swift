internal import GraphAPI
internal import Model
internal import Store

/// One list of a run: takes its pages, and knows how far an earlier run had come with it.
final class StagedList {
    /// Called when all of it is staged.
    var isDone: (SyncMemory.Staged, ListPosition) -> Void = { _, _ in }
    /// Where to go on, and how to ask.
    private(set) var position: ListPosition

    private let name: SyncList
    private let request: String
    private let basis: String?
    private let access: GraphAccess
    private let earlier: SyncMemory.Staged?
    private var state: SyncMemory.Staged?

    /// - Parameters:
    ///   - request: what is asked for, as one text.
    ///   - earlier: what an earlier run has staged of the same request; `nil` throws away whatever there is.
    ///   - basis: what is kept with it, for later runs.
    init(
        _ name: SyncList,
        _ request: String,
        _ earlier: SyncMemory.Staged?,
        _ position: ListPosition,
        _ access: GraphAccess,
        basis: String? = nil
    ) {
        self.name = name
        self.request = request
        self.earlier = earlier
        self.position = position
        self.access = access
        self.basis = basis
        self.position.cursor = earlier?.cursor
        self.position.rowsBefore = earlier?.rows ?? 0
        self.position.totalBefore = earlier?.total
        access.warn(ofRefused: position.refusedFields, name)
        access.journal.progress.expect(name)
        access.journal.begin(name.rawValue)
    }

    /// Goes on from what an earlier run has staged.
    /// - Returns: whether that is all of it.
    func takeOver() -> Bool {
        guard let earlier else { return false }
        state = earlier
        access.journal.progress.count(
            name,
            done: earlier.rows,
            total: earlier.total,
            isComplete: earlier.isComplete
        )
        access.journal.count(name.rawValue, rows: earlier.rows)
        guard earlier.isComplete else { return false }
        finish(earlier)
        return true
    }

    func take<Value>(_ page: ListPage<Value>, _ rows: StagedRows, latest: Timestamp? = nil) throws {
        if state == nil { try access.store.dropStaged(name, of: access.run.account.id) }
        var state =
            state
            ?? SyncMemory.Staged(request: request, basis: basis, beganAt: page.date ?? access.journal.moment)
        state.rows += page.values.count
        state.total = page.total ?? state.total
        state.cursor = page.next.cursor
        state.isComplete = page.isLast
        state.latestUpdate = [state.latestUpdate, latest].compactMap(\.self).max()
        self.state = state
        access.journal.count(name.rawValue, rows: page.values.count)
        try access.remember(page.next, after: position, of: name, isComplete: page.isLast)
        position.pageSize = page.next.pageSize
        position.refusedFields = page.next.refusedFields
        if page.isLast { finish(state) }
        try access.store(rows, state, of: name, repeatsRows: page.repeatsRows)
    }

    private func finish(_ state: SyncMemory.Staged) {
        let seconds = access.journal.end(name.rawValue)
        isDone(state, position)
        access.journal.tell(.read(access.run, name, rows: state.rows, seconds: seconds))
    }

    /// What was taken so far is void.
    func restart() throws {
        try access.store.dropStaged(name, of: access.run.account.id)
        state = nil
        access.journal.progress.count(name, done: 0, total: nil, isComplete: false)
    }

    /// How a report of it is remembered.
    /// - Parameter leaves: whether to leave a report that is not ready, with `ReportUnready`, and not to wait for it.
    func report(_ days: DayRange, isWanted: Bool = false, leaves: Bool = false) throws -> ReportUse {
        let (store, account) = (access.store, access.run.account.id)
        let basis = basis ?? ""
        let known = try store.report(of: name, days, basis: basis, account)
        let earlier = known.map {
            ReportUse.Earlier(id: $0.id, percent: $0.percent, idle: $0.idle, orders: $0.orders)
        }
        var current = earlier?.id
        var orders = earlier?.orders ?? 0
        return ReportUse(
            isWanted: isWanted,
            earlier: earlier,
            ordered: { [access, name] id in
                current = id
                if let id {
                    orders += 1
                    try store.remember(report: id, of: name, days, basis: basis, orders: orders, account)
                } else {
                    try store.forgetReports(of: name, account)
                }
                try access.notePage()
            },
            advanced: { [access] percent in
                if let current { try store.note(percent: percent, ofReport: current, account) }
                try access.notePage()
            },
            unready: {
                // Young reports are looked at often, old ones now and then.
                if leaves { throw ReportUnready(seconds: min(max(1, (known?.age ?? 0) / 4), 30)) }
            }
        )
    }
}

/// Facebook still makes a report. Come back for it after so many seconds.
struct ReportUnready: Error {
    let seconds: Double
}
