internal import GraphAPI
internal import Model
internal import Store

/// Reads an account's objects and results, all lists at the same time, and commits them.
final class AccountSync {
    private let access: GraphAccess
    private let settings: SyncSettings
    private let isForced: Bool
    private var store: Store { access.store }
    private var run: ClaimedRun { access.run }
    private var journal: RunJournal { access.journal }

    private var memory = SyncMemory()
    private var plan = SyncPlan(listings: [:], asksAccount: true)
    private var readings = SyncReadings()
    private var bound = ListBound()
    private var today = Day(daysSince1970: 0)
    private var zone: AccountZone { AccountZone(run.account, store) }
    private var hasFacts = false
    private var historyDays = 0

    /// - Parameter isForced: everything is read, whatever is known.
    init(_ access: GraphAccess, _ settings: SyncSettings, isForced: Bool) {
        self.access = access
        self.settings = settings
        self.isForced = isForced
    }

    /// - Returns: whether a part of it is what an earlier run had read: then it tells of then, not of now.
    func perform() throws -> Bool {
        memory = try store.syncMemory(of: run.account.id)
        var account = knownAccount()
        if account == nil {
            try access.read([
                GraphClient.adAccount(run.account.facebookID) { [self] summary in
                    account = summary
                    try note(summary)
                }
            ])
        }
        guard let account else { return false }
        if let told = try read(account) {
            memory = try store.syncMemory(of: run.account.id)
            readings = SyncReadings()
            _ = try read(told)
        }
        try commit()
        return plan.isTakenOver
    }

    /// What we know of the account, if that is enough to read its objects while we ask for it.
    private func knownAccount() -> AccountSummary? {
        guard let currency = run.account.currency else { return nil }
        return AccountSummary(
            facebookID: run.account.facebookID,
            name: run.account.name,
            currency: currency,
            timeZone: run.account.facebookTimeZone,
            status: nil
        )
    }

    /// Reads everything that the plan asks for.
    /// - Returns: the account as Facebook tells it, when it is not what we took it for.
    private func read(_ account: AccountSummary) throws -> AccountSummary? {
        plan = SyncPlan.make(memory, isForced: isForced, listingInterval: settings.listingInterval)
        let counted = try zone.name(for: account.timeZone)
        if counted == nil {
            journal.warn("PostgreSQL does not know the time zone \(account.timeZone); days are counted in UTC")
        }
        today = try zone.today(in: counted)
        historyDays = try settings.historyDays(of: run.account.id, store)
        var all: [any GraphReading] = []
        var told: AccountSummary?
        for level in Level.allCases {
            if let reading = objects(level, account) { all.append(reading) }
        }
        all.append(accountDays(account))
        if plan.asksAccount, !hasFacts {
            all.append(
                GraphClient.adAccount(account.facebookID) { [self] summary in
                    told = summary
                    try note(summary)
                }
            )
        }
        try access.note()
        try access.read(all)
        // What was read so far counts budgets in another currency, or days in another zone.
        if let told, try told.currency != account.currency || zone.name(for: told.timeZone) != counted { return told }
        try ResumedChildren(access: access, account: account, memory: memory).read()
        try reviewListings(account)
        return nil
    }

    private func note(_ summary: AccountSummary) throws {
        hasFacts = true
        if let currency = run.account.currency,
            try (currency, run.account.timeZone) != (summary.currency, zone.name(for: summary.timeZone) ?? "UTC")
        {
            try store.forgetReadings(of: run.account.id)
        }
        try store.note(AccountFacts(summary), of: run.account.id)
    }

    // MARK: Objects

    /// - Returns: `nil` when an earlier run has read all of it.
    private func objects(_ level: Level, _ account: AccountSummary) -> (any GraphReading)? {
        guard let listing = plan.listings[level] else { return nil }
        let list = StagedList(.objects(level), listing.request, listing.staged, listing.position, access)
        list.isDone = { [self] state, position in
            if listing.isListing { bound.counted[level] = state.total }
            readings.objects[level] = ObjectReading(
                listedAt: listing.isListing ? state.beganAt : nil,
                // An object that was read early may have been changed while later pages were read.
                watermark: state.latestUpdate.map { min($0, state.beganAt) },
                refusedFields: position.refusedFields
            )
        }
        guard !list.takeOver() else { return nil }
        let (since, position) = (listing.since, list.position)
        switch level {
        case .campaign:
            return GraphClient.campaigns(
                account,
                since: since,
                at: position,
                page: { [self] page in
                    journal.tally.campaigns += page.values.count
                    try list.take(page, .campaigns(page.values), latest: page.values.lazy.compactMap(\.updatedAt).max())
                },
                restarted: list.restart
            )
        case .adSet:
            return GraphClient.adSets(
                account,
                since: since,
                at: position,
                page: { [self] page in
                    journal.tally.adSets += page.values.count
                    try list.take(page, .adSets(page.values), latest: page.values.lazy.compactMap(\.updatedAt).max())
                },
                restarted: list.restart
            )
        case .ad:
            return GraphClient.ads(
                account,
                since: since,
                at: position,
                page: { [self] page in
                    journal.tally.ads += page.values.count
                    try list.take(page, .ads(page.values), latest: page.values.lazy.compactMap(\.updatedAt).max())
                },
                restarted: list.restart
            )
        }
    }

