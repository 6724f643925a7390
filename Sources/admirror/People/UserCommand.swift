import ArgumentParser
import Program
import Secrets
import Store

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Manage the people who may sign in.",
        subcommands: [Add.self, List.self, SetPassword.self, Remove.self]
    )

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a person.")

        @Argument(help: "The person's email address.")
        var email: String

        func run() throws {
            try Operator.run {
                let parts = email.split(separator: "@", omittingEmptySubsequences: false)
                guard parts.count == 2, !parts.contains(""), email.count <= 254, !email.contains(where: \.isWhitespace)
                else {
                    throw Exit(ExitStatus.usage, "\(email) is not an email address")
                }
                let store = Operator.store(try Operator.settings())
                let isNew = try store.addUser(email: email)
                if isNew { try store.note(.userAdded, by: Operator.name, email) }
                print(isNew ? "added \(email)" : "\(email) already exists")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the people.")

        @Flag(help: "Print JSON.")
        var json = false

        private struct Line: Encodable {
            let id: String
            let email: String
            let createdAt: String
            let accounts: Int
        }

        func run() throws {
            try Operator.run {
                let lines = try Operator.store(try Operator.settings()).users().map {
                    Line(id: $0.id, email: $0.email, createdAt: $0.createdAt, accounts: $0.accounts)
                }
                guard !json else { return try Output.json(lines) }
                Output.table(["EMAIL", "ACCOUNTS", "SINCE"], lines.map { [$0.email, "\($0.accounts)", $0.createdAt] })
            }
        }
    }

    struct SetPassword: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set-password",
            abstract: "Set a person's password, and sign them out everywhere.",
            discussion: "The password comes from standard input, a file or a prompt. It needs at least 12 characters."
                + examples([
                    "admirror user set-password ada@example.com": "Prompts for the password.",
                    "admirror user set-password ada@example.com --password-file new.txt": "For scripts.",
                ])
        )

        @Argument(help: "The person's email address.")
        var email: String

        @Option(name: .customLong("password-file"), help: "File with the password; the default is standard input.")
        var file: String?

        func run() throws {
            try Operator.run {
                let store = Operator.store(try Operator.settings())
                let password = try Output.readPassword(file: file)
                guard password.count >= Passwords.lengths.lowerBound,
                    password.utf8.count <= Passwords.lengths.upperBound
                else {
                    throw Exit(
                        ExitStatus.usage,
                        "the password needs at least \(Passwords.lengths.lowerBound) characters"
                    )
                }
                guard let hash = Passwords.hash(password) else {
                    throw Exit.failed("there is not enough memory to hash the password")
                }
                guard try store.setPasswordHash(hash, of: email) else {
                    throw Exit.failed(
                        "no user has the address \(email): add one with `admirror user add \(email)`"
                    )
                }
                try store.note(.passwordSet, by: Operator.name, email)
                print("the password of \(email) is set")
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a person with their tokens and roles.")

        @Argument(help: "The person's email address.")
        var email: String

        func run() throws {
            try Operator.run {
                let store = Operator.store(try Operator.settings())
                guard try store.removeUser(email: email) else {
                    throw Exit.failed("no user has the address \(email)")
                }
                try store.note(.userRemoved, by: Operator.name, email)
                print("removed \(email)")
            }
        }
    }
}
