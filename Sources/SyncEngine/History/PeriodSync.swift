internal import GraphAPI
internal import Model
internal import Store

/// Reads reach, frequency and unique clicks of periods such as the last 7 days, which cannot be added up from days: a level
/// and a period at a time, within a number of calls for each day.
struct PeriodSync {
    private let access: GraphAccess
    private let callsPerDay: Int
    private let subject: AccountSummary
    private let memory: SyncMemory
    private let today: Day
    private var store: Store { access.store }
    private var account: AdAccount.ID { access.run.account.id }

    /// - Parameter today: the day that it is in the account's data.
    init(_ access: GraphAccess, _ settings: SyncSettings, _ subject: AccountSummary, _ memory: SyncMemory, today: Day) {
        self.access = access
        callsPerDay = settings.reachCalls
        self.subject = subject
        self.memory = memory
        self.today = today
    }

    /// What is due now.
    func next() throws -> PeriodPlan.Step? {
        guard callsPerDay > 0 else { return nil }
        let known = try store.periodMemory(of: account, on: today)
        guard !known.levels.isEmpty else { return nil }
        // Counted only if something is due, which it is once a day.
        var objects: [Level: Int]?
        return try PeriodPlan.next(known, today: today, callsPerDay: callsPerDay) { level in
            let counts = try objects ?? store.storedObjects(of: account)
            objects = counts
            let size = position(level).pageSize
            return max(1, ((counts[level] ?? 0) + size - 1) / size)
        }
    }

    /// Reads and stores it, or records why it cannot be read.
    /// - Throws: what concerns the whole account, and not only this reading.
    func read(_ step: PeriodPlan.Step) throws {
        var period = ReadPeriod(level: step.level, days: step.days)
        let callsBefore = access.calls
        let result = Result { try read(&period, within: step.callsLeft) }
        try store.countPeriodCalls(access.calls - callsBefore, on: today, of: account)
        do {
            try result.get()
            try store.commit(period, current: PeriodPlan.periods(on: today), of: access.run)
        } catch let error where Self.isAboutReading(error) {
            let text = "\(error)"
            let what = "the reach of \(step.level.plural) from \(step.days.since) to \(step.days.until)"
            access.journal.report(.warned(access.run, "\(what) cannot be read: \(text)"))
            try store.recordFailure(of: period, text, account)
        }
    }

    private func read(_ period: inout ReadPeriod, within calls: Int) throws {
        var found: [String: ObjectTotals] = [:]
        var lacksRows = false
        let reading = GraphClient.people(
            subject,
            level: period.level,
            days: period.days,
            at: position(period.level),
            page: { page in
                try access.notePage()
                for object in page.values { found[object.objectID] = object }
                if page.leftOut > 0 || page.shortfall > 0 || page.endsInDoubt { lacksRows = true }
            },
            restarted: {
                found = [:]
                lacksRows = false
            }
        )
        let before = access.calls
        // Asked before each call.
        try access.read([reading]) {
            guard access.calls - before >= calls, !access.isCalling, reading.call != nil else { return }
            throw CallsUsedUp(number: calls)
        }
        period.objects = Array(found.values)
        period.lacksRows = lacksRows
    }

    /// Requested as the level's totals are, which have the same fields and more.
    private func position(_ level: Level) -> ListPosition {
        SyncPlan.position(.totals(level), memory, standard: SyncPlan.insightsPageSize)
    }

    /// Whether another reading may succeed nevertheless.
    private static func isAboutReading(_ error: any Error) -> Bool {
        guard let error = error as? GraphError else { return error is CallsUsedUp || error is NoProgress }
        return switch error.kind {
        case .tokenInvalid, .permissionMissing, .notFound, .appRefused, .versionExpired, .rateLimited: false
        default: true
        }
    }
}

/// Reading a period took more calls than were left.
private struct CallsUsedUp: Error, CustomStringConvertible {
    let number: Int
    var description: String { "it takes more calls than are left for today: \(number)" }
}