    /// Decides whether the levels were read completely.
    private func reviewListings(_ account: AccountSummary) throws {
        let review = ListingReview(access: access, account: account, memory: memory)
        let questions = try readings.objects.flatMap { try review.questions($0, isListing: $1.isListing) }
        do {
            if !questions.isEmpty { try access.read(questions) }
        } catch let error as GraphError where error.kind != .tokenInvalid {
            journal.warn("Facebook did not say what has become of objects that it no longer lists: \(error)")
        }
        review.judge(&readings, delivers: readings.accountDays.contains { $0.day > today + -2 && $0.hasAnything })
    }

    // MARK: Results

    /// What the account had as a whole on each day says which of its results have to be read.
    private func accountDays(_ account: AccountSummary) -> any GraphReading {
        let range = DayRange(since: today + (1 - historyDays), until: today)
        let position = SyncPlan.position(
            .accountDays,
            memory,
            standard: SyncPlan.pageSize,
            isForced: isForced
        )
        access.warn(ofRefused: position.refusedFields, .accountDays)
        var told: [Day: DayTotals] = [:]
        return GraphClient.accountDays(
            account,
            days: range,
            at: position,
            page: { [self] page in
                for day in page.values { told[day.day] = day }
                try access.remember(page.next, after: position, of: .accountDays, isComplete: page.isLast)
                try access.notePage()
                guard page.isLast else { return }
                // A day that is absent had nothing, unless the list may have been cut off.
                readings.accountDays = range.days.compactMap { told[$0] ?? (page.endsInDoubt ? nil : .nothing($0)) }
                if page.endsInDoubt { journal.warn("Facebook may not have sent all of the account's days") }
                try readResults(account)
            },
            restarted: { told = [:] }
        )
    }

    private func readResults(_ account: AccountSummary) throws {
        bound.stored = try store.storedObjects(of: run.account.id)
        let insights = InsightsPlan.make(
            memory,
            told: readings.accountDays,
            today: today,
            isForced: isForced
        )
        if let days = insights.totals {
            let sum = InsightsPlan.sum(of: readings.accountDays.filter { days.contains($0.day) }).results
            readings.totals = SyncReadings.Totals(
                days: days,
                basis: insights.totalsBasis,
                addsUp: { InsightsPlan.addsUp(sum, $0) }
            )
            for level in Level.allCases {
                if let reading = try totals(level, account, days, insights.totalsBasis) { access.add(reading) }
            }
        }
        if let days = insights.recentDays, let reading = try recentDays(account, days) { access.add(reading) }
    }

    private func totals(
        _ level: Level,
        _ account: AccountSummary,
        _ days: DayRange,
        _ basis: String
    ) throws -> (any GraphReading)? {
        let name = SyncList.totals(level)
        let list = insightsList(name, days, basis)
        list.isDone = { [self] _, position in readings.totals?.refusedFields[level] = position.refusedFields }
        guard !list.takeOver() else { return nil }
        return GraphClient.totals(
            account,
            level: level,
            days: days,
            at: list.position,
            report: try list.report(days),
            most: { [self] in bound.rows(level) },
            page: { [self] page in
                journal.tally.insights += page.values.count
                try list.take(page, .totals(level, page.values))
            },
            restarted: list.restart
        )
    }

    private func recentDays(_ account: AccountSummary, _ days: DayRange) throws -> (any GraphReading)? {
        let told = readings.accountDays.filter { days.contains($0.day) }
        let list = insightsList(.recentDays, days, told.map(\.basis).joined(separator: ";"))
        list.isDone = { [self] _, position in
            readings.recentDays = DaysReading(list: .recentDays, days, told, position)
        }
        guard !list.takeOver() else { return nil }
        return GraphClient.adDays(
            account,
            days: days,
            at: list.position,
            report: try list.report(days),
            most: { [self] in bound.rows(.ad, days: days.days.count) },
            page: { [self] page in
                journal.tally.insights += page.values.count
                try list.take(page, .days(.recentDays, page.values))
            },
            restarted: list.restart
        )
    }

    private func insightsList(_ name: SyncList, _ days: DayRange, _ basis: String) -> StagedList {
        // Pages of insights are cut by row numbers, which shift: only a list that is complete, and that tells of the same
        // numbers, is taken over.
        let staged = memory.staged[name].flatMap { staged in
            staged.isComplete && staged.request == "\(days)" && staged.basis == basis && !isForced ? staged : nil
        }
        let position = SyncPlan.position(
            name,
            memory,
            standard: SyncPlan.insightsPageSize,
            isForced: isForced
        )
        return StagedList(name, "\(days)", staged, position, access, basis: basis)
    }

    // MARK: Commit

    private func commit() throws {
        journal.progress.enter(.saving, percent: 92)
        try access.note()
        journal.begin("saving")
        journal.tally = try store.commit(
            readings,
            of: run,
            journal.tally,
            retention: settings.changesRetention
        )
        journal.end("saving")
        journal.tell(.committed(run, journal.tally))
    }
}

extension AccountFacts {
    init(_ summary: AccountSummary) {
        self.init(name: summary.name, currency: summary.currency, timeZone: summary.timeZone, status: summary.status)
    }
}

extension DaysReading {
    /// - Parameter told: what the account had on the days as a whole.
    init(list: SyncList, _ days: DayRange, _ told: [DayTotals], _ position: ListPosition) {
        self.init(
            list: list,
            days: days,
            bases: Dictionary(told.map { ($0.day, $0.basis) }) { $1 },
            refusedFields: position.refusedFields,
            addsUp: { InsightsPlan.addsUp($0.results, $1) }
        )
    }
}
