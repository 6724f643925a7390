internal import Postgres

extension Store {
    /// The key with which cursors are signed: 32 bytes, the same on all hosts.
    package func cursorKey() throws -> [UInt8] {
        let key = try connection.firstRow("SELECT key FROM service_keys WHERE name = 'cursors'") {
            try $0.optionalBytes(0)
        }
        guard let key = key ?? nil else {
            throw PostgresError(code: .badValue, message: "the table service_keys has no key for cursors")
        }
        return key
    }
}
