internal import CPostgres
internal import Glibc

extension Connection {
    package struct Options: Sendable {
        /// libpq connection string or URI; several hosts allowed.
        package var url: String
        /// Shown in `pg_stat_activity`.
        package var applicationName: String
        /// Seconds for each host; libpq takes 2 for anything less.
        package var connectTimeout = 2
        /// Milliseconds after which the server ends a statement; 0 for none.
        package var statementTimeout: Int
        /// Milliseconds after which we stop waiting for a server that does not even end the statement; 0 for none.
        package var responseTimeout: Int

        package init(url: String, applicationName: String, statementTimeout: Int, responseTimeout: Int) {
            self.url = url
            self.applicationName = applicationName
            self.statementTimeout = statementTimeout
            self.responseTimeout = responseTimeout
        }
    }
}

extension Connection.Options {
    /// Opens a connection of libpq, which the caller finishes.
    func connect() throws -> OpaquePointer {
        let began = ContinuousClock.now
        // Words before `dbname` are defaults: the URL's value for the same word wins.
        let handle = withCStrings([
            "connect_timeout", "\(connectTimeout)", "keepalives_idle", "30", "tcp_user_timeout", "5000",
            "application_name", applicationName, "client_encoding", "UTF8", "dbname", url,
        ]) { words in
            var names = stride(from: 0, to: words.count, by: 2).map { words[$0] }
            var values = stride(from: 1, to: words.count, by: 2).map { words[$0] }
            names.append(nil)
            values.append(nil)
            return PQconnectdbParams(names, values, 1)
        }
        guard let handle else { throw PostgresError(code: .connectionLost, message: "out of memory") }
        guard PQstatus(handle) == CONNECTION_OK else {
            // "PQfinish should be called even if the connection attempt fails" (libpq manual).
            defer { PQfinish(handle) }
            let isLate = began.duration(to: .now) >= .seconds(1)
            throw PostgresError(
                code: isLate ? .connectTimeout : .connectionLost,
                message: String(cString: PQerrorMessage(handle))
            )
        }
        return handle
    }

    /// What each new connection sets first.
    var sessionSettings: String {
        """
        SET timezone = 'UTC'; SET datestyle = 'ISO'; SET client_min_messages = 'error';
        SET statement_timeout = \(statementTimeout);
        -- PostgreSQL notices a closed client within a statement, and a host that vanished
        -- within half a minute, and then releases its locks. (Unix sockets ignore these settings.)
        SET client_connection_check_interval = 500;
        SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
        """
    }
}
