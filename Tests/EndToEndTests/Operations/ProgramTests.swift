import Foundation
import HTTPMessages
import Postgres
import TestSupport
import Testing

/// The programs without nginx: the responder as a plain CGI program, the command line, the sync child by hand.
@Suite(.serialized)
struct ProgramTests {
    private static let shared = Result { try Stack() }
    private let stack: Stack

    init() throws {
        stack = try Self.shared.get()
    }

    @Test("without a FastCGI socket the responder answers one CGI request and exits")
    func plainCGI() throws {
        let answer = try responder([
            "REQUEST_METHOD": "GET", "PATH_INFO": "/api/campaigns", "QUERY_STRING": "adAccountId=\(Stack.yen)",
            "HTTP_AUTHORIZATION": "Bearer \(stack.token)",
        ])
        #expect(answer.status == 0)
        let parts = answer.output.split(separator: "\r\n\r\n", maxSplits: 1).map(String.init)
        #expect(parts[0].hasPrefix("Status: 200 OK\r\n"))
        #expect(parts[0].contains("Content-Type: application/json; charset=utf-8"))
        #expect(parts[0].contains("Content-Length: \(parts[1].utf8.count)"))
        #expect(parts[1].hasPrefix(#"{"campaigns":[{"id":""#))
        #expect(answer.errors.isEmpty)
    }

    @Test("a CGI request's body is read from standard input")
    func plainCGIBody() throws {
        let body = #"{"adAccountId":"\#(Stack.yen)"}"#
        let answer = try responder(
            [
                "REQUEST_METHOD": "POST", "SCRIPT_NAME": "/api/sync", "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": "\(body.utf8.count)", "HTTP_AUTHORIZATION": "Bearer \(stack.token)",
            ],
            input: body
        )
        #expect(answer.output.hasPrefix("Status: 200 OK\r\n"))
        #expect(answer.output.contains(#""status":"skipped""#))
    }

