internal import CPostgres
internal import Glibc

/// One connection to PostgreSQL. It opens on first use, and again after it was lost.
///
/// Outside a transaction, a statement that meets a dead connection is sent once more over a new one. Every such
/// statement must therefore be repeatable.
package final class Connection {
    private let options: Options
    /// Called with each newly opened connection, before anything else runs on it.
    private let onOpen: (Connection) throws -> Void
    private(set) var handle: OpaquePointer?
    /// SQL to the name of its prepared statement, for the connection of the moment.
    private var statements: [String: String] = [:]
    /// Between BEGIN and the end of a transaction, also when the connection is lost in it: no statement of its body may
    /// then run on another connection, where it would commit by itself.
    private var isInTransaction = false
    /// Whether a lost connection is reopened. Not while it holds something that ends with it, such as an advisory lock:
    /// the holder must learn that the lock is gone.
    package var reopens = true
    /// While a connection is set up nothing is repeated; otherwise a server that drops each one would cause an endless
    /// loop.
    private var isOpening = false
    /// `Query.settings` of the last statement, which are still in force on the present connection.
    private var settings: [String: String] = [:]
    /// The stream whose rows are still on their way. The connection serves nothing else meanwhile.
    weak var stream: RowStream?

    package init(_ options: Options, onOpen: @escaping (Connection) throws -> Void = { _ in }) {
        self.options = options
        self.onOpen = onOpen
    }

    deinit {
        close()
    }

    /// Cancels the current statement, also on the server. The next statement reopens the connection.
    package func close() {
        stream?.wasCut()
        stream = nil
        PQfinish(handle)  // does nothing for NULL
        handle = nil
        statements = [:]
        settings = [:]
    }

    // MARK: Statements

    /// Calls `body` with each row of the result.
    package func forEachRow(_ query: Query, _ body: (borrowing Row) throws -> Void) throws {
        let result = try run(query)
        for index in 0..<result.rowCount {
            try body(Row(result: result.pointer, index: Int32(index)))
        }
    }

    /// Each row of the result, decoded.
    package func rows<Value>(_ query: Query, _ decode: (borrowing Row) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        try forEachRow(query) { values.append(try decode($0)) }
        return values
    }

    /// The first row of the result, decoded; `nil` if there is none.
    package func firstRow<Value>(_ query: Query, _ decode: (borrowing Row) throws -> Value) throws -> Value? {
        try rows(query, decode).first
    }

    /// Runs a statement for its effect. Returns the number of rows touched.
    @discardableResult
    package func execute(_ query: Query) throws -> Int {
        try run(query).affectedRows
    }

    /// Runs a text of several statements without parameters, such as a migration.
    package func runScript(_ sql: String) throws {
        try open()
        try send(sql: "script") { PQsendQuery($0, sql) }
    }

    /// Runs `body` between `BEGIN` and `COMMIT`; any error rolls back.
    package func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try execute("BEGIN")
        isInTransaction = true
        let settings = settings
        defer { isInTransaction = false }
        do {
            let value = try body()
            // COMMIT returns ROLLBACK if a statement failed before without an error here.
            guard try run("COMMIT").command == "COMMIT" else {
                throw PostgresError(code: .failedTransaction, message: "the transaction was rolled back", sql: "COMMIT")
            }
            return value
        } catch {
            if handle != nil { try? rollBack(to: settings) }
            throw error
        }
    }

    /// - Parameter settings: Those before the transaction, because a rollback restores them.
    private func rollBack(to settings: [String: String]) throws {
        try open()
        // A failed transaction accepts no other statement, so none may be sent to end the settings.
        try send(sql: "ROLLBACK") { PQsendQuery($0, "ROLLBACK") }
        self.settings = settings
    }

    // MARK: Streams

    /// Runs a statement whose rows, few enough to be held, are taken one at a time.
    package func streamWhole(_ query: Query) throws -> RowStream {
        RowStream(connection: self, sql: query.sql, whole: try run(query))
    }

    /// Runs a statement and reads its rows one at a time, so that a result of any size needs the memory of one row.
    ///
    /// Returns when the first row has arrived; errors before it are thrown here. A reader that stops before the end
    /// must cancel the stream; any other statement on this connection does that, too. Inside a transaction, and while
    /// `reopens` is false, read the stream to its end, because cancelling it closes the connection.
    /// - Parameter statementTimeout: Milliseconds, instead of the usual limit, because the reader's time counts.
    package func stream(_ query: Query, statementTimeout: Int? = nil) throws -> RowStream {
        try again {
            let name = try prepared(query)
            if let statementTimeout { try setStatementTimeout(statementTimeout) }
            try start(query, preparedAs: name)
            guard PQsetSingleRowMode(handle) == 1 else { throw lost(sql: query.sql) }
            let stream = RowStream(connection: self, sql: query.sql, hasOwnTimeout: statementTimeout != nil)
            self.stream = stream
            try stream.waitForFirst()
            return stream
        }
    }

    /// The stream has ended, with or without success, and the server waits for the next statement.
    func streamEnded(hadOwnTimeout: Bool, _ failure: PostgresError?) {
        stream = nil
        if failure?.isConnectionLoss == true { return close() }
        // In a failed transaction no setting can change, and its ROLLBACK restores the previous ones.
        guard hadOwnTimeout, failure == nil || !isInTransaction else { return }
        do { try setStatementTimeout(options.statementTimeout) } catch { close() }
    }

    private func setStatementTimeout(_ milliseconds: Int) throws {
        let sql = "SET statement_timeout = \(milliseconds)"
        try send(sql: sql) { PQsendQuery($0, sql) }
    }

    // MARK: Opening

    func open() throws {
        if stream != nil { close() }
        if let handle, PQstatus(handle) == CONNECTION_OK { return }
        guard !isInTransaction else {
            throw PostgresError(code: .connectionLost, message: "the connection was lost in a transaction")
        }
        guard reopens else {
            throw PostgresError(code: .connectionLost, message: "the connection was lost, with its locks")
        }
        close()
        handle = try options.connect()
        isOpening = true
        defer { isOpening = false }
        do {
            try runScript(options.sessionSettings)
            try onOpen(self)
        } catch {
            close()
            throw error
        }
    }

    // MARK: Running

    private func run(_ query: Query) throws -> QueryResult {
        try again { try runOnce(query) }
    }

    /// Does it once more, over a new connection, when the old one turns out to be lost.
    private func again<Value: ~Copyable>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as PostgresError where !isInTransaction && reopens && canRetry(error) {
            close()
            return try body()
        }
    }

    private func canRetry(_ error: PostgresError) -> Bool {
        guard !isOpening else { return false }
        return error.code == .featureNotSupported || (error.isConnectionLoss && !error.sql.isEmpty)
    }

    private func runOnce(_ query: Query) throws -> QueryResult {
        let name = try prepared(query)
        try start(query, preparedAs: name)
        return try finish(sql: query.sql)
    }

    /// Opens the connection, and prepares the statement on it. Returns the statement's name; `nil` for one that is not worth
    /// it.
    private func prepared(_ query: Query) throws -> String? {
        try open()
        if query.parameters.contains(where: { $0?.utf8.contains(0) == true }) {
            throw PostgresError(code: .badValue, message: "a text holds U+0000", sql: query.sql)
        }
        if query.settings != settings { try apply(query.settings) }
        if query.isOneOff { return nil }
        if let name = statements[query.sql] { return name }
        let name = "s\(statements.count)"
        try send(sql: query.sql) { PQsendPrepare($0, name, query.sql, 0, nil) }
        statements[query.sql] = name
        return name
    }

    private func apply(_ wanted: [String: String]) throws {
        let ended = settings.keys.filter { wanted[$0] == nil }.map { "SET \($0) = DEFAULT" }
        let begun = wanted.map { "SET \($0.key) = \($0.value)" }
        let sql = (ended.sorted() + begun.sorted()).joined(separator: "; ")
        try send(sql: sql) { PQsendQuery($0, sql) }
        settings = wanted
    }

    private func start(_ query: Query, preparedAs name: String?) throws {
        try withCStrings(query.parameters) { values in
            let count = Int32(values.count)
            let isSent =
                if let name {
                    PQsendQueryPrepared(handle, name, count, values, nil, nil, 0)
                } else {
                    PQsendQueryParams(handle, query.sql, count, nil, values, nil, nil, 0)
                }
            guard isSent == 1 else { throw lost(sql: query.sql) }
        }
    }

    @discardableResult
    func send(sql: String, _ start: (OpaquePointer) -> Int32) throws -> QueryResult {
        guard let handle, start(handle) == 1 else { throw lost(sql: sql) }
        return try finish(sql: sql)
    }

    /// Waits for the last result of the current statement. The first error wins.
    @discardableResult
    func finish(sql: String) throws -> QueryResult {
        var last: QueryResult?
        var failure: PostgresError?
        while let pointer = try nextResult(sql: sql) {
            let result = QueryResult(pointer: pointer)
            failure = failure ?? result.error(sql: sql)
            let isCopy = result.status == PGRES_COPY_IN
            last = consume result
            if isCopy { break }  // the server now waits for us
        }
        if let failure {
            if failure.isConnectionLoss { close() }
            throw failure
        }
        guard let last else { throw lost(sql: sql) }
        return last
    }

    /// `PQgetResult`, but never waiting longer than the response timeout.
    func nextResult(sql: String) throws -> OpaquePointer? {
        guard let handle else { throw lost(sql: sql) }
        let clock = ContinuousClock()
        lazy var deadline =
            clock.now + .milliseconds(options.responseTimeout == 0 ? Int(Int32.max) : options.responseTimeout)
        while PQflush(handle) == 1 || PQisBusy(handle) == 1 {
            let left = max(clock.now.duration(to: deadline) / .milliseconds(1), 0)
            var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            // Looked at once more when the time is over: we may have been stopped while the answer came.
            if poll(&descriptor, 1, Int32(min(left.rounded(.up), 60_000))) > 0 {
                guard PQconsumeInput(handle) == 1 else { throw lost(sql: sql) }
            } else if left == 0 {
                close()
                throw PostgresError(code: .responseTimeout, message: "the database does not answer", sql: sql)
            }
        }
        return PQgetResult(handle)
    }

    func lost(sql: String) -> PostgresError {
        let message = handle.map { String(cString: PQerrorMessage($0)) } ?? "no connection"
        close()
        return PostgresError(code: .connectionLost, message: message, sql: sql)
    }
}

@available(*, unavailable)
extension Connection: Sendable {}
