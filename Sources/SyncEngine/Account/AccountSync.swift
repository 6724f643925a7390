internal import GraphAPI
internal import Model
internal import Store

/// Reads an account's objects and results, all lists at the same time, and commits each part as soon as it is complete.
///
/// Parts do not wait for one another: one that Facebook does not return keeps no other from being stored.
final class AccountSync {
    let access: GraphAccess
    let settings: SyncSettings
    let isForced: Bool
    var store: Store { access.store }
    var run: ClaimedRun { access.run }
    var journal: RunJournal { access.journal }

    var memory = SyncMemory()
    var plan = SyncPlan(listings: [:], asksAccount: true)
    /// Complete staged parts that wait for their commit.
    var readings = ReadParts()
    var today = Day(daysSince1970: 0)
    var result = SyncResult()
    /// How many rows of results there can be.
    var bound = ListBound()
    private var zone: AccountZone { AccountZone(run.account, store) }
    private var hasFacts = false
    var historyDays = 0
    /// When it began, by our clock.
    let beganAt: Double
    /// The lists that are being read.
    private(set) var open: Set<SyncList> = []
    private var review: ListingReview?
    /// Readings of results that are divided by campaigns where they are too much.
    var needingCampaigns: [DividedReading<ReportPiece>] = []
    /// What the lists of objects leave open, asked in this order once all of them are there.
    private enum Question: CaseIterable {
        /// Which objects arrived damaged before?
        case damagedObjects
        /// What is the status of the children of resumed parents?
        case resumedChildren
        /// Are the lists complete?
        case completeness
    }
    private var questionsLeft: ArraySlice<Question> = []
    /// How many readings that answer a question are open.
    private var openQuestions = 0
    /// Whether Facebook has confirmed the account's currency and time zone, without which nothing is committed.
    private var isConfirmed = false
    /// Since when something waits for its commit.
    private var waitingSince: Double?

    /// Seconds that a complete part waits for the others: one commit for all is cheaper than one for each.
    private static let mostWaiting = 2.0

    /// - Parameter isForced: Whether to read everything, whatever is known.
    init(_ access: GraphAccess, _ settings: SyncSettings, isForced: Bool) {
        self.access = access
        self.settings = settings
        self.isForced = isForced
        beganAt = access.moment
    }

    /// - Returns: What was read, and what could not be read.
    /// - Throws: The error that ended the run early. Parts that were complete by then are committed.
    func perform() throws -> SyncResult {
        memory = try store.syncMemory(of: run.account.id)
        var account = knownAccount()
        if account == nil {
            try access.read([
                GraphClient.adAccount(run.account.facebookID) { [self] summary, defects in
                    account = try take(summary, defects)
                }
            ])
        }
        guard let account else { return result }
        do {
            if let corrected = try read(account) {
                memory = try store.syncMemory(of: run.account.id)
                readings = ReadParts()
                result = SyncResult()
                _ = try read(corrected)
            }
        } catch let error where error is GraphError || error is NoProgress {
            if isConfirmed { try commitReady() }
            throw error
        }
        journal.progress.enter(.saving, percent: 92)
        try access.note()
        try commitReady()
        return result
    }

    /// The known data of the account, if it is enough to read its objects while the account itself is requested.
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
    /// - Returns: the account as Facebook has it, when it is not what we took it for.
    private func read(_ account: AccountSummary) throws -> AccountSummary? {
        let counted = try zone.name(for: account.timeZone)
        plan = SyncPlan.make(
            memory,
            isForced: isForced,
            listingInterval: settings.listingInterval,
            lacksZone: counted == nil
        )
        result.isTakenOver = plan.isTakenOver
        if counted == nil {
            journal.warn("PostgreSQL does not know the time zone \(account.timeZone), so the account uses UTC days")
        }
        today = try zone.today(in: counted)
        historyDays = try settings.historyDays(of: run.account.id, store)
        isConfirmed = hasFacts || !plan.asksAccount
        (open, openQuestions, questionsLeft) = ([], 0, Question.allCases[...])
        // They hold on to this sync.
        defer { needingCampaigns = [] }
        review = ListingReview(access: access, account: account, memory: memory)
        var all: [any GraphReading] = []
        var returned: AccountSummary?
        for level in Level.allCases {
            if let reading = try objects(level, account) { all.append(reading) }
        }
        all.append(try accountDays(account))
        if plan.asksAccount, !hasFacts {
            all.append(
                try DividedReading(
                    whole: GraphClient.adAccount(account.facebookID, known: account) { [self] summary, defects in
                        let summary = try take(summary, defects)
                        returned = summary
                        isConfirmed =
                            try summary.currency == account.currency && zone.name(for: summary.timeZone) == counted
                    },
                    failed: { [self] error in
                        isConfirmed = true
                        journal.warn("The account's name, currency and time zone could not be read: \(error)")
                    }
                )
            )
        }
        try access.note()
        try access.read(
            all,
            tick: { [self] in
                if !open.contains(.campaigns) { for reading in needingCampaigns { try reading.resume() } }
                try completeListings(account)
                try commitWaiting()
            }
        )
        // The data so far has budgets in another currency, or days in another zone.
        guard let returned, !isConfirmed else { return nil }
        isConfirmed = true
        return returned
    }

