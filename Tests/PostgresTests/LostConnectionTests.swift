import Glibc
import Postgres
import TestSupport
import Testing

@Suite struct LostConnectionTests {
    let database: TemporaryDatabase
    let connection: Connection

    init() throws {
        database = try TemporaryDatabase(isMigrated: false)
        connection = database.connect()
        try connection.runScript("CREATE TABLE things (n int)")
    }

    private func numbers() throws -> [Int] {
        try database.connect().rows("SELECT n FROM things ORDER BY n") { try $0.integer(0) }
    }

    @Test("outside a transaction a lost connection is reopened, and the statement repeated")
    func reopened() throws {
        let process = try connection.process()
        try connection.execute("INSERT INTO things VALUES (\(1)::int)")
        try database.terminate(process)
        try connection.execute("INSERT INTO things VALUES (\(1)::int)")
        #expect(try numbers() == [1, 1])
        #expect(try connection.process() != process)
    }

    @Test("a transaction begins on a new connection if the old one was lost before")
    func lostBefore() throws {
        try database.terminate(try connection.process())
        try connection.transaction { _ = try connection.execute("INSERT INTO things VALUES (1)") }
        #expect(try numbers() == [1])
    }

    @Test("inside a transaction a lost connection is an error, and nothing of the transaction is stored")
    func insideTransaction() throws {
        let error = #expect(throws: PostgresError.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO things VALUES (1)")
                try database.terminate(try connection.process())
                try connection.execute("INSERT INTO things VALUES (2)")
            }
        }
        #expect(error?.isConnectionLoss == true)
        let stored = try numbers()
        #expect(stored == [])
    }

    @Test("a transaction whose connection was lost stays failed, also if its body continues")
    func bodyGoesOn() throws {
        #expect(throws: (any Error).self) {
            try connection.transaction {
                try database.terminate(try connection.process())
                _ = try? connection.execute("INSERT INTO things VALUES (1)")
                try connection.execute("INSERT INTO things VALUES (2)")
            }
        }
        let stored = try numbers()
        #expect(stored == [])
    }

    @Test("a transaction that loses its connection before COMMIT fails")
    func lostAtCommit() throws {
        #expect(throws: (any Error).self) {
            try connection.transaction {
                try connection.execute("INSERT INTO things VALUES (1)")
                try database.terminate(try connection.process())
            }
        }
        #expect(try numbers() == [])
    }

    @Test("after a transaction that failed for a lost connection, the next one works")
    func recovers() throws {
        _ = try? connection.transaction {
            try database.terminate(try connection.process())
            try connection.execute("INSERT INTO things VALUES (1)")
        }
        try connection.execute("DELETE FROM things")
        try connection.transaction { _ = try connection.execute("INSERT INTO things VALUES (3)") }
        #expect(try numbers() == [3])
    }

    @Test("`onOpen` runs on each new connection, and its error is thrown")
    func onOpen() throws {
        struct Refusal: Error {}
        var opened = 0
        let connection = Connection(database.connectionOptions) { connection in
            opened += 1
            if opened == 3 { throw Refusal() }
            try connection.execute("SET application_name = 'opened'")
        }
        #expect(try connection.text("SHOW application_name") == "opened")
        try database.terminate(try connection.process())
        #expect(try connection.text("SHOW application_name") == "opened")
        #expect(opened == 2)
        connection.close()
        #expect(throws: Refusal.self) { try connection.execute("SELECT 1") }
        #expect(try connection.integer("SELECT 1") == 1)
    }

    @Test("a stopped server process blocks us no longer than the response timeout")
    func responseTimeout() throws {
        let connection = database.connect(responseTimeout: 2000)
        let process = Int32(try connection.process())
        #expect(kill(process, SIGSTOP) == 0)
        defer { kill(process, SIGCONT) }
        let clock = ContinuousClock()
        let start = clock.now
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT 1") }
        let waited = clock.now - start
        #expect(error?.code == .responseTimeout)
        #expect(error?.isUnavailable == true)
        #expect(waited >= .milliseconds(1990))
        #expect(waited < .seconds(15))
        // A new connection has another process.
        #expect(try connection.integer("SELECT 1") == 1)
    }

    @Test("prepared statements survive a change of their table")
    func schemaChange() throws {
        try connection.execute("INSERT INTO things VALUES (1)")
        let columns = { try self.connection.firstRow("SELECT * FROM things") { try $0.integer(0) } }
        #expect(try columns() == 1)
        let other = database.connect()
        try other.runScript("ALTER TABLE things ADD COLUMN name text")
        #expect(try columns() == 1)
        try other.runScript("ALTER TABLE things ALTER COLUMN n TYPE bigint")
        #expect(try columns() == 1)
    }

    @Test("a closed connection reopens itself")
    func closed() throws {
        let process = try connection.process()
        connection.close()
        connection.close()
        #expect(try connection.process() != process)
    }

    @Test("sessions run in UTC with the given name and timeout")
    func session() throws {
        #expect(try connection.text("SHOW timezone") == "UTC")
        #expect(try connection.text("SHOW client_encoding") == "UTF8")
        #expect(try connection.text("SHOW application_name") == "tests")
        #expect(try connection.text("SHOW statement_timeout") == "20s")
    }
}
