import ArgumentParser
import Model
import Program
import Store

struct Access: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage people's roles on ad accounts.",
        subcommands: [List.self, Grant.self, Revoke.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the people of an ad account and their roles.")

        @Argument(help: "AdMirror's id of the account, or Facebook's with or without act_.")
        var account: String

        @Flag(help: "Print JSON.")
        var json = false

        private struct Line: Encodable {
            let email: String
            let role: String
        }

        func run() throws {
            try Operator.run {
                let store = Operator.store(try Operator.settings())
                let lines = try store.access(to: store.requireAccount(account).id).map {
                    Line(email: $0.email, role: $0.role.rawValue)
                }
                guard !json else { return try Output.json(lines) }
                Output.table(["EMAIL", "ROLE"], lines.map { [$0.email, $0.role] })
            }
        }
    }

    struct Grant: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a person a role on an ad account.",
            discussion: """
                A viewer can read, a manager can also sync and revalidate, an owner can also manage people. The role replaces \
                the person's current one.
                """
                    + examples([
                        "admirror access grant ada@example.com act_1569761797025413 --role manager":
                            "Ada can read, sync and revalidate this account."
                    ])
        )

        @Argument(help: "The person's email address.")
        var email: String

        @Argument(help: "AdMirror's id of the account, or Facebook's with or without act_.")
        var account: String

        @Option(help: "viewer, manager or owner.")
        var role = "viewer"

        func run() throws {
            try Operator.run {
                guard let role = Role(rawValue: role) else {
                    throw Exit(ExitStatus.usage, "\(role) is not a role: use viewer, manager or owner")
                }
                let store = Operator.store(try Operator.settings())
                let found = try store.requireAccount(account)
                guard try store.grant(role, on: found.id, to: email) else {
                    throw Exit.failed(
                        "no user has the address \(email): add one with `admirror user add \(email)`"
                    )
                }
                try store.note(
                    .roleGranted,
                    by: Operator.name,
                    account: found.facebookID,
                    "\(email) is \(role.rawValue)"
                )
                print("\(email) is \(role.rawValue) of \(account)")
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a person's role on an ad account.")

        @Argument(help: "The person's email address.")
        var email: String

        @Argument(help: "AdMirror's id of the account, or Facebook's with or without act_.")
        var account: String

        func run() throws {
            try Operator.run {
                let store = Operator.store(try Operator.settings())
                let found = try store.requireAccount(account)
                guard try store.revoke(on: found.id, from: email) else {
                    throw Exit.failed("\(email) has no role on \(account)")
                }
                try store.note(.roleRevoked, by: Operator.name, account: found.facebookID, email)
                print("\(email) has no access to \(account) now")
            }
        }
    }
}
