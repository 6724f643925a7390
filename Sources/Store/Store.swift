package import Postgres

/// AdMirror's tables. All SQL of the product is in this module: a file for each table or question.
///
/// A store works on one connection, which opens itself, and refuses a schema that this program does not know.
package final class Store {
    let connection: Connection

    package init(_ options: Connection.Options) {
        connection = Connection(options) { connection in
            try connection.setPlannerSettings()
            try Schema.requireKnown(connection)
        }
    }

    /// Closes the connection, and with it falls every lock that it holds. The next call opens another.
    package func close() {
        connection.close()
    }

    /// - Throws: Errors of the connection, and a schema of another version.
    package func checkReadiness() throws {
        try connection.execute("SELECT 1")
    }
}
