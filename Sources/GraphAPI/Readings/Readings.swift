internal import HTTPMessages
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
            fields: AccountObject.ownFields,
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
    ///   - isPart: whether it was divided from a larger question that failed.
    ///   - most: the rows that there can be at most; `nil` when nothing is known.
    package static func totals(
        _ account: AccountSummary,
        level: Level,
        days: DayRange,
        campaigns: [String]? = nil,
        isPart: Bool = false,
        at position: ListPosition,
        report: ReportUse,
        most: @escaping () -> Int? = { nil },
        page: @escaping (ListPage<ObjectTotals>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) -> any GraphReading {
        let form = InsightForm.totals(level)
        return insights(
            form,
            form.list(account, days, campaigns),
            at: position,
            isPart: isPart,
            report: report,
            most: most,
            page: page,
            restarted: restarted
        )
    }

    /// The counts of people for each object of a level that had any delivery in a range of days.
    package static func people(
        _ account: AccountSummary,
        level: Level,
        days: DayRange,
        at position: ListPosition,
        page: @escaping (ListPage<ObjectTotals>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) -> any GraphReading {
        let form = InsightForm.people(level)
        return insights(
            form,
            form.list(account, days),
            at: position,
            isPart: false,
            report: ReportUse(),
            most: { nil },
            page: page,
            restarted: restarted
        )
    }

    /// The account's figures for each day of a range: a row for each day with delivery, deleted ads included. The rows
    /// of the ads must add up to it.
    /// - Parameters:
    ///   - daily: If false, one row has the figures of the whole range, under its first day.
    ///   - isPart: Whether these are some of the days of a question that failed. So few rows need no report.
    package static func accountDays(
        _ account: AccountSummary,
        days: DayRange,
        daily: Bool = true,
        at position: ListPosition,
        isPart: Bool = false,
        page: @escaping (ListPage<DayTotals>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) -> any GraphReading {
        let form = InsightForm.accountDays(daily: daily)
        return insights(
            form,
            form.list(account, days),
            at: position,
            isPart: isPart,
            report: isPart ? nil : ReportUse(),
            most: { days.days.count },
            page: page,
            restarted: restarted
        )
    }

    /// The results of each ad on each day of a range, without days that have none.
    /// - Parameters:
    ///   - campaigns: Only the ads of these; `nil` for all.
    ///   - isPart: Whether it was divided from a larger question that failed.
    ///   - most: The most rows that are possible; `nil` if unknown.
    package static func adDays(
        _ account: AccountSummary,
        days: DayRange,
        campaigns: [String]? = nil,
        isPart: Bool = false,
        at position: ListPosition,
        report: ReportUse,
        most: @escaping () -> Int? = { nil },
        page: @escaping (ListPage<AdDay>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) -> any GraphReading {
        let form = InsightForm.adDays
        return insights(
            form,
            form.list(account, days, campaigns),
            at: position,
            isPart: isPart,
            report: report,
            most: most,
            page: page,
            restarted: restarted
        )
    }

    /// - Parameter report: `nil` for what needs none.
    private static func insights<Value>(
        _ form: InsightForm<Value>,
        _ list: GraphList,
        at position: ListPosition,
        isPart: Bool,
        report: ReportUse?,
        most: @escaping () -> Int?,
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
                key: form.key,
                most: most,
                reading: form.read,
                page: page,
                restarted: restarted
            )
        }
        if let report, report.isWanted || report.earlier != nil {
            return makeReport(report, without: position.refusedFields)
        }
        let pages = ListReading(
            list,
            at: position,
            canBeReport: report != nil,
            isPart: isPart,
            key: form.key,
            most: most,
            reading: form.read,
            page: page,
            restarted: restarted
        )
        guard let report else { return pages }
        return InsightsReading(pages, report: { makeReport(report, without: $0) }, restarted: restarted)
    }
}

/// How a level's objects are requested and read.
struct ObjectForm {
    let fields: [String]
    /// Without any of the first `needed` a row is of no use: its own id, and those of its parents.
    let needed: Int
    let read: (inout WireRow, _ currency: String) throws(UnusableRow) -> MirroredObject

    static func of(_ level: Level) -> ObjectForm {
        switch level {
        case .campaign: campaigns
        case .adSet: adSets
        case .ad: ads
        }
    }
}

extension GraphList {
    /// The account's objects of a level, of every status.
    /// - Parameters:
    ///   - since: Only those updated after this time; `nil` for all.
    ///   - parents: Only the children of these objects; `nil` for all.
    static func objects(
        _ level: Level,
        of account: AccountSummary,
        fields: [String],
        needed: Int,
        since: Timestamp?,
        parents: ParentFilter? = nil
    ) -> GraphList {
        var conditions = [anyStatus(level)]
        if let parents {
            let ids = parents.ids.map { "\"\($0)\"" }.joined(separator: ",")
            conditions.append(#"{"field":"\#(parents.level.rawValue).id","operator":"IN","value":[\#(ids)]}"#)
        }
        if let since {
            conditions.append(
                #"{"field":"\#(level.rawValue).updated_time","operator":"GREATER_THAN","value":\#(since.seconds)}"#
            )
        }
        return GraphList(
            path: "act_\(account.facebookID)/\(level.rawValue)s",
            noun: level.noun,
            kind: .objects,
            fields: fields,
            needed: needed,
            parameters: [.init(name: "filtering", value: "[\(conditions.joined(separator: ","))]")],
            asksForTotal: true
        )
    }
}
