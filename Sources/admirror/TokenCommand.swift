import ArgumentParser
import Model
import Program
import Secrets
import Store

struct Token: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage the access tokens with which programs sign in.",
        subcommands: [Create.self, List.self, Revoke.self]
    )

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token, and print it: it is shown this once and kept nowhere.",
            discussion: "The token may do what its owner may do. Only the token goes to standard output."
                + examples([
                    "admirror token create --user ada@example.com --scope read --label dashboard":
                        "For a dashboard that only reads.",
                    "admirror token create --user ada@example.com > token.txt": "Into a file, and nowhere else.",
                ])
        )

        @Option(help: "The owner's e-mail address; may be left out when there is only one person.")
        var user: String?

        @Option(help: "What the token is for.")
        var label = ""

        @Option(name: .customLong("days"), help: "How many days it is valid; without this, until it is revoked.")
        var days: Int?

        @Option(help: "read: for reading only. sync: also for syncs and revalidation, where its owner is a manager.")
        var scope = TokenScope.sync.rawValue

        @Flag(help: "Print JSON.")
        var json = false

        private struct Created: Encodable {
            let id: String
            let token: String
            let user: String
            let scope: String
        }

        func validate() throws {
            guard TokenScope(rawValue: scope) != nil else { throw ValidationError("--scope takes read or sync.") }
            if let days, !(1...36_500).contains(days) { throw ValidationError("--days takes 1 to 36500.") }
        }

        func run() throws {
            try Operator.run {
                let store = Operator.store(try Operator.settings())
                let email = try user ?? onlyUser(store)
                let token = AccessToken.generate()
                let hash = AccessToken.hash(token)
                let id = try store.addAccessToken(
                    hash: hash,
                    email: email,
                    label: label,
                    scope: TokenScope(rawValue: scope) ?? .read,
                    days: days
                )
                guard let id else {
                    throw ExitCodeError.failed("there is no user \(email): `admirror user add \(email)` adds one")
                }
                try store.note(.tokenCreated, by: Operator.name, "\(id) of \(email), \(scope)")
                if json {
                    try Output.json(Created(id: id, token: token, user: email, scope: scope))
                } else {
                    print(token)
                    if isTerminal(.output) { printError("Keep it: it is not shown again.") }
                }
            }
        }

        private func onlyUser(_ store: Store) throws -> String {
            let users = try store.users()
            guard users.count == 1 else {
                throw ExitCodeError(
                    Program.ExitCode.usage,
                    users.isEmpty
                        ? "there is no user yet: `admirror user add EMAIL` adds one" : "say whose it is: --user EMAIL"
                )
            }
            return users[0].email
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens, without the tokens themselves.")

        @Flag(help: "Print JSON.")
        var json = false

        private struct Line: Encodable {
            let id: String
            let user: String
            let label: String
            let scope: String
            let createdAt: String
            let lastUsedAt: String?
            let expiresAt: String?
            let revoked: Bool
        }

        func run() throws {
            try Operator.run {
                let lines = try Operator.store(try Operator.settings()).accessTokens().map {
                    Line(
                        id: $0.id,
                        user: $0.email,
                        label: $0.label,
                        scope: $0.scope.rawValue,
                        createdAt: $0.createdAt,
                        lastUsedAt: $0.lastUsedAt,
                        expiresAt: $0.expiresAt,
                        revoked: $0.isRevoked
                    )
                }
                guard !json else { return try Output.json(lines) }
                Output.table(
                    ["ID", "USER", "SCOPE", "CREATED", "LAST USED", "EXPIRES", "STATE", "LABEL"],
                    lines.map {
                        [
                            $0.id, $0.user, $0.scope, $0.createdAt, $0.lastUsedAt ?? "never", $0.expiresAt ?? "-",
                            $0.revoked ? "revoked" : "valid", $0.label,
                        ]
                    }
                )
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a token; it stops working within a second."
        )

        @Argument(help: "The token's id, or enough of its beginning.")
        var id: String

        func run() throws {
            try Operator.run {
                let store = Operator.store(try Operator.settings())
                switch try store.revokeAccessToken(id: id) {
                case 1:
                    try store.note(.tokenRevoked, by: Operator.name, id)
                    print("revoked \(id)")
                case 0:
                    throw ExitCodeError.failed("there is no token \(id): `admirror token list` shows those there are")
                default: throw ExitCodeError.failed("\(id) stands for more than one token: give more of it")
                }
            }
        }
    }
}
