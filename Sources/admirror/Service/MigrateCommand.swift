import ArgumentParser
import Program
import Store

struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Update the database schema.",
        discussion: "It may run again, and on several hosts at once."
    )

    func run() throws {
        try Operator.run {
            let applied = try Schema.migrate(Operator.patientOptions(try Operator.settings()))
            for name in applied { print("applied \(name)") }
            print("the schema is at version \(Schema.knownVersion)")
        }
    }
}
