import ArgumentParser
import Model
import Program
import Secrets
import Store

struct Token: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage access tokens for programs.",
        subcommands: [Create.self, List.self, Revoke.self]
    )

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a token and print it. It is shown only once and stored nowhere.",
            discussion: "The token may do what its owner may do. Standard output has only the token."
                + examples([
                    "admirror token create --user ada@example.com --scope read --label dashboard":
                        "For a read-only dashboard.",
                    "admirror token create --user ada@example.com > token.txt": "Write the token to a file.",
                ])
        )

        @Option(help: "The owner's email address; optional if there is only one person.")
        var user: String?

        @Option(help: "What the token is for.")
        var label = ""

        @Option(name: .customLong("days"), help: "How many days it is valid; by default until it is revoked.")
        var days: Int?

        @Option(help: "read: read-only. sync: also syncs and revalidation where the owner is a manager.")
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
            guard TokenScope(rawValue: scope) != nil else { throw ValidationError("--scope must be read or sync.") }
            if let days, !(1...36_500).contains(days) { throw ValidationError("--days must be from 1 to 36500.") }
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
                    throw Exit.failed(
                        "no user has the address \(email): add one with `admirror user add \(email)`"
                    )
                }
                try store.note(.tokenCreated, by: Operator.name, "\(id) of \(email), \(scope)")
                if json {
                    try Output.json(Created(id: id, token: token, user: email, scope: scope))
                } else {
                    print(token)
                    if isTerminal(.output) { printError("Store it now: it is not shown again.") }
                }
            }
        }

        private func onlyUser(_ store: Store) throws -> String {
            let users = try store.users()
            guard users.count == 1 else {
                throw Exit(
                    ExitStatus.usage,
                    users.isEmpty
                        ? "there is no user yet: add one with `admirror user add EMAIL`"
                        : "there are several users: choose the owner with --user EMAIL"
                )
            }
            return users[0].email
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the tokens, without their values.")

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
                            $0.id, $0.user, $0.scope, Output.moment($0.createdAt),
                            $0.lastUsedAt.map(Output.moment) ?? "never",
                            $0.expiresAt.map(Output.moment) ?? "-",
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

        @Argument(help: "The token's id, or the beginning of it.")
        var id: String

        func run() throws {
            try Operator.run {
                let store = Operator.store(try Operator.settings())
                switch try store.revokeAccessToken(id: id) {
                case 1:
                    try store.note(.tokenRevoked, by: Operator.name, id)
                    print("revoked \(id)")
                case 0:
                    throw Exit.failed("there is no token \(id): `admirror token list` lists all")
                default: throw Exit.failed("\(id) matches more than one token: use more of its characters")
                }
            }
        }
    }
}
