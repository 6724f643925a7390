import Postgres
import TestSupport
import Testing

@Suite struct TransactionTests {
    let database: TemporaryDatabase
    let connection: Connection

    init() throws {
        database = try TemporaryDatabase(isMigrated: false)
        connection = database.connect()
        try connection.runScript("CREATE TABLE things (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    }

    private struct Stop: Error {}

    private func count() throws -> Int? { try database.connect().integer("SELECT count(*) FROM things") }

    @Test("other sessions see a transaction's changes after its end, not before")
    func commit() throws {
        let before = try connection.transaction {
            try connection.execute("INSERT INTO things VALUES (1)")
            return try count()
        }
        #expect(before == 0)
        #expect(try count() == 1)
    }

    @Test("any error rolls back and is rethrown")
    func rollback() throws {
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO things VALUES (1)")
                throw Stop()
            }
        }
        #expect(try count() == 0)
        // Outside it again: a statement commits by itself.
        try connection.execute("INSERT INTO things VALUES (2)")
        #expect(try count() == 1)
    }

    @Test("an error of the server rolls back the whole transaction")
    func failedStatement() throws {
        let error = #expect(throws: PostgresError.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO things VALUES (1)")
                try connection.execute("INSERT INTO nowhere VALUES (1)")
            }
        }
        #expect(error?.code == .undefinedTable)
        #expect(try count() == 0)
        #expect(try connection.transaction { try connection.integer("SELECT 1") } == 1)
    }

    @Test("an error that only COMMIT finds is thrown")
    func failedCommit() throws {
        let error = #expect(throws: PostgresError.self) {
            try connection.transaction { try connection.execute("INSERT INTO things VALUES (1), (1)") }
        }
        #expect(error?.code == .uniqueViolation)
        #expect(try count() == 0)
        #expect(try connection.integer("SELECT 1") == 1)
    }

    @Test("a transaction that swallowed an error does not appear committed")
    func swallowed() throws {
        #expect(throws: (any Error).self) {
            try connection.transaction {
                try connection.execute("INSERT INTO things VALUES (1)")
                _ = try? connection.execute("SELECT 1 / 0")
            }
        }
        #expect(try count() == 0)
    }
}
