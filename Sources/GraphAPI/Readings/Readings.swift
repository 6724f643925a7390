package import Model

// Readings of the Graph API for `GraphClient.read`. All use account-level edges: a call for each page of objects, never
// one for each campaign or ad set.

extension GraphClient {
    /// The accounts that the token can see.
    package func adAccounts(_ page: @escaping (ListPage<AccountSummary>) throws -> Void) throws {
        let list = GraphList(
            path: "me/adaccounts",
            noun: "ad account",
            kind: .objects,
            fields: AccountObject.fields,
            needed: AccountObject.needed,
            parameters: [],
            asksForTotal: true
        )
        let reading = ListReading(
            list,
            at: ListPosition(pageSize: 100),
            key: \.facebookID.hashValue,
            reading: { row throws(UnusableRow) in try AccountObject.read(&row) },
            page: { [report] accounts in
                try page(accounts)
                guard accounts.shortfall > 0 else { return }
                report(.warned("Facebook counts \(accounts.shortfall) more ad accounts than it lists"))
            },
            restarted: {}
        )
        try read([reading], of: "")
    }

    package func adAccount(_ facebookID: String) throws -> AccountSummary {
        var summary: AccountSummary?
        try read([Self.adAccount(facebookID) { account, _ in summary = account }], of: facebookID)
        guard let summary else { throw GraphError.unreadable("Facebook returned nothing about the ad account") }
        return summary
    }
}

extension GraphClient {
    /// - Parameters:
    ///   - known: the account as it was before: fields that cannot be read stay so.
    ///   - done: takes the account, and what could not be taken as it came.
    package static func adAccount(
        _ facebookID: String,
        known: AccountSummary? = nil,
        _ done: @escaping (AccountSummary, [Defect]) throws -> Void
    ) -> any GraphReading {
        ObjectReading(
            "act_\(facebookID)",
            noun: "ad account \(facebookID)",
            fields: AccountObject.fields,
            needed: AccountObject.needed,
            reading: { row throws(UnusableRow) in try AccountObject.read(&row, askedID: facebookID, known: known) },
            done: done
        )
    }

