package import Model
internal import Postgres

/// The rows of an answer, read one after the other.
package final class AnswerRows {
    package let head: AnswerHead
    /// Where the next page begins; known when the rows have ended, `nil` when they are the last.
    package private(set) var nextPage: Position?
    /// There are more rows than requested; known after the last row.
    package private(set) var hasMore = false

    private let rows: RowStream
    private let layout: AnswerLayout
    /// Rows left to return; `nil` for all.
    private var left: Int?
    private let isPaged: Bool
    private var last: Position?

    /// - Returns: `nil` when the account is gone.
    fileprivate init?(_ rows: RowStream, _ question: some Question, atMost limit: Int?) throws {
        let layout = question.layout
        // A first row without a head is what a removed account has left.
        guard let head = try rows.next({ try layout.head(of: $0) }) ?? nil else { return nil }
        self.head = head
        self.rows = rows
        self.layout = layout
        left = limit
        isPaged = question.limit != nil
    }

    /// Reads the next row.
    /// - Parameter body: called with the row.
    /// - Returns: whether there was one.
    package func next(_ body: (borrowing AnswerRow) -> Void) throws -> Bool {
        guard left != 0 else {
            hasMore = try rows.next { _ in true } ?? false
            if hasMore, isPaged { nextPage = last }
            cancel()
            return false
        }
        let row: Bool? = try rows.next { row in
            AnswerRow.lend(row, to: body)
            if isPaged, left == 1 { last = try layout.position(of: row) }
            return true
        }
        left = left.map { $0 - 1 }
        return row ?? false
    }

    /// The reader does not need the rest.
    package func cancel() {
        rows.cancel()
    }
}

extension Store {
    /// Milliseconds that a statement may take whose rows are handed on while they are read: as fast as a reader takes them.
    private static let longReading = 60_000

    /// Reads the answer to a question.
    /// - Parameter limit: If the question has no limit: the most rows to read into memory; one more row is checked for.
    ///   `nil` reads all rows, one at a time.
    /// - Returns: `nil` if the account is gone.
    package func answer(
        to question: some Question,
        of account: AdAccount.ID,
        atMost limit: Int?
    ) throws -> AnswerRows? {
        let limit = question.limit ?? limit
        var question = question
        question.conversionEvent = conversionEvents[account]
        // The event is known only after the account was read. It hardly ever changes.
        for _ in 0..<Self.mostChoices {
            let query = question.statement(of: account, rows: limit.map { $0 + 1 }).query
            let rows =
                try limit == nil
                ? connection.stream(query, statementTimeout: Self.longReading) : connection.streamWhole(query)
            guard let answer = try AnswerRows(rows, question, atMost: limit) else { return nil }
            guard answer.head.conversionEvent != question.conversionEvent else { return answer }
            answer.cancel()
            question.conversionEvent = answer.head.conversionEvent
            conversionEvents[account] = answer.head.conversionEvent
        }
        throw PostgresError(code: .badValue, message: "the account's conversion event changes all the time")
    }

    /// How often an account's event may change while an answer is read.
    private static let mostChoices = 5
}
