internal import GraphAPI
internal import Model
internal import Store

/// Reads an account's history, which is the results of each ad on days that no run reads: newest first, in slices. Each
/// slice is committed alone, so that a child can stop after any of them and another one continues.
struct HistorySync {
    private let access: GraphAccess
    private let settings: SyncSettings
    private var store: Store { access.store }
    private var account: AdAccount { access.run.account }
    private var journal: RunJournal { access.journal }

    /// Unreadable slices in a row after which the account's history pauses, and for how many seconds.
    private static let mostFailures = 3
    private static let restAfterFailures = 3600.0
    /// Per cent of a quota from which on history waits, and for how many seconds: the rest is for runs.
    private static let mostLoad = 60.0
    private static let restUnderLoad = 300.0

    init(_ access: GraphAccess, _ settings: SyncSettings) {
        self.access = access
        self.settings = settings
    }

    /// The most urgent part that is left to be read now.
    func left() throws -> HistoryPart? {
        guard let plan = try plan() else { return nil }
        if let slice = plan.slice { return plan.part(of: slice) }
        return try periods(plan).next() == nil ? nil : .periods
    }

    /// Reads one slice, or one period when no slice is left.
    /// - Throws: `ReportUnready` when Facebook still makes its report; what reading throws.
    func perform() throws -> HistoryStep {
        guard let plan = try plan() else { return .stored(next: nil) }
        guard let slice = plan.slice else { return try readPeriod(plan) }
        guard access.load < Self.mostLoad else { return .later(seconds: Self.restUnderLoad) }
        journal.progress.enter(.history, percent: 99)
        try access.note()
        switch try read(slice, plan) {
        case .stored:
            if plan.failures > 0 { try store.remember(sliceDays: plan.sliceDays, failures: 0, account.id) }
        case .tooLarge:
            try store.remember(sliceDays: slice.days.count / 2, failures: plan.failures, account.id)
            return .stored(next: plan.part(of: slice))
        case .failed:
            let failures = plan.failures + 1
            let isOver = failures >= Self.mostFailures
            try store.remember(sliceDays: plan.sliceDays, failures: isOver ? 0 : failures, account.id)
            if isOver { return .later(seconds: Self.restAfterFailures) }
        }
        return .stored(next: try left())
    }

    private func readPeriod(_ plan: Plan) throws -> HistoryStep {
        let periods = periods(plan)
        guard let step = try periods.next() else { return .stored(next: nil) }
        guard access.load < Self.mostLoad else { return .later(seconds: Self.restUnderLoad) }
        journal.progress.enter(.history, percent: 99)
        try access.note()
        try periods.read(step)
        return .stored(next: try left())
    }

    private func periods(_ plan: Plan) -> PeriodSync {
        PeriodSync(access, settings, plan.subject, plan.memory, today: plan.today)
    }

    /// The work of a reading.
    private struct Plan {
        var subject: AccountSummary
        var memory: SyncMemory
        /// The account's figures for the days to hold.
        var totals: [DayTotals]
        var today: Day
        var sliceDays: Int?
        var failures: Int
        var slice: DayRange?

        func part(of slice: DayRange) -> HistoryPart {
            slice.until > today + -InsightsPlan.recentDays ? .lastDays : .olderDays
        }

        /// The account's figures for a slice's days, as one text.
        func basis(of slice: DayRange) -> String {
            totals.filter { slice.contains($0.day) }.map(\.basis).joined(separator: ";")
        }
    }

