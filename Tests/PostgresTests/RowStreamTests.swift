import Glibc
import Postgres
import TestSupport
import Testing

@Suite struct RowStreamTests {
    let database: TemporaryDatabase
    let connection: Connection

    init() throws {
        database = try TemporaryDatabase(isMigrated: false)
        connection = database.connect()
    }

    /// In the select list the server produces them as they are read; after FROM it would produce all of them first.
    private static func numbers(to last: Int) -> Query { "SELECT generate_series(1, \(last)::int) AS n" }

    /// The remaining numbers of a stream.
    private func rest(of stream: RowStream) throws -> [Int] {
        var numbers: [Int] = []
        while let number = try stream.next({ try $0.integer(0) }) { numbers.append(number) }
        return numbers
    }

    @Test("a stream returns each row once, in order, and then nil every time")
    func rows() throws {
        let stream = try connection.stream(Self.numbers(to: 10_000))
        #expect(try rest(of: stream) == Array(1...10_000))
        #expect(try stream.next { _ in () } == nil)
        #expect(try connection.integer("SELECT 1") == 1)
        #expect(try stream.next { _ in () } == nil)
    }

    @Test("a stream without rows ends at once, and so does a statement that returns none")
    func empty() throws {
        #expect(try rest(of: connection.stream(Self.numbers(to: 0))) == [])
        #expect(try rest(of: connection.stream("CREATE TABLE things (n int)")) == [])
    }

    @Test("a stream that was read to its end leaves the connection unchanged")
    func sameConnection() throws {
        let process = try connection.process()
        for _ in 0..<3 { #expect(try rest(of: connection.stream(Self.numbers(to: 5))) == [1, 2, 3, 4, 5]) }
        #expect(try connection.process() == process)
    }

    @Test("an error while a row is decoded is thrown, and the next row follows")
    func decodingError() throws {
        struct Stop: Error {}
        let stream = try connection.stream(Self.numbers(to: 3))
        #expect(throws: Stop.self) { try stream.next { _ in throw Stop() } }
        #expect(try rest(of: stream) == [2, 3])
    }

    @Test("an error before the first row is thrown where the stream is created")
    func errorAtStart() throws {
        let process = try connection.process()
        let missing = #expect(throws: PostgresError.self) { try connection.stream("SELECT n FROM nowhere") }
        #expect(missing?.code == .undefinedTable)
        let division = #expect(throws: PostgresError.self) { try connection.stream("SELECT 1 / \(0)::int") }
        #expect(division?.code.rawValue == "22012")
        let nul = #expect(throws: PostgresError.self) { try connection.stream("SELECT \("\0")") }
        #expect(nul?.code == .badValue)
        #expect(try connection.process() == process)
    }

    @Test("an error in the middle follows the rows before it and does not look like the end")
    func errorInTheMiddle() throws {
        let process = try connection.process()
        let stream = try connection.stream("SELECT 1 / (n - 5000) FROM (SELECT generate_series(1, 10000) AS n) numbers")
        var count = 0
        let error = #expect(throws: PostgresError.self) {
            while try stream.next({ _ in () }) != nil { count += 1 }
        }
        #expect(count == 4999)
        #expect(error?.code.rawValue == "22012")
        #expect(error?.sql.contains("generate_series") == true)
        #expect(throws: PostgresError.self) { try stream.next { _ in () } }
        #expect(try connection.process() == process)
    }

    // MARK: Cancelled

    @Test("a cancelled stream ends the statement on the server, and the connection serves the next one")
    func cancelled() throws {
        let process = try connection.process()
        let stream = try connection.stream(Self.numbers(to: 1_000_000_000))
        #expect(try stream.next { try $0.integer(0) } == 1)
        stream.cancel()
        stream.cancel()
        try database.waitForEnd(of: process)
        let error = #expect(throws: PostgresError.self) { try stream.next { _ in () } }
        #expect(error?.code == .streamCancelled)
        #expect(try connection.integer("SELECT 1") == 1)
        stream.cancel()
        #expect(try connection.process() != process)
        #expect(throws: PostgresError.self) { try stream.next { _ in () } }
    }

