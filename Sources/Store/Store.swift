internal import Model
internal import Postgres

/// AdMirror's tables. All SQL of the product is in this module: a file for each table or question.
///
/// A store works on one connection, which opens itself, and refuses a schema that this program does not know.
package final class Store {
    /// Where the database is, and how long a call may take.
    package struct Options: Sendable {
        /// libpq connection string or URI; several hosts allowed.
        package var url: String
        /// Shown in `pg_stat_activity`.
        package var applicationName: String
        /// Milliseconds after which the server ends a statement; 0 for none.
        package var statementTimeout: Int
        /// Milliseconds after which a call stops waiting for a server that does not even end the statement; 0 for none.
        package var responseTimeout: Int

        package init(url: String, applicationName: String, statementTimeout: Int, responseTimeout: Int) {
            self.url = url
            self.applicationName = applicationName
            self.statementTimeout = statementTimeout
            self.responseTimeout = responseTimeout
        }

        var connection: Connection.Options {
            Connection.Options(
                url: url,
                applicationName: applicationName,
                statementTimeout: statementTimeout,
                responseTimeout: responseTimeout
            )
        }
    }

    let connection: Connection
    /// What accounts counted as conversions when an answer was last read; no entry for purchases.
    var conversionEvents: [AdAccount.ID: ConversionEvent] = [:]

    package init(_ options: Options) {
        connection = Connection(options.connection) { connection in
            try connection.setPlannerSettings()
            try Schema.requireKnown(connection)
        }
    }

    /// Closes the connection, and with it falls every lock that it holds. The next call opens another.
    package func close() {
        connection.close()
    }

    /// - Throws: `StoreError`, or `Schema.Mismatch` for a schema of another version.
    package func checkReadiness() throws {
        try connection.execute("SELECT 1")
    }
}