    /// The account's objects of a level.
    /// - Parameters:
    ///   - since: Only objects updated after this time; `nil` for all.
    ///   - parents: Only these objects, or their children; `nil` for all.
    ///   - position: Where to start, and how to request.
    ///   - page: Receives each page.
    ///   - restarted: Called when the list restarts and all pages so far are void.
    package static func objects(
        _ account: AccountSummary,
        level: Level,
        since: Timestamp? = nil,
        of parents: ParentFilter? = nil,
        at position: ListPosition,
        page: @escaping (ListPage<MirroredObject>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) -> any GraphReading {
        let form = ObjectForm.of(level)
        return ListReading(
            .objects(level, of: account, fields: form.fields, needed: form.needed, since: since, parents: parents),
            at: position,
            key: \.id.hashValue,
            reading: { row throws(UnusableRow) in try form.read(&row, account.currency) },
            page: page,
            restarted: restarted
        )
    }

    /// Totals over a range of days for each object of a level that had any delivery in it.
    /// - Parameters:
    ///   - campaigns: only the objects of these; `nil` for all.
    ///   - most: the rows that there can be at most; `nil` when nothing is known.
    package static func totals(
        _ account: AccountSummary,
        level: Level,
        days: DayRange,
        campaigns: [String]? = nil,
        at position: ListPosition,
        report: ReportUse,
        most: @escaping () -> Int? = { nil },
        page: @escaping (ListPage<ObjectTotals>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) -> any GraphReading {
        insights(
            .insights(
                level,
                of: account,
                fields: InsightObject.totals(level).names,
                needed: InsightObject.totals(level).needed,
                days: days,
                daily: false,
                campaigns: campaigns
            ),
            at: position,
            report: report,
            key: \.objectID.hashValue,
            most: most,
            reading: { row throws(UnusableRow) in try InsightObject.totals(&row, level) },
            page: page,
            restarted: restarted
        )
    }

    /// The account's figures for each day of a range: a row for each day with delivery, deleted ads included. The rows
    /// of the ads must add up to it.
    /// - Parameter daily: If false, one row has the figures of the whole range, under its first day.
    package static func accountDays(
        _ account: AccountSummary,
        days: DayRange,
        daily: Bool = true,
        at position: ListPosition,
        page: @escaping (ListPage<DayTotals>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) -> any GraphReading {
        insights(
            .insights(
                nil,
                of: account,
                fields: InsightObject.accountDays.names,
                needed: InsightObject.accountDays.needed,
                days: days,
                daily: daily
            ),
            at: position,
            report: ReportUse(),
            key: \.day.hashValue,
            most: { days.days.count },
            reading: { row throws(UnusableRow) in try InsightObject.dayTotals(&row) },
            page: page,
            restarted: restarted
        )
    }

    /// The results of each ad on each day of a range, without days that have none.
    /// - Parameters:
    ///   - campaigns: Only the ads of these; `nil` for all.
    ///   - most: The most rows that are possible; `nil` if unknown.
    package static func adDays(
        _ account: AccountSummary,
        days: DayRange,
        campaigns: [String]? = nil,
        at position: ListPosition,
        report: ReportUse,
        most: @escaping () -> Int? = { nil },
        page: @escaping (ListPage<AdDay>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) -> any GraphReading {
        insights(
            .insights(
                .ad,
                of: account,
                fields: InsightObject.adDays.names,
                needed: InsightObject.adDays.needed,
                days: days,
                daily: true,
                campaigns: campaigns
            ),
            at: position,
            report: report,
            key: { row in
                var hasher = Hasher()
                hasher.combine(row.day)
                hasher.combine(row.adID)
                return hasher.finalize()
            },
            most: most,
            reading: { row throws(UnusableRow) in try InsightObject.adDay(&row) },
            page: page,
            restarted: restarted
        )
    }

    private static func insights<Value>(
        _ list: GraphList,
        at position: ListPosition,
        report: ReportUse,
        key: @escaping (Value) -> Int,
        most: @escaping () -> Int?,
        reading read: @escaping (inout WireRow) throws(UnusableRow) -> Value,
        page: @escaping (ListPage<Value>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) -> any GraphReading {
        func makeReport(_ use: ReportUse, without refusedFields: Set<String>) -> ReportReading<Value> {
            ReportReading(
                list,
                at: ListPosition(
                    pageSize: position.pageSize,
                    refusedFields: refusedFields,
                    cursor: use.earlier == nil ? nil : position.cursor
                ),
                use: use,
                key: key,
                most: most,
                reading: read,
                page: page,
                restarted: restarted
            )
        }
        if report.isWanted || report.earlier != nil { return makeReport(report, without: position.refusedFields) }
        return InsightsReading(
            ListReading(
                list,
                at: position,
                canBeReport: true,
                key: key,
                most: most,
                reading: read,
                page: page,
                restarted: restarted
            ),
            report: { makeReport(report, without: $0) },
            restarted: restarted
        )
    }
}

/// How insights are read by way of a report that Facebook makes in the background.
package struct ReportUse {
    /// A report that was ordered before.
    package struct Earlier: Sendable, Equatable {
        package var id: String
        /// Its last known progress, and for how many seconds it has not changed.
        package var percent: Int
        package var idle: Double
        /// How many times a report of the same was ordered.
        package var orders: Int

        package init(id: String, percent: Int = 0, idle: Double = 0, orders: Int = 1) {
            self.id = id
            self.percent = percent
            self.idle = idle
            self.orders = orders
        }
    }

    /// From the start, as for large ranges; else only when Facebook does not answer at once.
    package var isWanted: Bool
    package var earlier: Earlier?
    /// Receives the id of each ordered report, so that a later run can continue with it, and `nil` when a report is no
    /// longer useful.
    package var ordered: (String?) throws -> Void
    /// Receives the fields that a report is ordered without, so that a later run knows what it lacks.
    package var refused: (Set<String>) throws -> Void
    /// Receives how many per cent of a report are made.
    package var advanced: (Int) throws -> Void
    /// Called while a report is not ready. An error that it throws ends the reading; a later run continues with the
    /// report.
    package var unready: () throws -> Void

    package init(
        isWanted: Bool = false,
        earlier: Earlier? = nil,
        ordered: @escaping (String?) throws -> Void = { _ in },
        refused: @escaping (Set<String>) throws -> Void = { _ in },
        advanced: @escaping (Int) throws -> Void = { _ in },
        unready: @escaping () throws -> Void = {}
    ) {
        self.isWanted = isWanted
        self.earlier = earlier
        self.ordered = ordered
        self.refused = refused
        self.advanced = advanced
        self.unready = unready
    }
}