    private func plan() throws -> Plan? {
        let (totals, summary) = try store.accountDays(of: account.id)
        guard let today = totals.map(\.day).max(), let currency = summary.currency else { return nil }
        var memory = try store.syncMemory(of: account.id)
        if let day = try refusedDay(memory) {
            memory.days[day]?.isDamaged = true
            memory.days[day]?.attempts = 0
        }
        let limits = try store.historyLimits(of: account.id)
        let historyDays = try settings.historyDays(of: account.id, store)
        var plan = Plan(
            subject: AccountSummary(
                facebookID: account.facebookID,
                name: summary.name,
                currency: currency,
                timeZone: summary.timeZone,
                status: nil
            ),
            memory: memory,
            totals: totals.filter { $0.day > today + -historyDays },
            today: today,
            sliceDays: limits.sliceDays,
            failures: limits.failures
        )
        let most = InsightsPlan.sliceDays(adsPerDay: try store.adsPerDay(of: account.id))
        plan.slice = InsightsPlan.nextSlice(
            plan.memory.days,
            totals: plan.totals,
            today: today,
            most: min(most, plan.sliceDays ?? most),
            forcedAge: limits.forcedAge,
            runAge: limits.runAge
        )
        // A report that was ordered for other days is paid for: it comes first, unless the last days have to be read.
        if let slice = plan.slice, plan.part(of: slice) == .olderDays,
            let reported = try store.reportedDays(of: .history, account.id), reported.days.contains(slice.until),
            reported.days.days.count <= plan.sliceDays ?? .max, plan.basis(of: reported.days) == reported.basis
        {
            plan.slice = reported.days
        }
        return plan
    }

    /// A day to read again because Facebook may have begun to accept a field that it refused: the newest one with unknown
    /// numbers. When it comes with that field, all such days are read again.
    private func refusedDay(_ memory: SyncMemory) throws -> Day? {
        guard let list = memory.lists[.recentDays], !list.refusedFields.isEmpty,
            list.adaptationAge ?? .infinity >= SyncPlan.adaptedFor
        else { return nil }
        return try store.newestUnknownDay(of: account.id, refused: list.refusedFields)
    }

    /// The result of a slice.
    private enum SliceOutcome {
        /// It is stored, or most of it.
        case stored
        /// Facebook cannot return it in one piece. Smaller slices follow.
        case tooLarge
        /// Nothing of it could be read.
        case failed
    }

    /// Reads a slice and commits it. A single day that is too much is read by campaigns; what stays unavailable is recorded
    /// as missing.
    private func read(_ slice: DayRange, _ plan: Plan) throws -> SliceOutcome {
        let days = plan.totals.filter { slice.contains($0.day) }
        let list = try stagedList(slice, plan)
        var outcome = SliceOutcome.stored
        let commit = { (missing: [DividedReading<ReportPiece>.Missing]) in
            var reading = ReadDays(list, days)
            reading.missing = missing.map(ReadDays.Missing.init)
            for part in reading.missing { journal.warn(part.error) }
            try store.commitHistory(reading, of: access.run, journal.summary)
        }
        if list.takeOver() {
            try commit([])
            return outcome
        }
        let bound = ListBound(stored: try store.storedObjects(of: account.id))
        let beganAt = access.moment
        let reading = try DividedReading(
            [ReportPiece(days: slice)],
            make: { piece in
                // A later child starts with the whole day again, so this one waits for its pieces.
                let report = try list.report(piece, isWanted: piece.isLong, leaves: piece.campaigns == nil)
                return list.adDays(plan.subject, piece, report) { bound }
            },
            divide: { piece in
                guard piece.days.since == piece.days.until else {
                    outcome = .tooLarge
                    return []
                }
                let parts = piece.parts(byDay: false, campaigns: try store.campaignIDs(of: account.id))
                if !parts.isEmpty { try list.divide() }
                return parts
            },
            isPatient: { access.moment - beganAt < settings.patience },
            ended: { missing, isEmpty in
                guard outcome != .tooLarge else { return }
                if isEmpty { outcome = .failed }
                list.endPieces()
                try commit(missing)
            }
        )
        try access.read([reading])
        return outcome
    }

    private func stagedList(_ slice: DayRange, _ plan: Plan) throws -> StagedList {
        let basis = plan.basis(of: slice)
        // The pages of a report stay as they are, those of a list do not: only the former are gone on with.
        let hasReport = try store.report(of: .history, slice, basis: basis, account.id) != nil
        let staged = plan.memory.staged[.history].flatMap {
            hasReport && $0.request == "\(slice)" && $0.basis == basis ? $0 : nil
        }
        return StagedList(
            .history,
            "\(slice)",
            staged,
            SyncPlan.position(.history, plan.memory, standard: SyncPlan.insightsPageSize),
            access,
            basis: basis
        )
    }
}
