import Foundation
import HTTPMessages
import Postgres
import TestSupport
import Testing

/// Tools for operators: metrics, alerts, log lines, the doctor, pruning.
@Suite(.serialized)
struct OperationsTests {
    /// Meta announced no end for this version, so it is valid whenever the tests run. The default version is past its
    /// end, which the doctor warns about.
    private static let version = "v99.0"
    private static let shared = Result { try Stack(["FACEBOOK_API_VERSION": version]) }
    private let stack: Stack

    init() throws {
        stack = try Self.shared.get()
    }

    private func log(_ name: String) throws -> [Substring] {
        try String(contentsOf: stack.state.appending(path: "log/\(name).log"), encoding: .utf8).split(separator: "\n")
    }

    /// The value of a pair in a log line.
    private func value(_ name: String, in line: Substring) -> Substring? {
        line.split(separator: " ").first { $0.hasPrefix("\(name)=") }?.dropFirst(name.count + 1)
    }

    private struct Finding: Decodable {
        let level: String
        let area: String
        let text: String
        let mend: String?
    }

    /// The doctor's findings that are not well, as level and area.
    private func findings(_ settings: [String: String] = [:], status: Int32) throws -> [String] {
        try look(settings, status: status).map { "\($0.level) \($0.area)" }
    }

    private func look(_ settings: [String: String] = [:], status: Int32) throws -> [Finding] {
        let environment = ProcessInfo.processInfo.environment.merging(["ADMIRROR_STATE_DIR": stack.state.path]) { $1 }
        let assignments = settings.map { "export \($0.key)='\($0.value)';" }.joined()
        let bin = try stack.setting("ADMIRROR_BIN_DIR")
        let result = try Command.run(
            "/bin/sh",
            ["-c", ". '\(stack.state.path)/settings'; \(assignments) exec '\(bin)/admirror' doctor --json --problems"],
            environment: environment
        )
        #expect(result.status == status, "\(result.output)\(result.errors)")
        let findings = try JSONDecoder().decode([Finding].self, from: Data(result.output.utf8))
        // Each finding names a remedy.
        #expect(findings.allSatisfy { $0.mend?.isEmpty == false })
        return findings
    }

    @Test(
        "promtool accepts the metrics, which nginx returns to this host and to other hosts only with a token"
    )
    func metrics() throws {
        _ = try stack.hit("/api/campaigns?adAccountId=\(Stack.yen)")
        let response = try stack.send("GET", "/metrics", token: .some(nil))
        #expect(response.status == 200)
        #expect(response.text.contains(#"admirror_nginx_recent_answers{cache="hit"}"#))
        let check = try Command.run("/usr/bin/promtool", ["check", "metrics"], input: response.text)
        #expect(check.status == 0 && check.output.isEmpty && check.errors.isEmpty, "\(check.output)\(check.errors)")
        // As if through a proxy on this host.
        let foreign = try stack.send(
            "GET",
            "/metrics",
            token: .some(nil),
            headers: [("X-Forwarded-For", "203.0.113.9")]
        )
        #expect(foreign.status == 401)
        #expect(try stack.send("GET", "/metrics", headers: [("X-Forwarded-For", "203.0.113.9")]).status == 200)
        #expect(try !log("nginx-access").contains { $0.contains("target=\"/metrics") })
    }

    @Test("the example alerts are valid, and the one for a cold cache fires when no read comes from the cache")
    func alerts() throws {
        let check = try Command.run(
            "/usr/bin/promtool",
            ["check", "rules", "\(Stack.root)/scripts/monitoring/alerts.yml"]
        )
        #expect(check.status == 0, "\(check.output)\(check.errors)")

        let file = FileManager.default.temporaryDirectory.appending(path: "alerts-\(UUID().uuidString).yml")
        defer { try? FileManager.default.removeItem(at: file) }
        let series = #"admirror_nginx_recent_answers{cache="miss"}"#
        let cold = """
            rule_files: ['\(Stack.root)/scripts/monitoring/alerts.yml']
            tests:
              - interval: 1m
                input_series: [{series: '\(series)', values: '5000+0x60'}]
                alert_rule_test:
                  - alertname: AdMirrorCacheCold
                    eval_time: 40m
                    exp_alerts:
                      - exp_labels: {severity: info}
                        exp_annotations:
                          summary: Only 0% of the reads come from nginx's cache.
                          do: does something ask with ever new parameters? nginx's access log
            """
        try Data(cold.utf8).write(to: file)
        let test = try Command.run("/usr/bin/promtool", ["test", "rules", file.path])
        #expect(test.status == 0, "\(test.output)\(test.errors)")
    }

