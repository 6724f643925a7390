internal import CPostgres

extension Connection {
    /// Loads rows with `COPY … FROM STDIN` in text format.
    /// - Parameters:
    ///   - target: Table and columns, as written after `COPY`.
    ///   - rows: The rows; a field of `nil` is NULL.
    package func copy(into target: String, rows: some Sequence<[String?]>) throws {
        let sql = "COPY \(target) FROM STDIN"
        try open()
        try send(sql: sql) { PQsendQuery($0, sql) }
        var buffer: [UInt8] = []
        for row in rows {
            CopyText.append(row, to: &buffer)
            if buffer.count > 1 << 16 {
                try put(buffer, sql: sql)
                buffer.removeAll(keepingCapacity: true)
            }
        }
        try put(buffer, sql: sql)
        guard let handle, PQputCopyEnd(handle, nil) == 1 else { throw lost(sql: sql) }
        try finish(sql: sql)
    }

    private func put(_ bytes: [UInt8], sql: String) throws {
        guard !bytes.isEmpty else { return }
        let sent = bytes.withUnsafeBytes { buffer in
            PQputCopyData(handle, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
        }
        guard sent == 1 else { throw lost(sql: sql) }
    }
}
