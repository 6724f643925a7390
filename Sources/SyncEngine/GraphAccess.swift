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
    private var lastPageAt: Double
    private var lastNoteAt: Double
    private var savedUsage = Usage()

    init(
        _ store: Store,
        _ graph: GraphClient,
        _ journal: RunJournal,
        _ settings: SyncSettings,
        now: @escaping () -> Double,
        isStopping: @escaping () -> Bool
    ) {
        self.store = store
        self.graph = graph
        self.journal = journal
        self.settings = settings
        self.now = now
        self.isStopping = isStopping
        run = journal.run
        lastPageAt = now()
        lastNoteAt = now()
        graph.report = { [unowned journal] in journal.take($0) }
    }

    var moment: Double { now() }

    /// Per cent of the fullest quota that are used.
    var load: Double { graph.usage.load(now: now()) }

    func begin() throws {
        try store.noteApp(settings.app, of: run.account.id)
        try learn()
        journal.tally.apiVersion = graph.version
    }

    // MARK: Reading

    /// Reads all of them at the same time.
    /// - Parameter deadline: when to stop, by our clock, with `TimeIsUp`.
    func read(_ readings: [any GraphReading], until deadline: Double = .infinity) throws {
        defer {
            journal.tally.apiCalls = graph.calls
            journal.tally.apiVersion = graph.version
            saveUsage()
        }
        lastPageAt = now()
        try graph.read(readings, of: run.account.facebookID) {
            if isStopping() { throw Interruption() }
            if now() > deadline { throw TimeIsUp() }
            if now() - lastPageAt > settings.patience { throw NoProgress(seconds: Int(settings.patience)) }
            if now() - lastNoteAt > 10 {
                try note()
                try learn()
            }
        }
    }

    func add(_ reading: any GraphReading) {
        graph.add(reading)
    }

    /// A page has come: stores it, and with it how far its list and the run are.
    /// - Parameter repeatsRows: whether some of the rows have come before.
    func store(_ rows: StagedRows, _ state: SyncMemory.Staged, of list: SyncList, repeatsRows: Bool) throws {
        journal.tally.apiCalls = graph.calls
        journal.progress.count(list, done: state.rows, total: state.total, isComplete: state.isComplete)
        let progress = journal.progress.current()
        try store.stage(
            rows,
            state,
            of: list,
            run,
            progress,
            journal.tally,
            replacing: repeatsRows ? rows.objects : nil
        )
        notePage(progress)
        if graph.usage.differs(from: savedUsage) { saveUsage() }
    }

    /// Remembers a smaller page or a refused field for the next runs.
    func remember(_ next: ListPosition, after asked: ListPosition, of list: SyncList) throws {
        guard next.pageSize != asked.pageSize || next.refusedFields != asked.refusedFields else { return }
        try store.remember(pageSize: next.pageSize, refusedFields: next.refusedFields, of: list, run.account.id)
    }

    /// Something has come that is no page of a list.
    func notePage() throws {
        notePage(journal.progress.current())
    }

    private func notePage(_ progress: SyncProgress) {
        lastPageAt = now()
        lastNoteAt = now()
        journal.tell(.progressed(run, progress))
    }

    /// Writes down how far the run is, and that it lives.
    func note() throws {
        let progress = journal.progress.current()
        try store.note(progress, journal.tally, of: run.id)
        lastNoteAt = now()
        journal.tell(.progressed(run, progress))
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

/// The time for older days is over.
struct TimeIsUp: Error {}

/// The watchdog's word.
struct NoProgress: Error, CustomStringConvertible {
    let seconds: Int
    var description: String { "no page has come for \(seconds) seconds" }
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

    /// Whether it is worth telling others: a hold, or a per cent more or less.
    func differs(from other: Usage) -> Bool {
        readings.contains { quota, reading in
            guard let known = other.readings[quota] else { return true }
            return known.heldUntil != reading.heldUntil || abs(known.percent - reading.percent) >= 1
        }
    }
}
