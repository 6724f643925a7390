import Postgres
import TestSupport
import Testing

@Suite struct StatementSettingsTests {
    let database: TemporaryDatabase
    let connection: Connection

    init() throws {
        database = try TemporaryDatabase(isMigrated: false)
        connection = database.connect()
    }

    private func current(_ name: String, within settings: [String: String] = [:]) throws -> String? {
        var query: Query = "SELECT current_setting(\(name))"
        query.settings = settings
        return try connection.firstRow(query) { try $0.text(0) }
    }

    @Test("a statement's settings apply to it, and not to the next one")
    func oneStatement() throws {
        #expect(try current("enable_nestloop") == "on")
        #expect(try current("enable_nestloop", within: ["enable_nestloop": "off"]) == "off")
        #expect(try current("enable_nestloop") == "on")
    }

    @Test("a statement with other settings keeps none of the earlier ones")
    func otherSettings() throws {
        _ = try current("work_mem", within: ["enable_nestloop": "off", "work_mem": "'7MB'"])
        #expect(try current("enable_nestloop", within: ["work_mem": "'8MB'"]) == "on")
        #expect(try current("work_mem", within: ["work_mem": "'8MB'"]) == "8MB")
    }

    @Test("a failing statement with settings does not prevent its transaction's rollback")
    func failedTransaction() throws {
        try connection.runScript("CREATE TABLE things (name text)")
        #expect(throws: PostgresError.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO things VALUES ('lost')")
                var query: Query = "SELECT 1 / \(0)::int"
                query.settings = ["enable_nestloop": "off"]
                try connection.execute(query)
            }
        }
        #expect(try current("enable_nestloop") == "on")
        #expect(try current("enable_nestloop", within: ["enable_nestloop": "off"]) == "off")
        #expect(try connection.firstRow("SELECT count(*) FROM things") { try $0.integer(0) } == 0)
    }
}
