internal import GraphAPI
internal import Model
internal import Store

/// One run's way to Facebook: its client, within the limits that all processes share, and the watch over it.
final class GraphAccess {
    let store: Store
    let run: ClaimedRun
    let journal: RunJournal
    private let graph: GraphClient
    private let settings: SyncSettings
    private let now: () -> Double
    private let isStopping: () -> Bool
    private let yields: () throws -> Bool
    private let patience: Double
    private var lastPageAt: Double
    private var lastNoteAt: Double
    private var lastYieldCheckAt = -Double.infinity
    /// Since when more urgent work is known to wait.
    private var urgentSince: Double?
    private var savedUsage = Usage()
    /// The fields that earlier runs found refused.
    private var refused: [SyncList: Set<String>] = [:]

    /// Seconds between two looks for more urgent work, and for which a report that is being ordered is waited for then. With
    /// the time between two ticks of `GraphClient.read` a child leaves within a second.
    private static let yieldCheckInterval = 0.2
    private static let patienceWithOrders = 0.3

    /// - Parameters:
    ///   - yields: whether more urgent work waits, for which this has to be left.
    ///   - patience: seconds for which that work has to wait first, half a second at most.
    init(
        _ store: Store,
        _ graph: GraphClient,
        _ journal: RunJournal,
        _ settings: SyncSettings,
        now: @escaping () -> Double,
        isStopping: @escaping () -> Bool,
        yields: @escaping () throws -> Bool = { false },
        patience: Double = 0
    ) {
        self.store = store
        self.graph = graph
        self.journal = journal
        self.settings = settings
        self.now = now
        self.isStopping = isStopping
        self.yields = yields
        self.patience = patience
        run = journal.run
        lastPageAt = now()
        lastNoteAt = now()
        graph.report = { [unowned journal] in journal.take($0) }
    }

    var moment: Double { now() }

    /// Per cent of the fullest quota that are used.
    var load: Double { graph.usage.load(now: now()) }

    /// How many calls there were, and whether one of them has no response yet.
    var calls: Int { graph.calls }
    var isCalling: Bool { graph.isCalling }

    func begin() throws {
        try store.noteApp(settings.app, of: run.account.id)
        try learn()
        refused = try store.listMemories(of: run.account.id).mapValues(\.refusedFields)
        journal.summary.apiVersion = graph.version
    }

    // MARK: Reading

    /// Reads all of them at the same time.
    /// - Parameter also: called again and again meanwhile.
    /// - Throws: `Interruption`, `Yielding`, `NoProgress`; what reading and storing throw.
    func read(_ readings: [any GraphReading], tick also: () throws -> Void = {}) throws {
        defer {
            journal.summary.apiCalls = graph.calls
            journal.summary.apiVersion = graph.version
            saveUsage()
        }
        lastPageAt = now()
        try graph.read(readings, of: run.account.facebookID) {
            try tick()
            try also()
        }
    }

    /// Comes before each call, and twice a second while nothing happens.
    private func tick() throws {
        if isStopping() { throw Interruption() }
        if now() - lastPageAt > settings.patience { throw NoProgress(seconds: Int(settings.patience)) }
        if try mustYield() { throw Yielding() }
        if now() - lastNoteAt > 10 { try note() }
        // Other processes must know of a hold before their next call, and we of theirs before ours.
        if graph.usage.hasHold(unknownTo: savedUsage) { saveUsage() }
        try learn()
    }

    /// Called repeatedly during work without calls. Throws if the child has to stop, or if more urgent work waits.
    func checkUrgency() throws {
        if isStopping() { throw Interruption() }
        if try mustYield() { throw Yielding() }
        if now() - lastNoteAt > 10 { try note() }
    }

    private func mustYield() throws -> Bool {
        guard urgentSince != nil || now() - lastYieldCheckAt >= Self.yieldCheckInterval else { return false }
        lastYieldCheckAt = now()
        guard try yields() else {
            urgentSince = nil
            return false
        }
        let since = urgentSince ?? now()
        urgentSince = since
        return now() - since >= max(patience, graph.isOrdering ? Self.patienceWithOrders : 0)
    }

    /// Whether a report was ordered, and the child has left before Facebook answered.
    var awaitsOrder: Bool { graph.isOrdering }

    /// Waits for that answer. What goes wrong with it costs another order later.
    /// - Returns: whether there is nothing left to wait for.
    func takeOrder(within seconds: Double) -> Bool {
        defer { saveUsage() }
        return (try? graph.takeOrder(within: seconds)) ?? true
    }

    func dropOrder() {
        graph.dropAll()
    }

    func add(_ reading: any GraphReading) {
        graph.add(reading)
    }