    @Test("the alert for refused cron calls fires, unless another caller has the right secret")
    func refusedCronAlert() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "alerts-\(UUID().uuidString).yml")
        defer { try? FileManager.default.removeItem(at: file) }
        func test(age: String, expected: String) -> String {
            """
                - interval: 1m
                  input_series:
                    - {series: 'admirror_cron_refused_calls_total', values: '0+1x60'}
                    - {series: 'admirror_cron_last_call_age_seconds', values: '\(age)'}
                  alert_rule_test:
                    - {alertname: AdMirrorCronRefused, eval_time: 40m, exp_alerts: [\(expected)]}
            """
        }
        let firing = """
            {exp_labels: {severity: ticket}, exp_annotations: {
              summary: 'Calls of the cron URL are refused, and none had the right secret for 15 minutes.',
              do: "compare the caller's secret with CRON_SECRET; admirror audit shows the caller's address"}}
            """
        let tests = [test(age: "1000+60x60", expected: firing), test(age: "100+0x60", expected: "")]
        let rules = "rule_files: ['\(Stack.root)/scripts/monitoring/alerts.yml']\ntests:\n"
        try Data((rules + tests.joined(separator: "\n")).utf8).write(to: file)
        let result = try Command.run("/usr/bin/promtool", ["test", "rules", file.path])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test("one id names a request in nginx's log, the responder's log and the log of the sync child that it started")
    func requestIDs() throws {
        try stack.waitForChildren()
        try stack.makeStale(Stack.yen)
        _ = try stack.send("GET", "/api/ads?adAccountId=\(Stack.yen)&q=traced")
        try stack.waitForSync(Stack.yen)
        var line: Substring?
        try eventually("nginx has logged it") {
            line = try log("nginx-access").last { $0.contains("q=traced") }
            return line != nil
        }
        let id = try #require(value("request_id", in: line ?? ""))
        #expect(id.count == 32)
        let child = try log("sync").filter { value("request_id", in: $0) == id }
        #expect(child.contains { $0.contains("event=\"sync finished\"") }, "\(child)")

        try stack.database().execute("ALTER TABLE users RENAME TO people")
        defer { _ = try? stack.database().execute("ALTER TABLE people RENAME TO users") }
        #expect(try stack.send("GET", "/api/ad-accounts?q=failed").status == 500)
        try eventually("nginx has logged it") {
            line = try log("nginx-access").last { $0.contains("q=failed") }
            return line != nil
        }
        let failed = try #require(value("request_id", in: line ?? ""))
        #expect(failed != id)
        #expect(try log("responders").contains { $0.contains("request_id=\(failed)") && $0.contains("level=error") })
    }

    @Test("the doctor finds nothing on a healthy stack, and reports each fault with a remedy")
    func doctor() throws {
        // The demo's settings contain no cron service.
        #expect(try findings(status: 0) == ["warning cron"])
        #expect(
            try stack.send("GET", "/api/sync?secret=\(stack.secret("cron_secret"))", token: .some(nil)).status == 202
        )
        for account in [Stack.dollars, Stack.yen, Stack.euros] { try stack.waitForSync(account) }
        #expect(try findings(status: 0) == [])

        #expect(try stack.send("POST", "/api/sync?secret=wrong", token: .some(nil)).code == "CRON_SECRET_INVALID")
        #expect(try findings(status: 0) == ["warning cron"])
        #expect(try stack.send("GET", "/metrics").text.contains("\nadmirror_cron_refused_calls_total 1\n"))
        try stack.admirror("sync", "--due")
        #expect(try findings(status: 0) == [])

        #expect(try findings(["PORT": "1"], status: 1) == ["problem responders"])
        #expect(try findings(["NGINX_CONFIGURATION": "/etc/hostname"], status: 1) == ["problem nginx"])
        #expect(try findings(["RESPONDERS": "256"], status: 0) == ["warning responders"])
        #expect(try findings(["FACEBOOK_GRAPH_URL": "http://127.0.0.1:1"], status: 1) == ["problem facebook"])
        #expect(
            try findings(
                ["TOKEN_ENCRYPTION_KEY_FILE": "", "TOKEN_ENCRYPTION_KEY": String(repeating: "0", count: 64)],
                status: 1
            )
                == ["warning settings", "problem facebook"]
        )
        #expect(
            try findings(["CRON_SECRET_FILE": "", "CRON_SECRET": String(repeating: "ab", count: 16)], status: 1)
                == ["warning settings", "problem cron"]
        )
        try stack.order(#"{"fault":"version_warning","version":"\#(Self.version)","current":"v100.0"}"#)
        defer { _ = try? stack.send("DELETE", "/simulator/_control") }
        #expect(try findings(status: 0) == ["warning facebook"])
        _ = try stack.send("DELETE", "/simulator/_control")
        #expect(try findings(["DATABASE_URL": "host=/nowhere"], status: 1) == ["problem database"])
        #expect(try findings(["DATABASE_READ_URL": "host=/nowhere"], status: 0) == ["warning database"])
    }

    @Test("the doctor warns of an API version that ends soon or has ended")
    func versionEnds() throws {
        let database = try stack.database()
        try database.execute("INSERT INTO last_done (what) VALUES ('cron') ON CONFLICT DO NOTHING")
        defer { _ = try? database.execute("UPDATE graph_versions SET ends_on = NULL") }
        for (days, words) in [(90, nil), (30, "ends on"), (-1, "still accepts it")] as [(Int, String?)] {
            try database.execute("UPDATE graph_versions SET ends_on = current_date + \(days)::int")
            let found = try look(status: 0)
            #expect(found.map(\.area) == (words == nil ? [] : ["facebook"]), "\(days): \(found)")
            #expect(found.allSatisfy { $0.text.contains(words ?? "") && $0.text.contains(Self.version) }, "\(found)")
            // The calendar has no newer version.
            #expect(found.allSatisfy { $0.mend?.hasSuffix("_API_VERSION to a newer version") == true }, "\(found)")
        }
    }

    @Test("the doctor detects a foreign server, and waits briefly for Facebook")
    func otherServers() throws {
        let other = try LoopbackServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let silent = try LoopbackServer(answering: "")
        defer { withExtendedLifetime((other, silent)) {} }
        #expect(try findings(["PORT": "\(other.port)"], status: 1).contains("problem responders"))
        #expect(
            try findings(["FACEBOOK_GRAPH_URL": "http://127.0.0.1:\(silent.port)"], status: 1)
                .contains("problem facebook")
        )
    }

    @Test("a check that the doctor cannot finish because the database hangs is reported as not well")
    func locked() throws {
        let database = try stack.database()
        let url = try stack.setting("DATABASE_URL") + "&options=-c%20lock_timeout%3D100ms"
        try database.transaction {
            try database.execute("LOCK TABLE last_done")
            let found = try findings(["DATABASE_URL": url], status: 1)
            #expect(found.contains("problem cron"))
        }
    }

    @Test("the doctor reports a standby that lost its primary as out of date")
    func standby() throws {
        let sockets = try #require(try stack.database().text("SHOW unix_socket_directories"))
        func run(_ script: String) throws {
            let result = try Command.run(
                "/bin/sh",
                [
                    "-euc",
                    """
                    cd '\(Stack.root)'; . scripts/lib/common.sh; . scripts/lib/postgres.sh
                    bin="$(pg_bin)"; data="$state/postgres/standby"; sockets="$1"; \(script)
                    """, "sh", sockets,
                ],
                environment: ProcessInfo.processInfo.environment.merging(["ADMIRROR_STATE_DIR": stack.state.path]) {
                    $1
                }
            )
            guard result.status == 0 else { throw Failure("\(result.output)\(result.errors)") }
        }
        try run(
            """
            as_postgres_owner "$bin/pg_basebackup" -h "$sockets" -p 5432 -U admirror -D "$data" -R -c fast
            as_postgres_owner "$bin/pg_ctl" -D "$data" -l "$state/postgres/standby.log" -w start \
              -o "-F -c listen_addresses='' -c port=5433" -o "-k '$sockets'" >/dev/null
            """
        )
        defer { try? run(#"as_postgres_owner "$bin/pg_ctl" -D "$data" -m immediate -w stop; rm -rf "$data""#) }
        let url = try stack.setting("DATABASE_URL").replacing("port=5432", with: "port=5433")
        func isUpToDate() throws -> Bool {
            let bin = try stack.setting("ADMIRROR_BIN_DIR")
            let script = """
                . '\(stack.state.path)/settings'; export DATABASE_READ_URL='\(url)'; exec '\(bin)/admirror' doctor --offline
                """
            return try Command.run("/bin/sh", ["-c", script]).output.contains("the replica is 0 s behind")
        }
        #expect(try comesTrue { try isUpToDate() })
        let standby = Connection(
            Connection.Options(url: url, applicationName: "tests", statementTimeout: 10_000, responseTimeout: 10_000)
        )
        try standby.execute("ALTER SYSTEM SET primary_conninfo = 'host=/nowhere'")
        try standby.execute("SELECT pg_reload_conf()")
        #expect(try comesTrue { try !isUpToDate() })
    }

    @Test("the doctor reports accounts that fail, were never synced, or have an expiring or no token")
    func accounts() throws {
        let database = try stack.database()
        try database.execute(
            "UPDATE ad_accounts SET sync_error = 'x', sync_status = 'error' WHERE facebook_account_id = \(Stack.yen)"
        )
        try database.execute(
            "UPDATE ad_accounts SET last_synced_at = NULL, facebook_token = NULL, facebook_token_key_id = NULL WHERE facebook_account_id = '\(raw: Stack.euros)'"
        )
        try database.execute(
            "INSERT INTO facebook_tokens (hash, expires_at) VALUES (sha256('e'), now() + interval '3 days')"
        )
        try database.execute(
            "UPDATE ad_accounts SET facebook_token_hash = sha256('e') WHERE facebook_account_id = \(Stack.dollars)"
        )
        try database.execute("INSERT INTO last_done (what) VALUES ('cron') ON CONFLICT DO NOTHING")
        #expect(
            try findings(status: 1).sorted()
                == ["problem facebook", "problem syncs", "warning facebook", "warning syncs"]
        )
    }

    @Test("the doctor reports a schema of another version, and a cache that others can read")
    func schema() throws {
        let database = try stack.database()
        try database.execute("INSERT INTO schema_migrations (version, name) VALUES (99, 'from_the_future')")
        #expect(try findings(status: 1).first == "problem database")
        try database.execute("DELETE FROM schema_migrations WHERE version = 99")

        let folder = try String(contentsOf: stack.state.appending(path: "run/authorizations"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        chmod(folder, 0o755)
        defer { chmod(folder, 0o700) }
        #expect(try findings(status: 1).contains("problem nginx"))
    }

    @Test("pruning by hand reports the removed rows, and --dry-run removes nothing")
    func prune() throws {
        try stack.database().execute(
            """
            INSERT INTO sync_runs (ad_account_id, trigger, requested_at, started_at, finished_at, outcome)
            SELECT id, 'cron', at, at, at, 'done' FROM ad_accounts, (SELECT now() - interval '1 year' AS at) old
            """
        )
        #expect(try stack.admirror("prune", "--dry-run").output.contains("would remove 3 syncs older than 90 days"))
        #expect(try stack.admirror("prune").output.contains("removed 3 syncs older than 90 days"))
        let json = try stack.admirror("prune", "--json").output
        #expect(json.contains(#""syncRuns" : 0"#) && json.contains(#""removed" : true"#))
    }
}
