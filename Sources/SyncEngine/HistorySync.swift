internal import GraphAPI
internal import Model
internal import Store

/// Reads older days of ads, newest first, a slice at a time, each committed by itself: what a run does not come to, the
/// next one does.
struct HistorySync {
    private let access: GraphAccess
    private let settings: SyncSettings
    private var store: Store { access.store }
    private var account: AdAccount { access.run.account }
    private var journal: RunJournal { access.journal }

    /// Slices in a row that cannot be read, after which a run leaves it.
    private static let mostFailures = 3
    /// Per cent of a quota from which on older days wait.
    private static let mostLoad = 60.0

    init(_ access: GraphAccess, _ settings: SyncSettings) {
        self.access = access
        self.settings = settings
    }

    func perform() throws {
        let deadline = access.moment + settings.historyBudget
        let (told, summary) = try store.accountDays(of: account.id)
        guard let today = told.map(\.day).max(), let currency = summary.currency else { return }
        let subject = AccountSummary(
            facebookID: account.facebookID,
            name: summary.name,
            currency: currency,
            timeZone: summary.timeZone,
            status: nil
        )
        let historyDays = try settings.historyDays(of: account.id, store)
        let due = told.filter { $0.day > today + -historyDays }
        var skipped: Set<Day> = []
        var failures = 0
        var most = InsightsPlan.sliceDays(adsPerDay: try store.adsPerDay(of: account.id))
        // People and the next sync come first: older days leave them their part of the quotas.
        while failures < Self.mostFailures, access.moment < deadline, access.load < Self.mostLoad {
            let memory = try store.syncMemory(of: account.id)
            guard
                let slice = InsightsPlan.nextSlice(memory.days, told: due, today: today, most: most, skipping: skipped)
            else { return }
            journal.progress.enter(.history, percent: 95)
            try access.note()
            do {
                try read(slice, of: subject, memory, told: due, until: deadline)
                failures = 0
            } catch is TimeIsUp {
                return
            } catch let error as GraphError where error.isAboutData {
                // A slice that Facebook cannot answer is halved; a single day is left for another time.
                let days = slice.days
                most = max(1, days.count / 2)
                guard days.count == 1 else { continue }
                failures += 1
                skipped.formUnion(days)
                journal.warn("the ads' results of \(slice.since) cannot be read: \(error)")
                try store.noteUnread(slice, account.id)
            }
        }
    }

    private func read(
        _ slice: DayRange,
        of subject: AccountSummary,
        _ memory: SyncMemory,
        told: [DayTotals],
        until deadline: Double
    ) throws {
        let days = told.filter { slice.contains($0.day) }
        let list = StagedList(
            .history,
            "\(slice)",
            nil,
            SyncPlan.position(.history, memory, standard: SyncPlan.insightsPageSize),
            access,
            basis: days.map(\.basis).joined(separator: ";")
        )
        let bound = ListBound(stored: try store.storedObjects(of: account.id))
        var reading: DaysReading?
        list.isDone = { _, position in reading = DaysReading(list: .history, slice, days, position) }
        let read = GraphClient.adDays(
            subject,
            days: slice,
            at: list.position,
            report: try list.report(slice, isWanted: slice.days.count > InsightsPlan.recentDays),
            most: { bound.rows(.ad, days: slice.days.count) },
            page: { page in
                journal.tally.insights += page.values.count
                try list.take(page, .days(.history, page.values))
            },
            restarted: list.restart
        )
        try access.read([read], until: deadline)
        if let reading { try store.commitHistory(reading, of: access.run, journal.tally) }
    }
}

extension GraphError {
    /// Whether it is about what was asked for, and other questions may still be answered.
    fileprivate var isAboutData: Bool {
        switch kind {
        case .transient, .tooMuchData, .tooSlow, .fieldRefused, .rejected, .notFound, .cursorInvalid, .endless: true
        case .rateLimited, .tokenInvalid, .permissionMissing, .versionExpired: false
        }
    }
}
