import Foundation
import HTTPMessages
import Postgres
import TestSupport
import Testing

/// Runs every command that `admirror doctor` suggests, in the situation in which the doctor suggests it.
@Suite(.serialized)
struct DoctorTests {
    private static let shared = Result { try Stack() }
    private let stack: Stack

    init() throws {
        stack = try Self.shared.get()
    }

    struct Finding: Decodable, Equatable {
        let level: String
        let area: String
        let text: String
        let mend: String?
        let command: String?
    }

    /// A fault, how to cause it, and the suggestion to expect from the doctor.
    private struct Trouble {
        let name: String
        /// The beginning of the suggested command.
        let command: String
        /// A part of the finding's text.
        let text: String
        var settings: [String: String] = [:]
        var cause: () throws -> Void = {}
        /// Ends what the suggested command alone cannot end.
        var end: () throws -> Void = {}
    }

    private static let account = Stack.yen
    private var simulatorToken: String { get throws { try stack.admirrorSimulator("--print-token") } }

    @Test("each command that the doctor suggests removes its finding")
    func suggestions() throws {
        // Nobody reads the accounts meanwhile, so only the commands start syncs.
        for account in [Stack.dollars, Stack.yen, Stack.euros] { try stack.waitForSync(account) }
        var seen: Set<String> = []
        for trouble in try troubles() {
            // A child keeps its settings, such as a key, while it reads history and does later runs.
            if !trouble.settings.isEmpty { try stack.waitForChildren() }
            try trouble.cause()
            let before = try findings(trouble.settings)
            guard let finding = before.first(where: { $0.text.contains(trouble.text) }) else {
                Issue.record("\(trouble.name): nothing found in \(before)")
                continue
            }
            guard let command = finding.command, command.hasPrefix(trouble.command) else {
                Issue.record("\(trouble.name): \(finding)")
                continue
            }
            #expect(finding.mend?.hasPrefix(command) == true, "\(trouble.name)")
            try trouble.end()
            let run = try shell(command.replacing("EMAIL", with: Stack.admin), trouble.settings, input: simulatorToken)
            #expect(run.status == 0, "\(trouble.name): \(command): \(run.output)\(run.errors)")
            let after = try findings(trouble.settings)
            #expect(!after.contains { $0.text.contains(trouble.text) }, "\(trouble.name): \(command): \(after)")
            for account in [Stack.dollars, Stack.yen, Stack.euros] { try stack.waitForSync(account) }
            if !trouble.settings.isEmpty { try stack.waitForChildren() }
            seen.insert(trouble.command)
        }
        // Every kind of command in the doctor's sources was run.
        let folder = "\(Stack.root)/Sources/admirror/Doctor"
        let sources = try FileManager.default.contentsOfDirectory(atPath: folder)
            .map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }.joined()
        let suggested = sources.matches(of: #/"((?:admirror|chmod) [^"\\]*)/#).map { String($0.output.1) }
            .filter { !$0.hasPrefix("admirror doctor") }
        #expect(suggested.count > 10)
        for command in suggested {
            #expect(seen.contains { command.hasPrefix($0) || $0.hasPrefix(command) }, "no test runs: \(command)")
        }
    }

