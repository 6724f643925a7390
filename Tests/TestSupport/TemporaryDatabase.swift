internal import FoundationEssentials
package import Postgres
package import Store

/// A test's own database in the cluster of `scripts/with-postgres`; it is dropped when this value is released.
package final class TemporaryDatabase: Sendable {
    package let name: String
    private let server: String

    /// Migrated once and copied for each test, which takes half as long.
    private static let template = Result {
        let template = try TemporaryDatabase(copyOf: "template0")
        _ = try Schema.migrate(template.options)
        return template
    }

    /// - Parameter isMigrated: `false` leaves it empty.
    package convenience init(isMigrated: Bool = true) throws {
        try self.init(copyOf: isMigrated ? Self.template.get().name : "template0")
    }

    private init(copyOf template: String) throws {
        guard let server = ProcessInfo.processInfo.environment["PGHOST"] else { throw MissingServer() }
        self.server = server
        name = "test_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        try administer { try $0.runScript("CREATE DATABASE \(name) TEMPLATE \(template) STRATEGY file_copy") }
    }

    deinit {
        _ = try? administer { try $0.runScript("DROP DATABASE \(name) WITH (FORCE)") }
    }

    package var url: String { url(name) }

    package var options: Store.Options {
        Store.Options(url: url, applicationName: "tests", statementTimeout: 20_000, responseTimeout: 25_000)
    }

    package var connectionOptions: Connection.Options {
        Connection.Options(url: url, applicationName: "tests", statementTimeout: 20_000, responseTimeout: 25_000)
    }

    /// A new connection, to read without the store.
    package func connect() -> Connection { Connection(connectionOptions) }

    /// A new store with a connection of its own.
    package func store() -> Store { Store(options) }

    private func administer(_ body: (Connection) throws -> Void) throws {
        var options = connectionOptions
        options.url = url("postgres")
        try body(Connection(options))
    }

    private func url(_ database: String) -> String {
        "host='\(server)' user='\(ProcessInfo.processInfo.environment["PGUSER"] ?? "postgres")' dbname='\(database)'"
    }
}

private struct MissingServer: Error, CustomStringConvertible {
    var description: String {
        "PGHOST is not set: run the tests with scripts/test, or scripts/with-postgres swift test"
    }
}
