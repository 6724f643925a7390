import ArgumentParser
import Program
import Secrets
import Store

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Manage the people who may use this installation.",
        subcommands: [Add.self, List.self, SetPassword.self, Remove.self]
    )

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a person.")

        @Argument(help: "Their e-mail address.")
        var email: String

        func run() throws {
            try Operator.run {
                let parts = email.split(separator: "@", omittingEmptySubsequences: false)
                guard parts.count == 2, !parts.contains(""), email.count <= 254, !email.contains(where: \.isWhitespace)
                else {
                    throw ExitCodeError(Program.ExitCode.usage, "\(email) is not an e-mail address")
                }
                let store = Operator.store(try Operator.settings())
                let isNew = try store.addUser(email: email)
                if isNew { try store.note(.userAdded, by: Operator.name, email) }
                print(isNew ? "added \(email)" : "\(email) is there already")
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
            abstract: "Set the password with which a person signs in, and sign them out everywhere.",
            discussion: "The password is read from standard input, a file, or a prompt. It has 12 characters or more."
                + examples([
                    "admirror user set-password ada@example.com": "Asks for it.",
                    "admirror user set-password ada@example.com --password-file new.txt": "For scripts.",
                ])
        )

        @Argument(help: "Their e-mail address.")
        var email: String

        @Option(name: .customLong("password-file"), help: "File that holds the password; without it, standard input.")
        var file: String?

        func run() throws {
            try Operator.run {
                let store = Operator.store(try Operator.settings())
                let password = try Output.readPassword(file: file)
                guard password.count >= Passwords.lengths.lowerBound,
                    password.utf8.count <= Passwords.lengths.upperBound
                else {
                    throw ExitCodeError(
                        Program.ExitCode.usage,
                        "a password has \(Passwords.lengths.lowerBound) characters or more"
                    )
                }
                guard let hash = Passwords.hash(password) else {
                    throw ExitCodeError.failed("there is no memory to hash the password")
                }
                guard try store.setPasswordHash(hash, of: email) else {
                    throw ExitCodeError.failed("there is no user \(email): `admirror user add \(email)` adds one")
                }
                try store.note(.passwordSet, by: Operator.name, email)
                print("the password of \(email) is set")
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a person with their tokens and roles.")

        @Argument(help: "Their e-mail address.")
        var email: String

        func run() throws {
            try Operator.run {
                let store = Operator.store(try Operator.settings())
                guard try store.removeUser(email: email) else {
                    throw ExitCodeError.failed("there is no user \(email)")
                }
                try store.note(.userRemoved, by: Operator.name, email)
                print("removed \(email)")
            }
        }
    }
}
