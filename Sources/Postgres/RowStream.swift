internal import CPostgres

/// The rows of one statement as they arrive from the server, from `Connection.stream`.
///
/// The server works no further ahead than the socket's buffers. A slow reader slows the statement down, and the
/// statement's timeout keeps running. A stream that is dropped before its end is cancelled.
package final class RowStream {
    private enum State {
        case underWay
        case ended
        /// No rows any more, and yet not the end.
        case cut
    }

    private let connection: Connection
    private let sql: String
    private let hasOwnTimeout: Bool
    private var state = State.underWay
    /// Rows that are here: one, or all of a statement whose result is held.
    private var result: QueryResult?
    /// The first of them that was not yet taken.
    private var index = 0

    init(connection: Connection, sql: String, whole result: consuming QueryResult) {
        self.connection = connection
        self.sql = sql
        hasOwnTimeout = false
        state = .ended
        self.result = consume result
    }

    init(connection: Connection, sql: String, hasOwnTimeout: Bool) {
        self.connection = connection
        self.sql = sql
        self.hasOwnTimeout = hasOwnTimeout
    }

    deinit {
        cancel()
    }

    /// The next row, decoded; `nil` only at the end.
    ///
    /// Errors of `decode` are rethrown, and the stream continues with the next row.
    /// - Throws: `PostgresError`: the server's error in the middle of the rows, a lost connection, or
    ///   `.streamCancelled` after a cancellation.
    package func next<Value>(_ decode: (borrowing Row) throws -> Value) throws -> Value? {
        if index >= result?.rowCount ?? 0 {
            result = try nextRow()
            index = 0
        }
        guard let pointer = result?.pointer, index < result?.rowCount ?? 0 else { return nil }
        index += 1
        return try decode(Row(result: pointer, index: Int32(index - 1)))
    }

    /// Ends the statement on the server by closing the connection, which reopens for the next statement. Does nothing
    /// after the end, or when called again.
    package func cancel() {
        guard state == .underWay else { return }
        connection.close()
        wasCut()
    }

    // MARK: For the connection

    func waitForFirst() throws {
        result = try nextRow()
    }

    func wasCut() {
        state = .cut
        result = nil
    }

    // MARK: Reading

    private func nextRow() throws -> QueryResult? {
        switch state {
        case .underWay: break
        case .ended: return nil
        case .cut: throw PostgresError(code: .streamCancelled, message: "the stream of rows was cancelled", sql: sql)
        }
        guard let pointer = try connection.nextResult(sql: sql) else { throw connection.lost(sql: sql) }
        let result = QueryResult(pointer: pointer)
        if result.status == PGRES_SINGLE_TUPLE { return result }
        // After the rows comes one result more, which holds none: success, or what went wrong.
        let failure = result.error(sql: sql)
        while let pointer = try connection.nextResult(sql: sql) { PQclear(pointer) }
        state = failure == nil ? .ended : .cut
        connection.streamEnded(hadOwnTimeout: hasOwnTimeout, failure)
        if let failure { throw failure }
        return nil
    }
}

@available(*, unavailable)
extension RowStream: Sendable {}