    @Test("cancelling ends a statement that currently produces no rows")
    func cancelledWhileBusy() throws {
        let process = try connection.process()
        // The server sends its output in pieces of 8 KB.
        let stream = try connection.stream(
            """
            SELECT repeat('x', 10000), CASE WHEN n > 3 THEN pg_sleep(60) END
            FROM (SELECT generate_series(1, 5) AS n) numbers
            """
        )
        let isAsleep = try comesTrue {
            try database.connect().text("SELECT wait_event FROM pg_stat_activity WHERE pid = \(process)::int")
                == "PgSleep"
        }
        #expect(isAsleep)
        stream.cancel()
        try database.waitForEnd(of: process)
    }

    @Test("cancelling after the end does nothing")
    func cancelledAfterTheEnd() throws {
        let process = try connection.process()
        let stream = try connection.stream(Self.numbers(to: 2))
        #expect(try rest(of: stream) == [1, 2])
        stream.cancel()
        #expect(try stream.next { _ in () } == nil)
        #expect(try connection.process() == process)
    }

    @Test("a stream that is released before its end is cancelled")
    func dropped() throws {
        let process = try connection.process()
        var stream: RowStream? = try connection.stream(Self.numbers(to: 1_000_000_000))
        #expect(try stream?.next { try $0.integer(0) } == 1)
        stream = nil
        try database.waitForEnd(of: process)
        #expect(try connection.integer("SELECT 1") == 1)
    }

    @Test("another statement on the connection first cancels the stream")
    func anotherStatement() throws {
        try connection.runScript("CREATE TABLE things (n int)")
        let uses: [(Connection) throws -> Void] = [
            { try $0.execute("SELECT 1") },
            { try $0.runScript("SELECT 1") },
            { try $0.copy(into: "things", rows: [["1"]]) },
            { connection in try connection.transaction { _ = try connection.execute("SELECT 1") } },
            { _ = try rest(of: $0.stream(Self.numbers(to: 2))) },
            { $0.close() },
        ]
        for use in uses {
            let stream = try connection.stream(Self.numbers(to: 100_000))
            #expect(try stream.next { try $0.integer(0) } == 1)
            try use(connection)
            let error = #expect(throws: PostgresError.self) { try stream.next { _ in () } }
            #expect(error?.code == .streamCancelled)
            #expect(try connection.integer("SELECT 2") == 2)
        }
    }

    @Test("a late cancellation of an older stream does not affect the newer one")
    func olderStream() throws {
        let older = try connection.stream(Self.numbers(to: 100_000))
        let newer = try connection.stream(Self.numbers(to: 10))
        older.cancel()
        #expect(try rest(of: newer) == Array(1...10))
    }

    // MARK: Lost

    @Test("a connection lost before the first row is reopened")
    func lostBefore() throws {
        try database.terminate(try connection.process())
        #expect(try rest(of: connection.stream(Self.numbers(to: 3))) == [1, 2, 3])
    }

    @Test("a connection lost in the middle is an error, never the end, and the next statement reopens it")
    func lostInTheMiddle() throws {
        let process = try connection.process()
        let stream = try connection.stream(Self.numbers(to: 1_000_000_000))
        #expect(try stream.next { try $0.integer(0) } == 1)
        try database.terminate(process)
        let error = #expect(throws: PostgresError.self) { while try stream.next({ _ in () }) != nil {} }
        #expect(error?.isConnectionLoss == true)
        #expect(throws: PostgresError.self) { try stream.next { _ in () } }
        #expect(try connection.integer("SELECT 1") == 1)
    }

