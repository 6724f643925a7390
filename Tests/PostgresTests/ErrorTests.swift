import Postgres
import TestSupport
import Testing

@Suite struct ErrorTests {
    let database: TemporaryDatabase
    let connection: Connection

    init() throws {
        database = try TemporaryDatabase(isMigrated: false)
        connection = database.connect()
    }

    @Test("an error carries its SQLSTATE and the statement, with $1 for each value")
    func contents() throws {
        try connection.runScript("CREATE TABLE things (name text PRIMARY KEY)")
        try connection.execute("INSERT INTO things VALUES (\("hunter2"))")
        let error = #expect(throws: PostgresError.self) {
            try connection.execute("INSERT INTO things VALUES (\("hunter2"))")
        }
        #expect(error?.code == .uniqueViolation)
        #expect(error?.sql == "INSERT INTO things VALUES ($1)")
        #expect(error?.isUnavailable == false)
        #expect(error?.isConnectionLoss == false)
        #expect(error?.description.contains("23505") == true)
        #expect(error?.description.contains("INSERT INTO things") == true)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("a syntax error names the statement")
    func syntax() throws {
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELEKT \(1)") }
        #expect(error?.code.rawValue == "42601")
        #expect(error?.sql == "SELEKT $1")
        #expect(try connection.integer("SELECT 1") == 1)
    }

    @Test("a value that the server cannot read is not repeated in the error")
    func unreadableValue() throws {
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT \("hunter2")::uuid") }
        #expect(error?.code.rawValue == "22P02")
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("the description is one line, however the statement is formatted")
    func oneLine() throws {
        let error = #expect(throws: PostgresError.self) {
            try connection.execute(
                """
                SELECT *
                FROM nowhere
                """
            )
        }
        #expect(error?.description.contains { $0.isNewline } == false)
    }

    @Test("a refused connection is `isUnavailable`, quickly", arguments: ["127.0.0.1", "/nonexistent"])
    func refused(_ host: String) throws {
        let options = Connection.Options(
            url: "host=\(host) port=1 user=nobody dbname=nothing",
            applicationName: "tests",
            statementTimeout: 1000,
            responseTimeout: 1000
        )
        let clock = ContinuousClock()
        let start = clock.now
        let error = #expect(throws: PostgresError.self) { try Connection(options).execute("SELECT 1") }
        #expect(clock.now - start < .seconds(3))
        #expect(error?.code == .connectionLost)
        #expect(error?.isUnavailable == true)
    }

    @Test("a missing database is an error that does not repeat a password")
    func unknownDatabase() throws {
        var options = database.connectionOptions
        options.url += " password='hunter2' dbname='not_there'"
        let error = #expect(throws: PostgresError.self) { try Connection(options).execute("SELECT 1") }
        #expect(error?.description.contains("hunter2") == false)
        #expect(error?.description.contains("not_there") == true)
    }

    @Test("the server ends a statement after the statement timeout")
    func statementTimeout() throws {
        let connection = database.connect(statementTimeout: 100)
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT pg_sleep(30)") }
        #expect(error?.code == .queryCanceled)
        #expect(error?.isUnavailable == true)
        #expect(try connection.integer("SELECT 1") == 1)
    }
}