    private func troubles() throws -> [Trouble] {
        let name = "act_\(Self.account)"
        let otherKey = String(repeating: "0", count: 64)
        let readable = stack.state.appending(path: "readable-secret")
        let folder = try String(contentsOf: stack.state.appending(path: "run/authorizations"), encoding: .utf8).trimmed
        let empty = try stack.setting("DATABASE_URL").replacing("dbname=admirror", with: "dbname=empty")
            .replacing("/admirror?", with: "/empty?")
        func sql(_ text: String) throws { try stack.database().runScript(text) }
        func change(_ assignments: String) throws {
            try sql("UPDATE ad_accounts SET \(assignments) WHERE facebook_account_id = '\(Self.account)'")
        }
        return [
            Trouble(name: "nobody calls", command: "admirror sync --due", text: "never called") {
                try sql("DELETE FROM last_done")
            },
            Trouble(name: "a refused call", command: "admirror sync --due", text: "a call was refused") {
                _ = try stack.send("GET", "/api/sync?secret=wrong", token: .some(nil))
            },
            Trouble(name: "no call for long", command: "admirror sync --due", text: "the last call was") {
                try sql("UPDATE last_done SET at = now() - interval '1 day'")
            },
            Trouble(name: "a readable cache", command: "chmod 700", text: "others can read") {
                chmod(folder, 0o755)
            },
            Trouble(
                name: "a readable secret",
                command: "chmod o-rwx",
                text: "every user of this host can read",
                settings: ["CRON_SECRET_FILE": readable.path]
            ) {
                try Data(String(repeating: "0123456789abcdef", count: 4).utf8).write(to: readable)
                chmod(readable.path, 0o644)
            },
            Trouble(name: "no token", command: "admirror account set-token \(name)", text: "has no token") {
                try change("facebook_token = NULL, facebook_token_key_id = NULL, facebook_token_hash = NULL")
            },
            Trouble(name: "a token that ends", command: "admirror account set-token \(name)", text: "expires on") {
                try sql(
                    "INSERT INTO facebook_tokens (hash, expires_at) VALUES (sha256('e'), now() + interval '3 days')"
                )
                try change("facebook_token_hash = sha256('e')")
            },
            Trouble(name: "a dead token", command: "admirror account set-token \(name)", text: "no longer accepts") {
                try sql("INSERT INTO facebook_tokens (hash, is_valid) VALUES (sha256('d'), false)")
                try change("facebook_token_hash = sha256('d')")
            },
            Trouble(
                name: "a refused token",
                command: "admirror account set-token",
                text: "no longer accepts the access token",
                cause: { try stack.order(#"{"fault":"token_expired"}"#) },
                end: { _ = try stack.send("DELETE", "/simulator/_control") }
            ),
            Trouble(
                name: "a lost key",
                command: "admirror account set-token",
                text: "encrypted with the key",
                settings: ["TOKEN_ENCRYPTION_KEY_FILE": "", "TOKEN_ENCRYPTION_KEY": otherKey],
                cause: {
                    // The doctor asks with the first account's token; here only one account exists.
                    try sql("UPDATE ad_accounts SET facebook_token = NULL, facebook_token_key_id = NULL")
                    for account in [Stack.dollars, Stack.yen, Stack.euros] {
                        _ = try shell("admirror account set-token act_\(account) --no-sync", input: simulatorToken)
                    }
                    try sql(
                        """
                        UPDATE ad_accounts SET facebook_token = NULL, facebook_token_key_id = NULL
                        WHERE facebook_account_id <> '\(Self.account)'
                        """
                    )
                }
            ),
            Trouble(
                name: "a key before",
                command: "admirror account rotate-keys",
                text: "are encrypted with TOKEN_ENCRYPTION_OLD_KEY",
                settings: ["TOKEN_ENCRYPTION_OLD_KEY": otherKey],
                cause: {
                    for account in [Stack.dollars, Stack.euros] {
                        _ = try shell("admirror account set-token act_\(account) --no-sync", input: simulatorToken)
                    }
                }
            ),
            Trouble(
                name: "a run without a process",
                command: "admirror sync --account \(name)",
                text: "the process of a sync is gone"
            ) {
                try sql(
                    """
                    INSERT INTO sync_runs (ad_account_id, trigger, requested_at, started_at, heartbeat_at)
                    SELECT id, 'cron', now() - interval '10 minutes', now() - interval '10 minutes',
                           now() - interval '10 minutes' FROM ad_accounts WHERE facebook_account_id = '\(Self.account)';
                    UPDATE ad_accounts SET last_synced_at = now() - interval '20 minutes'
                    """
                )
            },
            Trouble(name: "an error", command: "admirror sync --wait --account \(name)", text: "went wrong") {
                try change(
                    """
                    sync_error = 'It went wrong.', sync_status = 'error', last_synced_at = now() - interval '20 minutes',
                    held_reason = 'RETRY_LATER', held_until = now() + interval '1 hour'
                    """
                )
            },
            Trouble(
                name: "an error beside fresh data",
                command: "admirror sync --wait --force --account \(name)",
                text: "went wrong"
            ) {
                try change("sync_error = 'It went wrong.', sync_status = 'error', last_synced_at = now()")
            },
            Trouble(name: "an expired token", command: "admirror account set-token \(name)", text: "The token died") {
                try change(
                    """
                    sync_error = 'The token died.', sync_status = 'error', held_reason = 'TOKEN_EXPIRED',
                    held_until = 'infinity'
                    """
                )
            },
            Trouble(
                name: "a listing that was not complete",
                command: "admirror sync --wait --force --account \(name)",
                text: "Facebook counts 3 more"
            ) {
                try sql(
                    """
                    UPDATE sync_lists SET unlisted = 3
                    WHERE ad_account_id IN (SELECT id FROM ad_accounts WHERE facebook_account_id = '\(Self.account)')
                    """
                )
            },
            Trouble(
                name: "a damaged value",
                command: "admirror sync --wait --force --account \(name)",
                text: "1 object has values that arrived damaged from Facebook"
            ) {
                try sql(
                    """
                    INSERT INTO damaged_objects (ad_account_id, level, id, fields)
                    SELECT ad_account_id, 'ad', facebook_ad_id, '{name}' FROM creatives
                    WHERE ad_account_id IN (SELECT id FROM ad_accounts WHERE facebook_account_id = '\(Self.account)')
                    LIMIT 1
                    """
                )
            },
            Trouble(
                name: "a damaged day",
                command: "admirror sync --wait --force --account \(name)",
                text: "results of 1 day are incomplete and are read again"
            ) {
                try sql(
                    """
                    UPDATE insights_days SET is_damaged = true, state = 'partial', read_at = now() WHERE (ad_account_id, day) = (
                        SELECT ad_account_id, max(day) FROM insights_days WHERE state = 'complete' AND ad_account_id IN (
                            SELECT id FROM ad_accounts WHERE facebook_account_id = '\(Self.account)') GROUP BY 1)
                    """
                )
            },
            Trouble(
                name: "a refused metric",
                command: "admirror sync --wait --force --account \(name)",
                text: "Facebook refuses conversion_value, roas"
            ) {
                try sql(
                    """
                    UPDATE sync_lists SET refused_fields = '{action_values}', adapted_at = now(), refused_since = now()
                    WHERE list IN ('account_days', 'campaign_totals', 'ad_set_totals', 'ad_totals', 'recent_days')
                      AND ad_account_id IN (
                          SELECT id FROM ad_accounts WHERE facebook_account_id = '\(Self.account)'
                      )
                    """
                )
            },
            Trouble(name: "never synced", command: "admirror sync --wait --account \(name)", text: "has never synced") {
                try change("last_synced_at = NULL")
            },
            Trouble(name: "old data", command: "admirror sync --wait --account \(name)", text: "the last sync was") {
                try change("last_synced_at = now() - interval '1 day'")
            },
            Trouble(
                name: "an older schema",
                command: "admirror migrate",
                text: "run `admirror migrate`",
                settings: ["DATABASE_URL": empty]
            ) {
                try sql("CREATE DATABASE empty")
            },
            Trouble(
                name: "no account",
                command: "admirror account discover --add --sync --manager EMAIL",
                text: "no ad account is connected",
                settings: ["DATABASE_URL": empty]
            ) {
                let added = try shell("admirror user add \(Stack.admin)", ["DATABASE_URL": empty])
                #expect(added.status == 0, "\(added.errors)")
            },
        ]
    }

    /// Runs a shell line with the settings of the stack, except those given.
    private func shell(_ line: String, _ settings: [String: String] = [:], input: String = "") throws -> Command.Result
    {
        let assignments = settings.map { "export \($0.key)='\($0.value)'" }.joined(separator: "\n")
        let bin = try stack.setting("ADMIRROR_BIN_DIR")
        return try Command.run(
            "/bin/sh",
            [
                "-c",
                """
                . '\(stack.state.path)/settings'
                \(assignments)
                admirror() { '\(bin)/admirror' "$@"; }
                \(line)
                """,
            ],
            environment: ProcessInfo.processInfo.environment.merging(["ADMIRROR_STATE_DIR": stack.state.path]) { $1 },
            input: input
        )
    }

    private func findings(_ settings: [String: String]) throws -> [Finding] {
        let result = try shell("admirror doctor --json --problems", settings)
        guard result.status < 2 else { throw Failure("\(result.output)\(result.errors)") }
        return try JSONDecoder().decode([Finding].self, from: Data(result.output.utf8))
    }

    @Test("the doctor names nginx's cache folders that are missing or that nginx cannot write to")
    func cacheFolders() throws {
        let folder = stack.state.appending(path: "others").path
        let gone = stack.state.appending(path: "nowhere").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // The test's user owns the folder; nginx would run as another user.
        let dump = """
            user nobody;
            upstream admirror_responders { server "unix:/nowhere"; }
            fastcgi_cache_path "\(folder)" levels=1:2 keys_zone=authorizations:10m;
            fastcgi_cache_path "\(gone)" levels=1:2 keys_zone=answers:10m;
            """
        chmod(folder, 0o700)
        let result = try shell("admirror doctor --json --problems --nginx-from-standard-input", input: dump)
        let all = try JSONDecoder().decode([Finding].self, from: Data(result.output.utf8))
        let found = all.filter { $0.area == "nginx" }
        #expect(found.map(\.level) == ["problem", "problem"], "\(found)")
        #expect(found.first?.text == "nginx, which runs as nobody, may not write into the cache folder \(folder)")
        #expect(found.last?.text == "the cache folder \(gone) is missing")
    }

    @Test("set-token starts a sync, and --no-sync prevents it")
    func syncAfterToken() throws {
        let account = "act_\(Self.account)"
        let runs: Query = "SELECT count(*) FROM sync_runs"
        try stack.waitForSync(Self.account)
        let before = try stack.number(runs)
        let token = try simulatorToken
        #expect(try stack.admirror("account", "set-token", account, "--no-sync", input: token).status == 0)
        #expect(try stack.number(runs) == before)
        let set = try stack.admirror("account", "set-token", account, input: token)
        #expect(set.status == 0 && set.output.contains("Started 1 ad account sync"), "\(set.output)\(set.errors)")
        #expect(try stack.number(runs) == before + 1)
        try stack.waitForSync(Self.account)
        let outcome = try stack.database().text("SELECT outcome FROM sync_runs ORDER BY requested_at DESC LIMIT 1")
        #expect(outcome == "done")
    }
}

extension Stack {
    /// The simulator's own output.
    func admirrorSimulator(_ option: String) throws -> String {
        try Command.run("\(try setting("ADMIRROR_BIN_DIR"))/admirror-simulator", [option]).output.trimmed
    }
}
