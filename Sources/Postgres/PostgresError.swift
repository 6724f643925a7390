/// An error of PostgreSQL, or of the connection to it.
///
/// Parameter values are not part of it: `description` may be logged.
package struct PostgresError: Error, CustomStringConvertible {
    /// A five-character SQLSTATE, or one of our own words for what never reached the server.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The server does not answer, or hung up.
        package static let connectionLost = Code(rawValue: "connection_lost")
        /// No connection could be opened, and finding that out took a second or more.
        package static let connectTimeout = Code(rawValue: "connect_timeout")
        /// The server accepted the statement and did not answer within `Connection.Options.responseTimeout`.
        package static let responseTimeout = Code(rawValue: "response_timeout")
        /// A value that cannot be sent or read: a text with U+0000, or a column of another type.
        package static let badValue = Code(rawValue: "bad_value")
        /// The rest of a `RowStream` cannot be had: it was cancelled, or another statement ran on its connection.
        package static let streamCancelled = Code(rawValue: "stream_cancelled")

        package static let uniqueViolation = Code(rawValue: "23505")
        package static let undefinedTable = Code(rawValue: "42P01")
        package static let deadlockDetected = Code(rawValue: "40P01")
        package static let lockNotAvailable = Code(rawValue: "55P03")
        /// "cached plan must not change result type": a migration ran while we held prepared statements.
        package static let featureNotSupported = Code(rawValue: "0A000")
        package static let failedTransaction = Code(rawValue: "25P02")
        package static let queryCanceled = Code(rawValue: "57014")
    }

    package let code: Code
    /// The server's primary message, one line.
    package let message: String
    /// The statement, with `$1` for each parameter; empty if there was none.
    package let sql: String

    package init(code: Code, message: String, sql: String = "") {
        self.code = code
        // Class 22, data exception: the server quotes the value that it could not read.
        let message = code.rawValue.hasPrefix("22") ? message.prefix { $0 != "\"" } : message[...]
        self.message = message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        self.sql = sql
    }

    package var description: String {
        let statement = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(160)
        return statement.isEmpty ? "\(message) [\(code.rawValue)]" : "\(message) [\(code.rawValue)] in: \(statement)"
    }

    /// The connection is of no use any more; a new one may be.
    package var isConnectionLoss: Bool {
        // Class 08: connection exception. 57P01-57P03, 57P05: shut down, crashed, starting up, idle session ended.
        code == .connectionLost || code == .connectTimeout || code.rawValue.hasPrefix("08")
            || code.rawValue.hasPrefix("57P")
    }

    /// The database neither answers nor refuses, so every query waits until its timeout.
    package var isHang: Bool { code == .responseTimeout || code == .connectTimeout }

    /// The database cannot answer at the moment; the same request may succeed later.
    package var isUnavailable: Bool {
        // 53: insufficient resources ("too many clients"). 25006: read-only, as during a failover.
        isConnectionLoss || code == .responseTimeout || code == .queryCanceled || code.rawValue.hasPrefix("53")
            || code.rawValue == "55P03" || code.rawValue == "40001" || code.rawValue == "40P01"
            || code.rawValue == "25006"
    }
}
