internal import GraphAPI
internal import Model
internal import Store

extension AccountSync {
    /// Reads what the account's days say is new.
    /// - Parameter lacksDays: Whether the newest days could not be read, so that totals may add up to more than the others.
    func readResults(_ account: AccountSummary, _ days: [DayTotals], lacksDays: Bool = false) throws {
        let insights = try InsightsPlan.make(
            memory,
            totals: days,
            today: today,
            isForced: isForced,
            isUrgent: run.trigger == .manual || run.trigger == .cli,
            mostRestated: { [self] in
                InsightsPlan.sliceDays(adsPerDay: try store.adsPerDay(of: run.account.id))
            }
        )
        guard !insights.levels.isEmpty || !insights.days.isEmpty else { return }
        bound.stored = try store.storedObjects(of: run.account.id)
        let sum = InsightsPlan.sum(of: days.filter { insights.range.contains($0.day) }).results
        let totals = ReadTotals(
            days: insights.range,
            basis: insights.basis,
            balance: {
                let balance = InsightsPlan.balance(sum, $0)
                return lacksDays && balance == .over ? .even : balance
            }
        )
        for level in Level.allCases where insights.levels.contains(level) {
            if let reading = try readTotals(level, account, totals) { access.add(reading) }
        }
        if !insights.days.isEmpty, let reading = try adDays(account, insights.days, days) { access.add(reading) }
    }

    /// Reads the totals of a level: of all campaigns at once, or of some after the other where that is too much.
    private func readTotals(
        _ level: Level,
        _ account: AccountSummary,
        _ totals: ReadTotals
    ) throws -> (any GraphReading)? {
        let name = SyncList.totals(level)
        let list = insightsList(name, "\(totals.days)", totals.basis)
        var missingCampaigns: Set<String> = []
        list.isDone = { [self] state, _ in
            var reading = totals
            reading.hasAllRows = state.leftOut == 0
            reading.isDamaged = state.isDamaged
            reading.missingCampaigns = missingCampaigns
            readings.totals[level] = reading
        }
        begin(name)
        guard !list.takeOver() else {
            end(name)
            return nil
        }
        return try divided(
            [ReportPiece(days: totals.days)],
            make: { [self] piece in
                GraphClient.totals(
                    account,
                    level: level,
                    days: piece.days,
                    campaigns: piece.campaigns,
                    isPart: piece.isPart,
                    at: list.position,
                    report: try list.report(piece),
                    most: { [self] in bound.rows(level) },
                    page: { try list.takeResults($0, .totals(level, $0.values)) },
                    restarted: list.restart
                )
            },
            divide: { [self] in try divide($0, of: list, byDay: false) },
            ended: { [self] missing, isEmpty in
                missingCampaigns = Set(missing.flatMap { $0.piece.campaigns ?? [] })
                if !isEmpty { list.endPieces() }
                end(name, missing.first?.error)
            }
        )
    }

    /// Reads days of ads: all ads at once, or in smaller pieces where that is too much.
    private func adDays(
        _ account: AccountSummary,
        _ ranges: [DayRange],
        _ totals: [DayTotals]
    ) throws -> (any GraphReading)? {
        let asked = totals.filter { day in ranges.contains { $0.contains(day.day) } }
        let list = insightsList(.recentDays, "\(ranges)", asked.map(\.basis).joined(separator: ";"))
        begin(.recentDays)
        guard !list.takeOver() else {
            readings.days = ReadDays(list, asked)
            end(.recentDays)
            return nil
        }
        if ranges.count > 1 { list.isInPieces = true }
        return try divided(
            ranges.map { ReportPiece(days: $0) },
            make: { [self] piece in
                list.adDays(account, piece, try list.report(piece, isWanted: piece.isLong)) { [self] in bound }
            },
            divide: { [self] in try divide($0, of: list, byDay: true) },
            ended: { [self] missing, _ in
                list.endPieces()
                var reading = ReadDays(list, asked)
                reading.missing = missing.map(ReadDays.Missing.init)
                readings.days = reading
                for part in reading.missing { journal.warn(part.error) }
                let recent = missing.first { $0.piece.days.until > today + -InsightsPlan.recentDays }
                end(.recentDays, recent?.error)
            }
        )
    }