    @Test("a server that is stopped in the middle blocks us no longer than the response timeout")
    func responseTimeout() throws {
        let connection = database.connect(responseTimeout: 3000)
        let process = Int32(try connection.process())
        let stream = try connection.stream(Self.numbers(to: 1_000_000_000))
        #expect(kill(process, SIGSTOP) == 0)
        defer { kill(process, SIGCONT) }
        let clock = ContinuousClock()
        let start = clock.now
        let error = #expect(throws: PostgresError.self) { while try stream.next({ _ in () }) != nil {} }
        #expect(error?.code == .responseTimeout)
        #expect(clock.now - start < .seconds(20))
        #expect(try connection.integer("SELECT 1") == 1)
    }

    @Test("inside a transaction a stream reads the transaction's changes, and cancelling it fails the transaction")
    func transaction() throws {
        try connection.runScript("CREATE TABLE things (n int)")
        let read = try connection.transaction {
            try connection.execute("INSERT INTO things VALUES (1), (2)")
            return try rest(of: connection.stream("SELECT n FROM things ORDER BY n"))
        }
        #expect(read == [1, 2])
        let error = #expect(throws: PostgresError.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO things VALUES (3)")
                try connection.stream(Self.numbers(to: 100_000)).cancel()
                try connection.execute("INSERT INTO things VALUES (4)")
            }
        }
        #expect(error?.isConnectionLoss == true)
        #expect(try connection.integer("SELECT count(*) FROM things") == 2)
    }

    // MARK: Timeout

    @Test("a stream's own statement timeout applies to it alone, however it ends")
    func ownTimeout() throws {
        let process = try connection.process()
        func timeout() throws -> String? { try connection.text("SHOW statement_timeout") }
        let good = try connection.stream("SELECT current_setting('statement_timeout')", statementTimeout: 77_000)
        #expect(try good.next { try $0.text(0) } == "77s")
        #expect(try good.next { _ in () } == nil)
        #expect(try timeout() == "20s")

        let bad = try connection.stream(
            "SELECT 1 / (n - 2) FROM (SELECT generate_series(1, 3) AS n) numbers",
            statementTimeout: 77_000
        )
        #expect(throws: PostgresError.self) { while try bad.next({ _ in () }) != nil {} }
        #expect(try timeout() == "20s")
        #expect(throws: PostgresError.self) { try connection.stream("SELECT 1 / \(0)::int", statementTimeout: 77_000) }
        #expect(throws: PostgresError.self) { try connection.stream("SELEKT", statementTimeout: 77_000) }
        #expect(try timeout() == "20s")
        #expect(try connection.process() == process)

        _ = try? connection.transaction { try connection.stream("SELECT 1 / \(0)::int", statementTimeout: 77_000) }
        #expect(try timeout() == "20s")
        try connection.stream(Self.numbers(to: 100_000), statementTimeout: 77_000).cancel()
        #expect(try timeout() == "20s")
    }

    @Test("the server ends a stream after its statement timeout")
    func timedOut() throws {
        let connection = database.connect(statementTimeout: 20_000)
        let error = #expect(throws: PostgresError.self) {
            try connection.stream("SELECT pg_sleep(30)", statementTimeout: 100)
        }
        #expect(error?.code == .queryCanceled)
    }

    // MARK: Memory

    @Test("a million rows need no more memory than a few")
    func memory() throws {
        let row = String(repeating: "x", count: 200)
        let query: Query = "SELECT n, \(row)::text FROM (SELECT generate_series(1, 1000000) AS n) numbers"
        let stream = try connection.stream(query)
        for _ in 0..<1000 { _ = try stream.next { _ in () } }
        let before = residentKilobytes()
        var sum = 0
        while let length = try stream.next({ $0.bytes(1)?.count ?? 0 }) { sum += length }
        #expect(sum == 999_000 * 200)
        // Other tests run at the same time; the complete result is 230 MB.
        #expect(residentKilobytes() - before < 50_000)
    }

    private func residentKilobytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 128)
        guard fgets(&text, 128, file) != nil else { return 0 }
        let words = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.split(separator: UInt8(ascii: " "))
        return words.count > 1 ? (Int(String(decoding: words[1], as: UTF8.self)) ?? 0) * 4 : 0
    }
}
