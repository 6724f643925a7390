internal import HTTPMessages
internal import Model

/// Follows the pages of a list. A page ends it only when it names no next one: a short or empty page does not. Only the
/// cursor is taken from Facebook; the URL of the next page, which may hold a token, is our own.
package final class ListReading<Object: Decodable, Value>: GraphReading {
    private let list: GraphList
    private let read: (Object) throws -> Value
    private let page: (ListPage<Value>) throws -> Void
    private let restarted: () throws -> Void
    private let canBeReport: Bool
    private(set) var position: ListPosition
    private var isComplete = false
    private var cursors: Set<String> = []
    private var restarts = 0
    private var emptyPages = 0

    /// - Parameters:
    ///   - read: a row as a value; what it throws counts as an answer that cannot be read.
    ///   - page: takes each page.
    ///   - restarted: what was taken so far is void, the list begins anew.
    init(
        _ list: GraphList,
        at position: ListPosition,
        canBeReport: Bool = false,
        reading read: @escaping (Object) throws -> Value,
        page: @escaping (ListPage<Value>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) {
        self.list = list
        self.position = position
        self.canBeReport = canBeReport
        self.read = read
        self.page = page
        self.restarted = restarted
    }

    package var call: GraphCall? {
        guard !isComplete else { return nil }
        return GraphCall(
            path: list.path,
            parameters: list.query(position),
            kind: list.kind,
            options: Retry.Options(
                pageSize: position.pageSize,
                optionalFields: list.optionalFields(without: position.refusedFields),
                canRestart: canRestart,
                isResumed: position.cursor != nil && cursors.isEmpty,
                canBeReport: canBeReport
            )
        )
    }

    private var canRestart: Bool { position.cursor != nil && restarts < 2 }

    package func take(_ answer: GraphAnswer) throws {
        let told: Page<Object> = try answer.decode()
        let values = try told.data.map(read)
        var next = position
        if told.paging?.next != nil {
            guard let cursor = told.paging?.after else {
                throw GraphError.unreadable("a page of \(list.path) has a next one, and no cursor")
            }
            emptyPages = values.isEmpty ? emptyPages + 1 : 0
            guard cursors.insert(cursor).inserted, emptyPages < 100 else {
                guard canRestart else { throw GraphError.unreadable("the pages of \(list.path) go in a circle") }
                return try adapt(.restart)
            }
            next.cursor = cursor
        } else {
            isComplete = true
        }
        position = next
        try page(
            ListPage(
                values: values,
                total: told.summary?.totalCount,
                date: answer.response.headers["Date"].flatMap { Timestamp(httpDate: $0) },
                next: next,
                isLast: isComplete
            )
        )
    }

    package func adapt(_ adaptation: Adaptation) throws {
        switch adaptation {
        case .smallerPage:
            position.pageSize = max(1, position.pageSize / 2)
        case .withoutField(let name):
            position.refusedFields.insert(name)
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
        emptyPages = 0
    }
}

@available(*, unavailable)
extension ListReading: Sendable {}
