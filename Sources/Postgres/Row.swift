internal import ASCII
internal import CPostgres

/// One row of a result, lent to a closure; it cannot outlive the result. Columns count from 0.
package struct Row: ~Copyable {
    let result: OpaquePointer
    let index: Int32

    package func isNull(_ column: Int) -> Bool {
        PQgetisnull(result, index, Int32(column)) == 1
    }

    /// The column's text; `nil` for NULL. The bytes live as long as the row.
    package func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8>? {
        let length = Int(PQgetlength(result, index, Int32(column)))
        // NULL is empty, too.
        if length == 0, isNull(column) { return nil }
        let pointer = UnsafeRawPointer(PQgetvalue(result, index, Int32(column)))?.assumingMemoryBound(to: UInt8.self)
        return pointer.map { UnsafeBufferPointer(start: $0, count: length) }
    }

    package func optionalText(_ column: Int) -> String? {
        bytes(column).map { String(decoding: $0, as: UTF8.self) }
    }

    package func text(_ column: Int) throws(PostgresError) -> String {
        guard let text = optionalText(column) else { throw unexpected(column, "text") }
        return text
    }

    package func optionalInteger(_ column: Int) -> Int? {
        optionalText(column).flatMap { Int($0) }
    }

    package func optionalDouble(_ column: Int) -> Double? {
        optionalText(column).flatMap { Double($0) }
    }

    package func integer(_ column: Int) throws(PostgresError) -> Int {
        guard let number = optionalInteger(column) else { throw unexpected(column, "an integer") }
        return number
    }

    package func boolean(_ column: Int) throws(PostgresError) -> Bool {
        switch optionalText(column) {
        case "t": return true
        case "f": return false
        default: throw unexpected(column, "a boolean")
        }
    }

    /// A `bytea` column, read from its hex form.
    package func optionalBytes(_ column: Int) throws(PostgresError) -> [UInt8]? {
        guard let text = optionalText(column) else { return nil }
        guard text.hasPrefix("\\x"), let bytes = Hexadecimal.bytes(text.utf8.dropFirst(2)) else {
            throw unexpected(column, "bytes")
        }
        return bytes
    }

    /// A `timestamptz` column in RFC 3339. Connections run with `timezone = UTC`, so PostgreSQL writes
    /// `2024-03-12 22:02:47.5+00`, and two characters make it `2024-03-12T22:02:47.5Z`.
    package func optionalTimestamp(_ column: Int) -> String? {
        optionalText(column).map { text in
            text.replacing(" ", with: "T", maxReplacements: 1).replacing("+00", with: "Z")
        }
    }

    private func unexpected(_ column: Int, _ wanted: String) -> PostgresError {
        let name = PQfname(result, Int32(column)).map { String(cString: $0) } ?? "\(column)"
        return PostgresError(code: .badValue, message: "column \(name) does not hold \(wanted)")
    }
}

/// A result of libpq. It is freed when it goes out of scope.
struct QueryResult: ~Copyable {
    let pointer: OpaquePointer

    var status: ExecStatusType { PQresultStatus(pointer) }
    var rowCount: Int { Int(PQntuples(pointer)) }
    /// Rows that an INSERT, UPDATE or DELETE touched; 0 for other statements.
    var affectedRows: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    /// The command in one word: `COMMIT`, or `INSERT` before its numbers.
    var command: String { String(String(cString: PQcmdStatus(pointer)).prefix { $0 != " " }) }

    /// The error of this result; `nil` if it is a success.
    func error(sql: String) -> PostgresError? {
        switch status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_COPY_IN, PGRES_EMPTY_QUERY:
            return nil
        default:
            // PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY are the characters 'C' and 'M' (postgres_ext.h).
            let state = PQresultErrorField(pointer, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
            let message = PQresultErrorField(pointer, Int32(UInt8(ascii: "M"))) ?? PQresultErrorMessage(pointer)
            return PostgresError(
                code: state.map(PostgresError.Code.init(rawValue:)) ?? .connectionLost,
                message: message.map { String(cString: $0) } ?? "unknown error",
                sql: sql
            )
        }
    }

    deinit {
        PQclear(pointer)
    }
}
