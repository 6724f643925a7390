internal import Postgres

/// A row of an answer, lent to a closure.
package struct AnswerRow: ~Copyable {
    private let row: UnsafePointer<Row>

    /// Calls `body` with a row of the question's statement.
    static func lend(_ row: borrowing Row, to body: (borrowing AnswerRow) -> Void) {
        withUnsafePointer(to: row) { body(AnswerRow(row: $0)) }
    }

    /// PostgreSQL's text of a value; `nil` for NULL. The bytes live as long as the row.
    /// - Parameter column: counts from 0 the question's columns, without those of the days in `AnswerHead`.
    package func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8>? {
        row.pointee.bytes(AnswerLayout.firstValue + column)
    }
}
