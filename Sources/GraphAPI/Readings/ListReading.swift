internal import HTTPMessages
internal import Model

/// Follows the pages of a list. A page ends it only when it names no next one: a short or empty page does not. Only the
/// cursor is taken from Facebook; the URL of the next page, which may hold a token, is our own.
///
/// A list that ends with fewer rows than Facebook counts is read again from its start: objects that move while a list is
/// read can fall between two pages. A list that does not end is an error.
package final class ListReading<Value>: GraphReading {
    private let list: GraphList
    private let read: (inout WireRow) throws(UnusableRow) -> Value
    private let page: (ListPage<Value>) throws -> Void
    private let restarted: () throws -> Void
    private let canBeReport: Bool
    private let isPart: Bool
    private let key: (Value) -> Int
    private let most: () -> Int?
    private(set) var position: ListPosition
    private var progress: ListProgress
    private var isComplete = false
    private var hasDoubtedEnd = false
    private var cursors: Set<String> = []
    private var restarts = 0
    private var unusableRows = UnusableRows()

    /// - Parameters:
    ///   - isPart: Whether the caller divides the list if it is too much.
    ///   - key: The hash that identifies a row.
    ///   - most: The most rows that the list can have, if Facebook does not count them.
    ///   - read: Converts a row. A row that cannot be used is skipped.
    ///   - page: Receives each page.
    ///   - restarted: Called when the list restarts and all pages so far are void.
    init(
        _ list: GraphList,
        at position: ListPosition,
        canBeReport: Bool = false,
        isPart: Bool = false,
        key: @escaping (Value) -> Int,
        most: @escaping () -> Int? = { nil },
        reading read: @escaping (inout WireRow) throws(UnusableRow) -> Value,
        page: @escaping (ListPage<Value>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) {
        self.list = list
        self.position = position
        self.canBeReport = canBeReport
        self.isPart = isPart
        self.key = key
        self.most = most
        progress = ListProgress(rowsBefore: position.rowsBefore, total: position.totalBefore)
        self.read = read
        self.page = page
        self.restarted = restarted
    }

    package var call: GraphCall? {
        guard !isComplete else { return nil }
        return GraphCall(
            path: list.path,
            parameters: list.query(position, isCounted: progress.total != nil),
            kind: list.kind,
            options: Retry.Options(
                pageSize: position.pageSize,
                neededFields: list.neededFields,
                optionalFields: list.optionalFields(without: position.refusedFields),
                canRestart: canRestart,
                isResumed: position.cursor != nil && cursors.isEmpty,
                canBeReport: canBeReport,
                isPart: isPart
            )
        )
    }

    private var canRestart: Bool { position.cursor != nil && restarts < 2 }

    package func take(_ answer: GraphAnswer) throws {
        let received = try answer.read { document throws(GraphError) in try Page(document, list.path) }
        let (values, unusableRows, defects) = rows(received)
        guard !hasDoubtfulEnd(received) else { return }
        // Rows that cannot be used are rows of the list all the same.
        let unusable = self.unusableRows.take(unusableRows)
        let repeatsRows = progress.take(
            values.map(key),
            unusable: unusable.keys,
            looksNew: unusable.looksNew,
            total: received.total
        )
        var next = position
        if received.hasNext {
            guard let cursor = received.after else {
                throw GraphError.unreadable("a page of \(list.path) has a next page but no cursor")
            }
            if let reason = cursors.insert(cursor).inserted
                ? progress.endlessness(most: most()) : "its pages repeat"
            {
                return try leaveEndless(reason)
            }
            next.cursor = cursor
        } else if progress.beginsAnotherPass() {
            next.cursor = nil
            cursors = []
            self.unusableRows.beginPass()
        } else {
            isComplete = true
        }
        position = next
        try page(
            ListPage(
                values: values,
                defects: defects,
                leftOut: unusable.new,
                total: received.total,
                date: answer.response.headers["Date"].flatMap { Timestamp(httpDate: $0) },
                next: next,
                isLast: isComplete,
                repeatsRows: repeatsRows,
                shortfall: isComplete ? progress.shortfall : 0,
                endsInDoubt: isComplete && isCut(received)
            )
        )
    }

    /// Whether to request a page once more, because the list may have been truncated there.
    private func hasDoubtfulEnd(_ received: Page) -> Bool {
        guard isCut(received), !hasDoubtedEnd else { return false }
        hasDoubtedEnd = true
        return true
    }

    /// Facebook sends cursors with all rows, including those of the last page. If it counts the rows, their number
    /// shows whether all have arrived.
    private func isCut(_ received: Page) -> Bool {
        !received.rows.isEmpty && !received.hasPaging && progress.total == nil && received.total == nil
    }

    /// Pages of an endless list are void.
    private func leaveEndless(_ reason: String) throws {
        if canRestart { return try adapt(.restart) }
        try restarted()
        throw GraphError(kind: .endless, status: 200, message: "the list \(list.path) does not end: \(reason)")
    }

    private func rows(_ page: Page) -> (values: [Value], unusable: [(WireValue, Defect)], defects: [Defect]) {
        var values: [Value] = []
        values.reserveCapacity(page.rows.count)
        var unusable: [(WireValue, Defect)] = []
        var defects: [Defect] = []
        for wire in page.rows {
            var row = WireRow(wire, list.noun, refusedFields: position.refusedFields)
            do {
                values.append(try read(&row))
                defects += row.defects
            } catch {
                unusable.append((wire, error.defect))
                defects.append(error.defect)
            }
        }
        return (values, unusable, defects)
    }

    package func adapt(_ adaptation: Adaptation) throws {
        switch adaptation {
        case .smallerPage:
            position.pageSize = max(1, position.pageSize / 2)
        case .withoutFields(let names):
            position.refusedFields.formUnion(names)
        case .restart:
            restarts += 1
            rewind()
            try restarted()
        case .report:
            break  // a list stays a list; see `InsightsReading`
        }
    }

    func rewind() {
        position.cursor = nil
        cursors = []
        unusableRows = UnusableRows()
        progress.restart()
    }
}

@available(*, unavailable)
extension ListReading: Sendable {}