    /// Stores what Facebook returned about the account itself.
    /// - Returns: the account as it is from now on. A zone that PostgreSQL does not know does not replace a known one.
    private func take(_ returned: AccountSummary, _ defects: [Defect]) throws -> AccountSummary {
        journal.note(defects)
        var summary = returned
        if try zone.stays(against: returned.timeZone) {
            summary.timeZone = run.account.facebookTimeZone
            summary.gaps.damaged.append("timezone_name")
            journal.warn(
                "PostgreSQL does not know the time zone \(returned.timeZone), which Facebook sent; days are still counted in "
                    + run.account.timeZone
            )
        }
        try note(summary)
        return summary
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

    // MARK: Parts

    func begin(_ list: SyncList) {
        open.insert(list)
    }

    /// A part has been read, or could not be read.
    func end(_ list: SyncList, _ error: GraphError? = nil) {
        open.remove(list)
        if let error { result.failed[list] = error } else { result.read.insert(list) }
        waitingSince = waitingSince ?? access.moment
    }

    /// Asks what the lists of objects leave open, once all of them are there.
    private func completeListings(_ account: AccountSummary) throws {
        let again = ObjectsAgain(access: access, account: account, memory: memory)
        while !isListing, openQuestions == 0, let question = questionsLeft.popFirst() {
            switch question {
            case .damagedObjects:
                try ask(readings.objects.flatMap { again.readings(of: $0, by: $0, ids: $1.readAgain) })
            case .resumedChildren:
                try ask(
                    ResumedChildren(again: again).readings { [self] level in
                        readings.objects[level]?.isListingWanted = true
                    }
                )
            case .completeness:
                try ask(
                    readings.objects.flatMap {
                        try review?.questions($0, isListing: $1.isListing, mayBeCut: $1.mayBeCut) ?? []
                    }
                )
            }
        }
    }

    private func ask(_ questions: [any GraphReading]) throws {
        openQuestions = questions.count
        for question in questions {
            access.add(
                try DividedReading(
                    whole: question,
                    read: { [self] in openQuestions -= 1 },
                    failed: { [self] error in
                        openQuestions -= 1
                        journal.warn("Facebook did not return the state of some objects: \(error)")
                    }
                )
            )
        }
    }

    /// Whether the account had results today or yesterday.
    private var delivers: Bool {
        readings.accountDays?.days.contains { $0.day > today + -2 && $0.isKnownToDeliver } ?? false
    }

    private var isListing: Bool { ReadParts.objectLists.contains(where: open.contains) }

    /// Commits parts that have waited long for the others.
    private func commitWaiting() throws {
        guard isConfirmed, !open.isEmpty, let waitingSince, access.moment - waitingSince >= Self.mostWaiting else {
            return
        }
        try commitReady()
        if !readings.objects.isEmpty { self.waitingSince = access.moment }
    }

    /// Commits complete parts. Children are stored with their parents, so the objects wait for the last of their lists.
    private func commitReady() throws {
        let isHeld = isListing || openQuestions > 0 || !questionsLeft.isEmpty
        let held = isHeld ? readings.objects : [:]
        if isHeld { readings.objects = [:] }
        if !readings.objects.isEmpty { review?.judge(&readings, delivers: delivers) }
        try commit()
        readings.objects = held
    }

    private func commit() throws {
        waitingSince = nil
        readings.failures = result.failures(notIn: result.recorded)
        guard !readings.isEmpty else { return }
        result.note(readings)
        journal.begin("saving")
        journal.summary = try store.commit(
            readings,
            of: run,
            journal.summary,
            isSynced: result.isSynced,
            retention: settings.changesRetention
        )
        journal.end("saving")
        readings = ReadParts()
        journal.report(.committed(run, journal.summary))
    }
}

extension AccountFacts {
    init(_ summary: AccountSummary) {
        self.init(
            name: summary.name,
            currency: summary.currency,
            timeZone: summary.timeZone,
            status: summary.status,
            money: summary.money,
            isDamaged: !summary.gaps.damaged.isEmpty
        )
    }
}