    @Test("a stale read over CGI starts a child that keeps none of the request's descriptors open")
    func plainCGIStale() throws {
        try stack.makeStale(Stack.yen)
        try stack.order(#"{"fault":"latency","value":200}"#)
        // `cat` ends when the last holder of the pipe does.
        let settings = stack.state.appending(path: "settings").path
        let bin = try stack.setting("ADMIRROR_BIN_DIR")
        try stack.waitForChildren()
        let result = try Command.run(
            "/bin/sh",
            ["-c", ". '\(settings)'; '\(bin)/admirror-responder' 2>&1 | cat"],
            environment: [
                "PATH": "/usr/bin:/bin", "REQUEST_METHOD": "GET", "PATH_INFO": "/api/ads",
                "QUERY_STRING": "adAccountId=\(Stack.yen)", "HTTP_AUTHORIZATION": "Bearer \(stack.token)",
            ]
        )
        #expect(result.output.hasPrefix("Status: 200 OK\r\n"))
        let children = Command.processes(named: "admirror-sync", with: stack.state.path)
        #expect(children.count == 1)
        for child in children {
            let environment = String(
                decoding: FileManager.default.contents(atPath: "/proc/\(child)/environ") ?? Data(),
                as: UTF8.self
            )
            #expect(!environment.contains("HTTP_AUTHORIZATION"))
            #expect(!environment.contains("QUERY_STRING"))
        }
        _ = try stack.send("DELETE", "/simulator/_control")
        try stack.waitForSync(Stack.yen)
    }

    @Test("the responder refuses bad settings with 78, whatever the state of the database")
    func responderSettings() throws {
        let answer = try responder(["REQUEST_METHOD": "GET", "PATH_INFO": "/healthz", "SYNC_MAX_CHILDREN": "many"])
        #expect(answer.status == 78)
        #expect(answer.errors.contains("SYNC_MAX_CHILDREN"))
    }

    @Test("admirror-sync by hand syncs one account, by any of its names")
    func syncByHand() throws {
        for name in [Stack.euros, "act_\(Stack.euros)"] {
            let result = try program("admirror-sync", ["--account", name])
            #expect(result.status == 0)
            #expect(result.errors.contains("sync finished"))
            #expect(!result.errors.contains("EAASimulatorDemoToken"))
        }
        #expect(try program("admirror-sync", ["--due"]).status == 0)
        #expect(try program("admirror-sync", ["--account", "1"]).status == 1)
        #expect(try program("admirror-sync", []).status == 64)
        #expect(try program("admirror-sync", ["--due"], ["DATABASE_URL": "host=/nowhere"]).status == 69)
        #expect(try program("admirror-sync", ["--due"], ["TOKEN_ENCRYPTION_KEY": "x"]).status == 78)
        try stack.order(#"{"fault":"rate_limited","account":"\#(Stack.euros)"}"#)
        #expect(try program("admirror-sync", ["--account", Stack.euros]).status == 1)
        _ = try stack.send("DELETE", "/simulator/_control")
        // Facebook's hold also stops forced syncs, and the message names its end.
        #expect(try program("admirror-sync", ["--account", Stack.euros]).status == 75)
        let refused = try stack.postSync(Stack.euros)
        #expect(refused.status == 429)
        #expect(Int(refused.headers["Retry-After"] ?? "") ?? 0 > 200)
        try stack.database().execute("UPDATE ad_accounts SET held_until = NULL, held_reason = NULL, sync_error = NULL")
    }

    @Test("README lists every command, and no other")
    func commands() throws {
        struct Command: Decodable {
            let commandName: String
            let subcommands: [Command]?

            /// The commands that do something, by their full names.
            var names: [String] {
                let all = (subcommands ?? []).filter { $0.commandName != "help" }.flatMap(\.names)
                return all.isEmpty ? [commandName] : all.map { "\(commandName) \($0)" }
            }
        }
        struct Help: Decodable {
            let command: Command
        }
        let dump = try program("admirror", ["--experimental-dump-help"])
        let names = try JSONDecoder().decode(Help.self, from: Data(dump.output.utf8)).command.names
        #expect(names.count > 20)
        let readme = try String(contentsOfFile: "\(Stack.root)/scripts/README.md", encoding: .utf8)
        let rows = readme.matches(of: /^\| `(admirror [a-z -]+)` \|/.anchorsMatchLineEndings()).map {
            String($0.output.1)
        }
        #expect(rows.sorted() == names.sorted())
        for shell in ["bash", "zsh", "fish"] {
            let script = try program("admirror", ["--generate-completion-script", shell])
            #expect(script.status == 0 && script.output.contains("set-token"))
        }
    }

    private static let exits: [([String], Int32)] = [
        (["nonsense"], 64), (["sync", "--account", "1"], 1), (["sync", "--due", "--account", "1"], 64),
        (["token", "revoke", "ffffffff"], 1), (["token", "create", "--user", "nobody@example.com"], 1),
        (["user", "add", "no address"], 64), (["access", "grant", "nobody@example.com", "1"], 1),
        (["access", "grant", "nobody@example.com", Stack.yen, "--role", "king"], 64),
        (["account", "add", "abc"], 64), (["account", "remove", Stack.yen], 1), (["status"], 0), (["settings"], 0),
        (["migrate"], 0), (["account", "list"], 0), (["user", "list"], 0), (["token", "list"], 0), (["--help"], 0),
    ]

    @Test(
        "the command line exits with the code for the outcome",
        arguments: exits
    )
    func exitCodes(arguments: [String], code: Int32) throws {
        let result = try program("admirror", arguments)
        #expect(result.status == code, "\(result.output) \(result.errors)")
        #expect(code == 0 || !result.errors.isEmpty)
    }

    @Test("the command line exits with 69 without a database, and with 78 for bad settings")
    func environmentCodes() throws {
        #expect(try program("admirror", ["status"], ["DATABASE_URL": "host=/nowhere"]).status == 69)
        #expect(try program("admirror", ["status"], ["DATABASE_URL": ""]).status == 78)
        #expect(try program("admirror", ["migrate"], ["DATABASE_URL": "host=/nowhere"]).status == 69)
        let masked = try program("admirror", ["settings"], ["DATABASE_URL": "postgresql://u:hush@h/d"])
        #expect(!masked.output.contains("hush"))
        #expect(masked.output.contains("postgresql://u:***@h/d"))
    }

    @Test(
        "commands that print data print JSON on request",
        arguments: [["status"], ["settings"], ["account", "list"], ["user", "list"], ["token", "list"]]
    )
    func json(arguments: [String]) throws {
        let result = try program("admirror", arguments + ["--json"])
        #expect(result.status == 0)
        let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [Any]
        #expect(value?.isEmpty == false)
    }

    @Test("--due syncs several accounts at the same time, as the cron URL does")
    func dueAtOnce() throws {
        let accounts = [Stack.dollars, Stack.yen, Stack.euros]
        for account in accounts {
            try stack.waitForSync(account)
            try stack.makeStale(account)
        }
        // Limits that other tests have recorded.
        try stack.database().execute("DELETE FROM api_usage")
        try stack.database().execute("UPDATE ad_accounts SET held_until = NULL, held_reason = NULL")
        try stack.order(#"{"fault":"latency","value":200}"#)
        defer { _ = try? stack.send("DELETE", "/simulator/_control") }
        let before = try stack.number("SELECT count(*) FROM sync_runs")
        #expect(try program("admirror-sync", ["--due"]).status == 0)
        for account in accounts { try stack.waitForSync(account) }
        #expect(try stack.number("SELECT count(*) FROM sync_runs") == before + 3)
        let together = try stack.number(
            """
            WITH latest AS (SELECT * FROM sync_runs ORDER BY requested_at DESC LIMIT 3)
            SELECT count(*) FROM latest a JOIN latest b
                ON a.id < b.id AND a.started_at < b.finished_at AND b.started_at < a.finished_at
            """
        )
        #expect(together == 3)
    }

    @Test("waiting for several syncs includes those whose turn comes late")
    func lateTurn() throws {
        for account in [Stack.dollars, Stack.yen, Stack.euros] { try stack.waitForSync(account) }
        let database = try stack.database()
        try database.execute("DELETE FROM api_usage")
        try database.execute("UPDATE ad_accounts SET held_until = NULL, held_reason = NULL")
        try stack.order(#"{"fault":"latency","value":200}"#)
        defer { _ = try? stack.send("DELETE", "/simulator/_control") }
        let watch = Background { try program("admirror", ["sync", "--force", "--wait"], ["SYNC_MAX_CHILDREN": "1"]) }
        let waiting: Query = "SELECT count(*) FROM sync_runs WHERE started_at IS NULL AND finished_at IS NULL"
        let running: Query = "SELECT count(*) FROM sync_runs WHERE started_at IS NOT NULL AND finished_at IS NULL"
        #expect(try comesTrue { try stack.number(running) == 1 && stack.number(waiting) == 2 })
        try database.execute("UPDATE sync_runs SET requested_at = requested_at - interval '1 hour'")
        let result = try watch.value()
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test("connecting an account prints Facebook's facts about it and the token, and starts its first sync on request")
    func connecting() throws {
        let token = try program("admirror-simulator", ["--print-token"]).output
        let seen = try program("admirror", ["account", "discover"], input: token)
        #expect(seen.status == 0, "\(seen.errors)")
        let header = seen.output.split(separator: "\n")[0].split(separator: " ").joined(separator: " ")
        #expect(header == "ACCOUNT CURRENCY TIME ZONE STATUS NAME")
        #expect(seen.output.contains(Stack.yen) && seen.output.contains("JPY") && seen.output.contains("Asia/Tokyo"))
        #expect(seen.errors.contains("its permissions: ") && seen.errors.contains("ads_read"))
        #expect(!(seen.output + seen.errors).contains(token.trimmingCharacters(in: .newlines)))

        _ = try program("admirror", ["account", "remove", Stack.yen, "--yes"])
        let orphan = ["account", "discover", "--add", "--manager", "nobody@example.com"]
        #expect(try program("admirror", orphan, input: token).status == 1)
        #expect(try program("admirror", ["account", "list"]).output.contains(Stack.yen) == false)
        let added = try program(
            "admirror",
            ["account", "add", "act_\(Stack.yen)", "--manager", "admin@localhost.localdomain", "--wait", "--json"],
            input: token
        )
        #expect(added.status == 0, "\(added.errors)")
        let lines = try JSONSerialization.jsonObject(with: Data(added.output.utf8)) as? [[String: Any]]
        #expect(lines?.count == 1 && lines?[0]["facebookID"] as? String == Stack.yen)
        #expect(lines?[0]["currency"] as? String == "JPY" && lines?[0]["timeZone"] as? String == "Asia/Tokyo")
        let ads = try stack.send("GET", "/api/ads?adAccountId=\(Stack.yen)&limit=1").json()["ads"] as? [Any]
        #expect(ads?.count == 1)
        let everybody = try program("admirror", ["access", "list", Stack.yen])
        #expect(everybody.output.contains("admin@localhost.localdomain  manager"))

        #expect(try program("admirror", ["account", "discover", "--sync"], input: token).status == 64)
        #expect(try program("admirror", ["account", "discover"], input: "EAAnonsense").status == 1)
        #expect(try program("admirror", ["account", "add", "act_1"], input: token).status == 1)
    }

    @Test("a token is printed alone, works, and stops working when it is revoked")
    func tokens() throws {
        let created = try program("admirror", ["token", "create", "--label", "test", "--days", "1"])
        let token = created.output.trimmed
        #expect(token.wholeMatch(of: #/adm_[0-9a-f]{64}/#) != nil)
        #expect(try stack.send("GET", "/api/ad-accounts", token: token).status == 200)
        let list = try program("admirror", ["token", "list", "--json"]).output
        #expect(!list.contains(token))
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [[String: Any]])
        let id = try #require(rows.first { $0["label"] as? String == "test" }?["id"] as? String)
        #expect(try program("admirror", ["token", "revoke", id]).status == 0)
        #expect(try stack.send("GET", "/api/ad-accounts", token: token).status == 401)
    }

    private func program(
        _ name: String,
        _ arguments: [String],
        _ settings: [String: String] = [:],
        input: String = ""
    ) throws -> Command.Result {
        let file = stack.state.appending(path: "settings").path
        let overrides = settings.map { "unset \($0.key)_FILE; export \($0.key)='\($0.value)'; " }.joined()
        let words = arguments.map { "'\($0)'" }.joined(separator: " ")
        let bin = try stack.setting("ADMIRROR_BIN_DIR")
        return try Command.run(
            "/bin/sh",
            ["-c", ". '\(file)'; \(overrides)exec '\(bin)/\(name)' \(words)"],
            environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"],
            input: input
        )
    }

    private func responder(_ variables: [String: String], input: String = "") throws -> Command.Result {
        let file = stack.state.appending(path: "settings").path
        let bin = try stack.setting("ADMIRROR_BIN_DIR")
        let overrides = variables["SYNC_MAX_CHILDREN"].map { "export SYNC_MAX_CHILDREN='\($0)'; " } ?? ""
        return try Command.run(
            "/bin/sh",
            ["-c", ". '\(file)'; \(overrides)exec '\(bin)/admirror-responder'"],
            environment: ["PATH": "/usr/bin:/bin"].merging(variables) { $1 },
            input: input
        )
    }
}
