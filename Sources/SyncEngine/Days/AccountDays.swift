internal import GraphAPI
internal import Model
internal import Store

extension AccountSync {
    /// Reads what the account had as a whole on each day. It decides which other results have to be read.
    func accountDays(_ account: AccountSummary) throws -> any GraphReading {
        let range = DayRange(since: today + (1 - historyDays), until: today)
        var position = SyncPlan.position(.accountDays, memory, standard: SyncPlan.pageSize, isForced: isForced)
        access.warn(ofRefused: position.refusedFields, .accountDays)
        var returned: [Day: DayTotals] = [:]
        var isCut = false
        /// Days that may have a row that cannot be read.
        var unreadable: Set<Day> = []
        begin(.accountDays)
        return try DividedReading(
            [ReportPiece(days: range)],
            make: { [self] piece in
                var asked = position
                // Never request more rows than there are days, so that halving the page makes a difference.
                asked.pageSize = min(position.pageSize, max(piece.days.days.count, 1))
                return GraphClient.accountDays(
                    account,
                    days: piece.days,
                    at: asked,
                    isPart: piece.isPart,
                    page: { [self] page in
                        for day in page.values { returned[day.day] = day }
                        journal.note(page.defects)
                        if page.leftOut > 0 { unreadable.formUnion(piece.days.days) }
                        isCut = isCut || page.endsInDoubt
                        try access.remember(page.next, after: asked, of: .accountDays, isComplete: page.isLast)
                        // What a small piece needs says nothing of the next one.
                        if !piece.isPart { position.pageSize = page.next.pageSize }
                        position.refusedFields = page.next.refusedFields
                        try access.notePage()
                    },
                    restarted: {
                        returned = returned.filter { !piece.days.contains($0.key) }
                        unreadable.subtract(piece.days.days)
                    }
                )
            },
            divide: { [self] in isPatient ? $0.parts(byDay: true, campaigns: []) : [] },
            isPatient: { [self] in isPatient },
            ended: { [self] missing, isEmpty in
                let error = missing.first?.error
                let days = try store.accountDays(of: run.account.id).days
                let stored = Dictionary(days.map { ($0.day, $0) }) { $1 }
                if isEmpty, let error {
                    if error.maySucceedWithLess {
                        // Other questions may be answered. They are compared with what is known from before.
                        let known = range.days.compactMap { stored[$0] }.filter { $0.results != .unknown }
                        try readResults(
                            account,
                            known.isEmpty ? range.days.map(DayTotals.unknown) : known,
                            lacksDays: true
                        )
                    }
                    return end(.accountDays, error)
                }
                if isCut { unreadable = Set(range.days) }
                let absent = AbsentDays(
                    range: range,
                    returned: returned,
                    stored: stored,
                    unread: unreadable.union(missing.flatMap(\.piece.days.days)),
                    doubts: memory.lists[.accountDays]?.attempts ?? 0
                )
                let finish = { [self] (evidence: AbsentDays.Evidence) in
                    let hasAds = try open.contains(.ads) || store.hasAds(run.account.id)
                    readings.accountDays = absent.reading(evidence, hasAds: hasAds)
                    if let doubt = readings.accountDays?.doubt { journal.warn(doubt) }
                    try readResults(account, readings.accountDays?.days ?? [])
                    end(.accountDays, error)
                }
                guard let asked = absent.asked else { return try finish(.open) }
                access.add(try accountTotals(account, asked, absent, position.refusedFields, finish))
            }
        )
    }

    /// Asks what the account had on a range as a whole, to compare it with its days.
    private func accountTotals(
        _ account: AccountSummary,
        _ days: DayRange,
        _ absent: AbsentDays,
        _ refusedFields: Set<String>,
        _ finish: @escaping (AbsentDays.Evidence) throws -> Void
    ) throws -> any GraphReading {
        var total = Results.nothing
        return try DividedReading(
            whole: GraphClient.accountDays(
                account,
                days: days,
                daily: false,
                at: ListPosition(pageSize: SyncPlan.pageSize, refusedFields: refusedFields),
                page: { page in for row in page.values { total.add(row.results) } },
                restarted: { total = .nothing }
            ),
            read: { [self] in
                let evidence = absent.evidence(accountHad: total)
                guard evidence == .open else { return try finish(evidence) }
                access.add(try campaignTotals(account, days, absent, finish))
            },
            failed: { _ in try finish(.open) }
        )
    }

    /// Asks what the campaigns had on a range, where the account as a whole seems to have had nothing.
    private func campaignTotals(
        _ account: AccountSummary,
        _ days: DayRange,
        _ absent: AbsentDays,
        _ finish: @escaping (AbsentDays.Evidence) throws -> Void
    ) throws -> any GraphReading {
        var sum = (results: Results.nothing, rows: 0)
        let list = SyncList.totals(.campaign)
        let position = SyncPlan.position(list, memory, standard: SyncPlan.insightsPageSize, isForced: isForced)
        return try DividedReading(
            whole: GraphClient.totals(
                account,
                level: .campaign,
                days: days,
                at: position,
                report: ReportUse(),
                page: { page in
                    for row in page.values { sum.results.add(row.results) }
                    sum.rows += page.values.count
                },
                restarted: { sum = (.nothing, 0) }
            ),
            read: { try finish(absent.evidence(campaignsHad: sum.results, rows: sum.rows)) },
            failed: { _ in try finish(.open) }
        )
    }
}
