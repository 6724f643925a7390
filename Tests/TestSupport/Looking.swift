package import Postgres

// Reads and changes a database without the code under test.

extension Connection {
    /// The server process of this connection.
    package func process() throws -> Int {
        try firstRow("SELECT pg_backend_pid()") { try $0.integer(0) } ?? 0
    }

    package func text(_ query: Query) throws -> String? {
        try firstRow(query) { $0.optionalText(0) } ?? nil
    }

    package func integer(_ query: Query) throws -> Int? {
        try firstRow(query) { try $0.integer(0) }
    }
}

extension TemporaryDatabase {
    /// Ends a server process from another connection, and waits until it is gone.
    package func terminate(_ process: Int) throws {
        try connect().execute("SELECT pg_terminate_backend(\(process)::int)")
        try waitForEnd(of: process)
    }

    /// Ends all other sessions of the database except that of `connection`.
    package func terminateOthers(but connection: Connection) throws {
        let processes = try connection.rows(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ) { try $0.integer(0) }
        for process in processes { try terminate(process) }
    }

    /// Whether a statement begins to wait for a lock.
    package func hasWaiter() throws -> Bool {
        let other = connect()
        return try comesTrue {
            try other.integer(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """
            ) != 0
        }
    }

    /// A session whose client disconnected ends a moment later.
    package func waitForEnd(of process: Int) throws {
        let other = connect()
        let isGone = try comesTrue {
            try other.rows("SELECT 1 FROM pg_stat_activity WHERE pid = \(process)::int") { _ in () }.isEmpty
        }
        guard isGone else { throw StillThere() }
    }
}

private struct StillThere: Error {}
