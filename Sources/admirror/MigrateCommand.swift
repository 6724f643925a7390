import ArgumentParser
import Postgres
import Program
import Store

struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database schema up to date.",
        discussion: "Safe to run again, and to run on several hosts at once."
    )

    func run() throws {
        try Operator.run {
            var options = Operator.connectionOptions(try Operator.settings())
            options.statementTimeout = 0
            options.responseTimeout = 0
            let applied = try Schema.migrate(options)
            for name in applied { print("applied \(name)") }
            print("the schema is at version \(Schema.knownVersion)")
        }
    }
}
