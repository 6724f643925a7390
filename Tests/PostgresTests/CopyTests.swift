import Postgres
import TestSupport
import Testing

@Suite struct CopyTests {
    let database: TemporaryDatabase
    let connection: Connection

    init() throws {
        database = try TemporaryDatabase(isMigrated: false)
        connection = database.connect()
        try connection.runScript("CREATE TABLE things (n int, name text)")
    }

    private func names() throws -> [String?] {
        try connection.rows("SELECT name FROM things ORDER BY n") { $0.optionalText(0) }
    }

    @Test("copy keeps tabs, newlines, backslashes, \\N and the end mark, and distinguishes empty from NULL")
    func escapes() throws {
        let values: [String?] = [
            "a\tb", "a\nb", "a\rb", "a\r\nb", "\\", "\\\\", "\\N", "\\t", "\\.", nil, "", " ", "a\\\tb\\\n",
            "\u{8}\u{B}\u{C}",
            "'; DROP TABLE things; --", "👨‍👩‍👧‍👦 خصم", "NULL",
        ]
        try connection.copy(into: "things", rows: values.enumerated().map { ["\($0.offset)", $0.element] })
        #expect(try names() == values)
    }

    @Test("copy accepts many rows, more than one full buffer, and none at all")
    func many() throws {
        let long = String(repeating: "x\\\t", count: 1000)
        try connection.copy(into: "things (n, name)", rows: (0..<500).map { ["\($0)", "\($0)\(long)"] })
        #expect(try connection.integer("SELECT count(*) FROM things") == 500)
        #expect(try connection.text("SELECT name FROM things WHERE n = 499") == "499\(long)")
        try connection.copy(into: "things", rows: [[String?]]())
        #expect(try connection.integer("SELECT count(*) FROM things") == 500)
    }

    @Test("a failing copy stores nothing, reports the SQLSTATE, and leaves the connection usable")
    func failure() throws {
        let error = #expect(throws: PostgresError.self) {
            try connection.copy(into: "things", rows: [["1", "one"], ["two", "two"]])
        }
        #expect(error?.code.rawValue == "22P02")
        #expect(error?.sql == "COPY things FROM STDIN")
        let missing = #expect(throws: PostgresError.self) { try connection.copy(into: "nothing", rows: [["1"]]) }
        #expect(missing?.code == .undefinedTable)
        #expect(try names() == [])
    }

    @Test("a NUL is removed from a text, because one name must not stop a whole load")
    func nul() throws {
        try connection.copy(into: "things", rows: [["1", "a\0b"]])
        #expect(try names() == ["ab"])
    }

    @Test("a copy inside a transaction is rolled back with it")
    func rollback() throws {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.copy(into: "things", rows: [["1", "one"]])
                throw Stop()
            }
        }
        #expect(try names() == [])
    }
}
