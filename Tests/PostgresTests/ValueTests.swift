import Postgres
import TestSupport
import Testing

@Suite struct ValueTests {
    let database: TemporaryDatabase
    let connection: Connection

    init() throws {
        database = try TemporaryDatabase(isMigrated: false)
        connection = database.connect()
    }

    @Test("each interpolated value becomes a parameter, counted from 1")
    func parameters() {
        let id: String? = nil
        let query: Query = "SELECT \("one"), \(2), \(true), \(id), \([UInt8]([0, 255])), \(raw: "now()")"
        #expect(query.sql == "SELECT $1, $2, $3, $4, $5, now()")
        #expect(query.parameters == ["one", "2", "t", nil, "\\x00ff"])
    }

    @Test(
        "a value arrives unchanged, whatever it contains",
        arguments: [
            "'; DROP TABLE things; --", "\"", "''", "$1", "\\", "E'\\''", "%s", "", " ", "\u{0001}\u{001F}",
            "\r\n\t\u{8}",
            "☀️👨‍👩‍👧‍👦", "𠮷", "רשימה قائمة", "e\u{301}", "\u{202E}abc", "\u{FEFF}", "\u{10FFFF}", "\u{FFFD}", "NULL", "\\N",
        ]
    )
    func roundTrip(_ value: String) throws {
        try connection.runScript("CREATE TABLE things (name text NOT NULL)")
        try connection.execute("INSERT INTO things VALUES (\(value))")
        let read = try connection.rows("SELECT name FROM things WHERE name = \(value)") { try $0.text(0) }
        #expect(read.map { Array($0.utf8) } == [Array(value.utf8)])
    }

    @Test("a text of a megabyte comes back unchanged")
    func large() throws {
        let value = String(repeating: "ü🛍️'", count: 100_000)
        #expect(try connection.text("SELECT \(value)") == value)
    }

    @Test("nil is NULL, an empty text is not")
    func null() throws {
        let nothing: String? = nil
        let found = try connection.firstRow("SELECT \(nothing)::text, \("")::text, \(nothing)::text IS NULL") {
            ($0.isNull(0), $0.isNull(1), $0.optionalText(0), $0.optionalText(1), try $0.boolean(2))
        }
        #expect(found?.0 == true)
        #expect(found?.1 == false)
        #expect(found?.2 == nil)
        #expect(found?.3 == "")
        #expect(found?.4 == true)
    }

    @Test("every byte survives a round trip through bytea")
    func bytes() throws {
        let bytes = (0...255).map { UInt8($0) }
        let empty: [UInt8] = []
        let nothing: [UInt8]? = nil
        let row = try connection.firstRow(
            "SELECT \(bytes)::bytea, \(empty)::bytea, \(nothing)::bytea, length(\(bytes)::bytea)"
        ) { (try $0.optionalBytes(0), try $0.optionalBytes(1), try $0.optionalBytes(2), try $0.integer(3)) }
        #expect(row?.0 == bytes)
        #expect(row?.1 == [])
        #expect(row?.2 == nil)
        #expect(row?.3 == 256)
    }

    @Test("a text with U+0000 is refused, and the connection stays usable")
    func nul() throws {
        let error = #expect(throws: PostgresError.self) { try connection.execute("SELECT \("secret\0rest")::text") }
        #expect(error?.code == .badValue)
        #expect(error?.sql == "SELECT $1::text")
        #expect(error.map { "\($0)".contains("secret") } == false)
        #expect(try connection.integer("SELECT 1") == 1)
    }

    @Test("a column of another kind gives an error that names it")
    func wrongType() throws {
        let number = #expect(throws: PostgresError.self) {
            try connection.firstRow("SELECT 'many' AS amount") { try $0.integer(0) }
        }
        #expect(number?.code == .badValue)
        #expect(number?.message.contains("amount") == true)
        #expect(throws: PostgresError.self) { try connection.firstRow("SELECT NULL::text") { try $0.text(0) } }
        #expect(throws: PostgresError.self) { try connection.firstRow("SELECT 'x'") { try $0.boolean(0) } }
        #expect(throws: PostgresError.self) { try connection.firstRow("SELECT 'x'") { try $0.optionalBytes(0) } }
    }

    @Test("times are in RFC 3339 and UTC, with a fraction if there is one")
    func timestamps() throws {
        let times = try connection.firstRow(
            "SELECT '2024-03-12 15:02:47-07'::timestamptz, '2024-03-12 22:02:47.25Z'::timestamptz, NULL::timestamptz"
        ) { [$0.optionalTimestamp(0), $0.optionalTimestamp(1), $0.optionalTimestamp(2)] }
        #expect(times == ["2024-03-12T22:02:47Z", "2024-03-12T22:02:47.25Z", nil])
    }

    @Test("no row gives nil, and execute counts the affected rows")
    func counts() throws {
        try connection.runScript("CREATE TABLE things (n int)")
        #expect(try connection.integer("SELECT n FROM things") == nil)
        #expect(try connection.execute("INSERT INTO things SELECT generate_series(1, 7)") == 7)
        #expect(try connection.execute("UPDATE things SET n = n + 1 WHERE n > \(5)::int") == 2)
        #expect(try connection.execute("DELETE FROM things WHERE n > \(100)::int") == 0)
        #expect(try connection.rows("SELECT n FROM things ORDER BY n") { try $0.integer(0) } == [1, 2, 3, 4, 5, 7, 8])
    }
}