    /// A page has come: stores it, and with it how far its list and the run are.
    /// - Parameter repeatsRows: whether some of the rows have come before.
    func store(_ rows: StagedRows, _ state: SyncMemory.Staged, of list: SyncList, repeatsRows: Bool) throws {
        journal.summary.apiCalls = graph.calls
        journal.progress.count(list, done: state.rows, total: state.total, isComplete: state.isComplete)
        let progress = journal.progress.current()
        try store.stage(
            rows,
            state,
            of: list,
            run,
            progress,
            journal.summary,
            replacing: repeatsRows ? rows.objects : nil
        )
        notePage(progress)
        if graph.usage.differs(from: savedUsage) { saveUsage() }
    }

    /// Stores a smaller page size and refused fields for the next runs.
    /// - Parameters:
    ///   - asked: How the list was requested before this page.
    ///   - isComplete: Whether the list is complete, so that the omitted fields are all the refused ones.
    func remember(_ next: ListPosition, after asked: ListPosition, of list: SyncList, isComplete: Bool) throws {
        let known = refused[list.adapted] ?? []
        let isNew = next.refusedFields != asked.refusedFields || (isComplete && next.refusedFields != known)
        guard next.pageSize != asked.pageSize || isNew else { return }
        try store.remember(pageSize: next.pageSize, refusedFields: next.refusedFields, of: list.adapted, run.account.id)
        refused[list.adapted] = next.refusedFields
        // Facebook accepts a field again: the days that were read without it are read once more.
        let accepted = isComplete ? known.subtracting(next.refusedFields) : []
        guard !accepted.isEmpty, [.accountDays, .recentDays, .history].contains(list) else { return }
        try store.readUnknownDaysAgain(of: run.account.id, accepted: accepted)
    }

    /// Warns that a list is read without fields that an earlier run found refused.
    func warn(ofRefused fields: Set<String>, _ list: SyncList) {
        guard !fields.isEmpty else { return }
        let names = fields.sorted().joined(separator: ", ")
        journal.warn(
            "\(list.words.capitalizedFirst) are read without \(names), which Facebook refused before. A forced sync asks for "
                + "\(fields.count == 1 ? "it" : "them") again."
        )
    }

    /// Something has come that is no page of a list.
    func notePage() throws {
        notePage(journal.progress.current())
    }

    private func notePage(_ progress: SyncProgress) {
        lastPageAt = now()
        lastNoteAt = now()
        journal.report(.progressed(run, progress))
    }

    /// Writes down how far the run is, and that it lives.
    func note() throws {
        let progress = journal.progress.current()
        try store.note(progress, journal.summary, of: run, progressed: false)
        lastNoteAt = now()
        journal.report(.progressed(run, progress))
    }

    // MARK: Limits

    /// Takes what other processes have learned of Facebook's limits meanwhile.
    private func learn() throws {
        let records = try store.quotas(app: settings.app, account: run.account.facebookID)
        graph.learn(Usage(records, now: now()))
    }

    /// A database that does not take it must not hide why the run ends.
    private func saveUsage() {
        savedUsage = graph.usage
        try? store.note(savedUsage.records(now: now()), app: settings.app, account: run.account.facebookID)
    }
}

/// More urgent work waits.
struct Yielding: Error {}

/// The watchdog's word.
struct NoProgress: Error, CustomStringConvertible {
    let seconds: Int
    var description: String { "no page arrived for \(seconds) seconds" }
}

extension Usage {
    init(_ records: [QuotaRecord], now: Double) {
        var readings: [Quota: Reading] = [:]
        for record in records {
            guard let quota = Quota(rawValue: record.quota) else { continue }
            readings[quota] = Reading(
                percent: record.percent,
                at: now - record.age,
                heldUntil: record.secondsHeld.map { now + $0 }
            )
        }
        self.init(readings)
    }

    func records(now: Double) -> [QuotaRecord] {
        readings.map { quota, reading in
            QuotaRecord(
                quota: quota.rawValue,
                isAppWide: quota.isAppWide,
                percent: reading.percent,
                age: max(0, now - reading.at),
                secondsHeld: reading.heldUntil.flatMap { $0 > now ? $0 - now : nil }
            )
        }
    }

    /// Whether it has a hold that others do not know of, or a longer one. A difference of a second does not come from Facebook.
    func hasHold(unknownTo other: Usage) -> Bool {
        readings.contains { quota, reading in
            guard let until = reading.heldUntil else { return false }
            return until > (other.readings[quota]?.heldUntil ?? 0) + 1
        }
    }

    /// Whether it is worth telling others: a hold, or a per cent more or less.
    func differs(from other: Usage) -> Bool {
        readings.contains { quota, reading in
            guard let known = other.readings[quota] else { return true }
            return known.heldUntil != reading.heldUntil || abs(known.percent - reading.percent) >= 1
        }
    }
}
