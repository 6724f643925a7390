internal import GraphAPI
internal import Model
internal import Store

/// One list of a run: takes its pages, and knows how far an earlier run had come with it.
final class StagedList {
    /// Called when all of it is staged.
    var isDone: (SyncMemory.Staged, ListPosition) -> Void = { _, _ in }
    /// Where to go on, and how to ask.
    private(set) var position: ListPosition
    /// Whether it is read in pieces, each a list of its own. The end of one is not the end of all, and one that
    /// restarts keeps the others' rows. A row that arrives twice is stored once.
    var isInPieces = false

    /// Whether Facebook neither counted the rows nor said that the list ends where it did.
    private(set) var endsInDoubt = false

    let name: SyncList
    private let request: String
    private let basis: String?
    private let access: GraphAccess
    private let earlier: SyncMemory.Staged?
    private var state: SyncMemory.Staged?
    private var damagedDays: Set<Day> = []
    /// Days with rows that cannot be used, or that do not say of which campaign they are.
    private var leftOutDays: Set<Day> = []
    /// Whether something came damaged that may be of any day: a row without one, or what an earlier run has read.
    private var hasUndatedDamage: Bool
    private var hasUndatedLoss: Bool

    /// - Parameters:
    ///   - request: The request as one text.
    ///   - earlier: What an earlier run has staged of the same request; `nil` discards everything.
    ///   - basis: Stored with it, for later runs.
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
        hasUndatedDamage = earlier?.isDamaged ?? false
        hasUndatedLoss = earlier.map { $0.leftOut > 0 } ?? false
        self.position.cursor = earlier?.cursor
        self.position.rowsBefore = earlier.map { $0.rows + $0.leftOut } ?? 0
        self.position.totalBefore = earlier?.total
        access.warn(ofRefused: position.refusedFields, name)
        access.journal.progress.expect(name)
        access.journal.begin(name.rawValue)
    }

    /// Continues from what an earlier run has staged.
    /// - Returns: Whether that is complete.
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
        state.leftOut += page.leftOut
        state.damaged += page.defects.count { $0.kind != .leftOut }
        damagedDays.formUnion(page.defects.compactMap(\.day))
        hasUndatedDamage = hasUndatedDamage || page.defects.contains { $0.day == nil }
        let losses = page.defects.filter(\.hidesRow)
        leftOutDays.formUnion(losses.compactMap(\.day))
        hasUndatedLoss = hasUndatedLoss || losses.contains { $0.day == nil }
        access.journal.note(page.defects)
        endsInDoubt = endsInDoubt || page.endsInDoubt
        state.total = page.total ?? state.total
        state.cursor = page.next.cursor
        state.isComplete = page.isLast && !isInPieces
        state.latestUpdate = [state.latestUpdate, latest].compactMap(\.self).max()
        self.state = state
        access.journal.count(name.rawValue, rows: page.values.count)
        try access.remember(page.next, after: position, of: name, isComplete: page.isLast)
        position.pageSize = page.next.pageSize
        position.refusedFields = page.next.refusedFields
        if state.isComplete { finish(state) }
        try access.store(rows, state, of: name, repeatsRows: page.repeatsRows)
    }

    /// Stores a page of results, and counts its rows.
    func takeResults<Value>(_ page: ListPage<Value>, _ rows: StagedRows) throws {
        access.journal.summary.insights += page.values.count
        try take(page, rows)
    }

    private func finish(_ state: SyncMemory.Staged) {
        let seconds = access.journal.end(name.rawValue)
        isDone(state, position)
        access.journal.report(.read(access.run, name, rows: state.rows, seconds: seconds))
    }

    /// The whole is too much: the rows so far are void, and pieces follow.
    func divide() throws {
        try restart()
        (position.cursor, position.rowsBefore, position.totalBefore) = (nil, 0, nil)
        isInPieces = true
    }

    /// All pieces have been read, or could not be read.
    func endPieces() {
        guard isInPieces else { return }
        var state = state ?? SyncMemory.Staged(request: request, basis: basis, beganAt: access.journal.moment)
        state.isComplete = true
        access.journal.progress.count(name, done: state.rows, total: nil, isComplete: true)
        finish(state)
    }

    /// The rows so far are void.
    func restart() throws {
        guard !isInPieces else { return }
        try access.store.dropStaged(name, of: access.run.account.id)
        state = nil
        (damagedDays, leftOutDays) = ([], [])
        (hasUndatedDamage, hasUndatedLoss) = (false, false)
        endsInDoubt = false
        access.journal.progress.count(name, done: 0, total: nil, isComplete: false)
    }

    /// The days of the list whose rows arrived damaged.
    func damagedDays(of days: [Day]) -> Set<Day> {
        hasUndatedDamage ? Set(days) : damagedDays
    }

    /// The days of which a row may be missing, among those that the list covers.
    func leftOutDays(of days: [Day]) -> Set<Day> {
        hasUndatedLoss ? Set(days) : leftOutDays
    }

    /// How a report of a piece is remembered.
    /// - Parameter leaves: whether to leave a report that is not ready, with `ReportUnready`, and not to wait for it.
    func report(_ piece: ReportPiece, isWanted: Bool = false, leaves: Bool = false) throws -> ReportUse {
        let (store, account, days) = (access.store, access.run.account.id, piece.days)
        // A report of some campaigns is of no use for others.
        let basis = (basis ?? "") + (piece.campaigns.map { " of \($0.joined(separator: ","))" } ?? "")
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
            refused: { [self] fields in
                let asked = position
                position.refusedFields = fields
                try access.remember(position, after: asked, of: name, isComplete: false)
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

extension Defect {
    /// Whether the row may be lost: it cannot be used, or does not name its parents.
    fileprivate var hidesRow: Bool {
        kind == .leftOut || (kind == .unknown && ["adset_id", "campaign_id"].contains(field))
    }
}

/// Facebook is computing a report. Continue after so many seconds.
struct ReportUnready: Error {
    let seconds: Double
}