    /// A reading in pieces, which goes on once the campaigns are listed if it has to wait for them.
    private func divided(
        _ pieces: [ReportPiece],
        make: @escaping (ReportPiece) throws -> any GraphReading,
        divide: @escaping (ReportPiece) throws -> [ReportPiece]?,
        ended: @escaping (_ missing: [DividedReading<ReportPiece>.Missing], _ isEmpty: Bool) throws -> Void
    ) throws -> any GraphReading {
        let reading = try DividedReading(
            pieces,
            make: make,
            divide: divide,
            isPatient: { [self] in isPatient },
            ended: ended
        )
        needingCampaigns.append(reading)
        return reading
    }

    /// Reports that get stuck take minutes each: what took too long as a whole is left for another run.
    var isPatient: Bool { access.moment - beganAt < settings.patience }

    /// - Returns: `nil` while the campaigns are being listed: those that have not come yet would be missing without a word.
    private func divide(_ piece: ReportPiece, of list: StagedList, byDay: Bool) throws -> [ReportPiece]? {
        guard isPatient else { return [] }
        var parts = piece.parts(byDay: byDay, campaigns: [])
        if parts.isEmpty {
            if piece.campaigns == nil, open.contains(.campaigns) { return nil }
            parts = piece.parts(byDay: byDay, campaigns: try store.campaignIDs(of: run.account.id))
        }
        if !parts.isEmpty { try list.divide() }
        return parts
    }

    private func insightsList(_ name: SyncList, _ request: String, _ basis: String) -> StagedList {
        // Pages of insights are cut by row numbers, which shift: only a list that is complete and without damage, and that
        // has the same numbers, is taken over.
        let staged = memory.staged[name].flatMap { staged in
            staged.isComplete && staged.request == request && staged.basis == basis && !isForced && !staged.isDamaged
                ? staged : nil
        }
        let position = SyncPlan.position(name, memory, standard: SyncPlan.insightsPageSize, isForced: isForced)
        return StagedList(name, request, staged, position, access, basis: basis)
    }
}

extension StagedList {
    /// Reads the ads on the days of a piece.
    /// - Parameter bound: How many rows there can be; it may become known meanwhile.
    func adDays(
        _ account: AccountSummary,
        _ piece: ReportPiece,
        _ report: ReportUse,
        _ bound: @escaping () -> ListBound
    ) -> any GraphReading {
        GraphClient.adDays(
            account,
            days: piece.days,
            campaigns: piece.campaigns,
            isPart: piece.isPart,
            at: position,
            report: report,
            most: { bound().rows(.ad, days: piece.days.days.count) },
            page: { [self] in try takeResults($0, .days(name, $0.values)) },
            restarted: restart
        )
    }
}

extension ReportPiece {
    /// Whether there are so many days that Facebook makes a report at once.
    var isLong: Bool { days.days.count > InsightsPlan.recentDays }
}

extension ReadDays {
    /// - Parameter totals: The account's figures for the days.
    init(_ list: StagedList, _ totals: [DayTotals]) {
        let days = totals.map(\.day)
        self.init(
            list: list.name,
            days: days,
            bases: Dictionary(totals.map { ($0.day, $0.basis) }) { $1 },
            damagedDays: list.damagedDays(of: days),
            leftOutDays: list.leftOutDays(of: days),
            balance: { InsightsPlan.balance($0.results, $1) }
        )
    }
}

extension ReadDays.Missing {
    init(_ missing: DividedReading<ReportPiece>.Missing) {
        let days = missing.piece.days
        let span = days.since == days.until ? "\(days.since)" : "\(days.since) to \(days.until)"
        let campaigns = missing.piece.campaigns.map {
            " of \($0.count == 1 ? "campaign \($0[0])" : "\($0.count) campaigns")"
        }
        self.init(
            days: days,
            campaigns: missing.piece.campaigns,
            error: "The results of the ads\(campaigns ?? "") on \(span) could not be read: \(missing.error)"
        )
    }
}
