import ArgumentParser
import FacebookCalls
import GraphAPI
import Model
import Program
import Store

struct Account: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Connect Facebook ad accounts.",
        subcommands: [
            Add.self, Discover.self, List.self, SetToken.self, SetConversion.self, RotateKeys.self, Remove.self,
        ]
    )
}

/// Where a Facebook token comes from.
struct TokenSource: ParsableArguments {
    @Option(
        name: .customLong("token-file"),
        help: "File with the Facebook access token; the default is standard input."
    )
    var file: String?

    func read() throws -> String {
        try Output.readSecret("Facebook access token", file: file)
    }
}

/// What to do with the connected accounts.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "Give this person the manager role on each connected account.")
    var manager: String?

    @Flag(help: "Start the first sync.")
    var sync = false

    @Flag(help: "Start the first sync and wait for its end.")
    var wait = false

    @Flag(help: "Print JSON.")
    var json = false
}

extension Account {
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Connect an ad account with a token that may read it.",
            discussion: "Facebook must accept the token first. A connected account gets the new token."
                + examples([
                    "admirror account add act_1569761797025413 --manager ada@example.com --wait":
                        "Prompts for the token.",
                    "admirror account add act_1569761797025413 --token-file token.txt --sync": "For scripts.",
                ])
        )

        @Argument(help: "The account's Facebook id, with or without act_.")
        var id: String

        @OptionGroup var options: ConnectionOptions
        @OptionGroup var token: TokenSource

        func run() throws {
            try Operator.run {
                let settings = try Operator.settings([.database, .tokenEncryptionKey])
                guard let facebookID = AccountReference(id).facebookID else {
                    throw Exit(ExitStatus.usage, "\(id) is not a Facebook ad account id")
                }
                let token = try OperatorToken(try token.read(), settings)
                let summary = try FacebookCalls(settings, Operator.store(settings)).client(token: token.text).adAccount(
                    facebookID
                )
                token.describe()
                try Connecting(settings: settings, token: token, options: options).connect([summary])
            }
        }
    }

    struct Discover: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the ad accounts that a token can see, and connect them with --add.",
            discussion:
                "With a Facebook app in the settings, also shows when the token expires and which permissions it has."
                + examples([
                    "admirror account discover --token-file token.txt": "Look first.",
                    "admirror account discover --token-file token.txt --add --manager ada@example.com --wait":
                        "Connect all of them and sync.",
                ])
        )

        @Flag(help: "Connect all of them.")
        var add = false

        @OptionGroup var options: ConnectionOptions
        @OptionGroup var token: TokenSource

        func validate() throws {
            guard add || !(options.sync || options.wait || options.manager != nil) else {
                throw ValidationError("--manager, --sync and --wait need --add.")
            }
        }

        func run() throws {
            try Operator.run {
                let settings = try Operator.settings(add ? [.database, .tokenEncryptionKey] : [])
                let given = try token.read()
                var found: [AccountSummary] = []
                try FacebookCalls(settings, Operator.store(settings)).client(token: given).adAccounts { page in
                    found += page.values
                    for defect in page.defects { printError("admirror: \(Output.printable("\(defect)"))") }
                    if isTerminal(.error) { printError("admirror: \(found.count) ad accounts …") }
                }
                let token = try OperatorToken(given, settings, isKept: add)
                token.describe()
                if add {
                    try Connecting(settings: settings, token: token, options: options).connect(found)
                } else {
                    try AccountLine.show(found, asJSON: options.json)
                }
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the connected ad accounts.")

        @Flag(help: "Print JSON.")
        var json = false

        private struct Line: Encodable {
            let id: String
            let facebookID: String
            let name: String
            let currency: String?
            let timeZone: String
            let syncStatus: String
            let lastSyncedAt: String?
            let hasToken: Bool
        }

        func run() throws {
            try Operator.run {
                let lines = try Operator.store(try Operator.settings()).adAccounts().map {
                    Line(
                        id: $0.account.id.rawValue,
                        facebookID: $0.account.facebookID,
                        name: $0.account.name,
                        currency: $0.account.currency,
                        timeZone: $0.account.timeZone,
                        syncStatus: $0.syncStatus,
                        lastSyncedAt: $0.lastSyncedAt,
                        hasToken: $0.hasToken
                    )
                }
                guard !json else { return try Output.json(lines) }
                Output.table(
                    ["ID", "ACCOUNT", "CURRENCY", "TIME ZONE", "STATUS", "LAST SYNC", "NAME"],
                    lines.map {
                        [
                            $0.id, $0.facebookID, $0.currency ?? "-", $0.timeZone, $0.syncStatus,
                            $0.lastSyncedAt.map(Output.moment) ?? "never", $0.name,
                        ]
                    }
                )
            }
        }
    }

    struct SetToken: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give an ad account another Facebook token.",
            discussion: "Facebook must accept the token first. A hold for an expired token ends, and a sync starts."
                + examples([
                    "admirror account set-token act_1569761797025413": "Prompts for the token.",
                    "admirror account set-token act_1569761797025413 --token-file token.txt --no-sync":
                        "Set the token without a sync.",
                ])
        )

        @Argument(help: "AdMirror's id of the account, or Facebook's with or without act_.")
        var id: String

        @Flag(inversion: .prefixedNo, help: "Start a sync with the new token.")
        var sync = true

        @OptionGroup var token: TokenSource

        func run() throws {
            try Operator.run {
                let settings = try Operator.settings([.database, .tokenEncryptionKey])
                let store = Operator.store(settings)
                let account = try store.requireAccount(id)
                let token = try OperatorToken(try token.read(), settings)
                token.describe()
                _ = try FacebookCalls(settings, Operator.store(settings)).client(token: token.text).adAccount(
                    account.facebookID
                )
                try token.note(in: store)
                try store.setToken(try Operator.seal(token.text, for: account.facebookID, settings), of: account.id)
                try store.note(.facebookTokenSet, by: Operator.name, account: account.facebookID)
                print("act_\(account.facebookID) has a new token")
                guard sync else { return }
                // Also when the data is fresh: what the old token could not read may be there for the new one.
                let order = try SyncOrder([account], isForced: true, settings, store)
                order.printOutcome()
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove an ad account and all of its data.",
            discussion: "Nothing changes at Facebook. If you connect the account again, a sync loads everything."
        )

        @Argument(help: "AdMirror's id of the account, or Facebook's with or without act_.")
        var id: String

        @Flag(help: "Remove it. Without this, only show what would be removed.")
        var yes = false

        func run() throws {
            try Operator.run {
                let store = Operator.store(try Operator.settings())
                let account = try store.requireAccount(id)
                guard yes else {
                    throw Exit.failed(
                        "this removes act_\(account.facebookID) \(account.name): add --yes to do it"
                    )
                }
                try store.removeAdAccount(account.id)
                try store.note(.accountRemoved, by: Operator.name, account: account.facebookID)
                print("removed act_\(account.facebookID)")
            }
        }
    }
}
