import Foundation
import Postgres
import TestSupport
import Testing

/// The backup that README describes, restored beside its original database.
@Suite(.serialized)
struct BackupTests {
    private static let shared = Result { try Stack() }
    private let stack: Stack
    private let copy: String

    init() throws {
        stack = try Self.shared.get()
        let url = try stack.setting("DATABASE_URL")
        copy = url.replacing("/admirror?", with: "/restored?")
        guard copy != url else { throw Failure("not the URL of a local run: \(url)") }
        // Nothing may be written between dump and comparison.
        try stack.waitForChildren()
        let file = stack.state.appending(path: "backup.dump").path
        let restored = try shell(
            """
            set -e
            bin="$(pg_config --bindir)"
            export PGOPTIONS='-c client_min_messages=warning'
            "$bin/pg_dump" --format=custom "$DATABASE_URL" >'\(file)'
            "$bin/psql" -qX "$DATABASE_URL" -c 'DROP DATABASE IF EXISTS restored' \
              -c "CREATE DATABASE restored TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
            "$bin/pg_restore" --no-owner --exit-on-error --dbname '\(copy)' <'\(file)'
            """
        )
        guard restored.status == 0 else { throw Failure("\(restored.output)\(restored.errors)") }
    }

    @Test("a restored backup has every row, trigger, function and index, and needs no migration")
    func everything() throws {
        let original = try stack.database()
        let restored = connection()
        let tables = try original.rows(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ) { try $0.text(0) }
        #expect(tables.count > 15)
        for table in tables {
            // Row by row as text, in any order.
            let content: Query =
                "SELECT count(*) || ' ' || coalesce(md5(string_agg(r::text, ' ' ORDER BY r::text)), '') FROM \(raw: table) r"
            #expect(try original.text(content) == restored.text(content), "\(table)")
        }
        #expect(try original.text("SELECT count(*)::text FROM insights_daily") != "0")
        for made: Query in [
            "SELECT string_agg(pg_get_triggerdef(oid), ' ' ORDER BY tgname) FROM pg_trigger WHERE NOT tgisinternal",
            """
            SELECT string_agg(pg_get_functiondef(oid), ' ' ORDER BY proname) FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
            """,
            "SELECT string_agg(indexdef, ' ' ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'public'",
            """
            SELECT string_agg(conrelid::regclass || conname || pg_get_constraintdef(oid), ' ' ORDER BY conrelid::regclass::text, conname)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            """,
        ] {
            #expect(try original.text(made)?.isEmpty == false)
            #expect(try original.text(made) == restored.text(made))
        }
        let migrated = try shell("export DATABASE_URL='\(copy)'; exec \"$ADMIRROR_BIN_DIR/admirror\" migrate")
        #expect(migrated.status == 0)
        #expect(!migrated.output.contains("applied"))
    }

    @Test("append-only tables stay append-only after a restore")
    func appendOnly() throws {
        let restored = connection()
        #expect(try restored.text("SELECT (count(*) > 0)::text FROM audit_events") == "true")
        for change: Query in [
            "DELETE FROM audit_events", "UPDATE audit_events SET at = now()", "TRUNCATE audit_events",
        ] {
            #expect(throws: PostgresError.self) { try restored.execute(change) }
        }
        #expect(try restored.text("SELECT (count(*) > 0)::text FROM audit_events") == "true")
    }

    @Test(
        "the same requests get the same responses, with the tokens and roles of before",
        arguments: ["campaigns", "ad-sets", "ads", "insights"]
    )
    func reads(route: String) throws {
        let answers = try [stack.setting("DATABASE_URL"), copy].map { url in
            try shell(
                "export DATABASE_URL='\(url)'; exec \"$ADMIRROR_BIN_DIR/admirror-responder\"",
                [
                    "REQUEST_METHOD": "GET", "PATH_INFO": "/api/\(route)",
                    "QUERY_STRING": "adAccountId=\(Stack.dollars)",
                    "HTTP_AUTHORIZATION": "Bearer \(stack.token)",
                ]
            ).output.split(separator: "\r\n\r\n", maxSplits: 1).map(String.init)
        }
        #expect(answers[0][0].hasPrefix("Status: 200 OK\r\n"))
        #expect(answers[0][1].contains(#""spen"#))
        #expect(answers[0][1] == answers[1][1])
    }

    @Test("the restored Facebook tokens work with the saved key and with no other")
    func tokens() throws {
        let sync = "export DATABASE_URL='\(copy)'; exec \"$ADMIRROR_BIN_DIR/admirror-sync\" --account \(Stack.yen)"
        let kept = try shell(sync)
        #expect(kept.status == 0, "\(kept.errors)")
        #expect(kept.errors.contains("sync finished"))
        let other = try shell(
            "unset TOKEN_ENCRYPTION_KEY_FILE; export TOKEN_ENCRYPTION_KEY=\(String(repeating: "0", count: 64)); \(sync)"
        )
        #expect(other.status == 1)
        #expect(other.errors.contains("the Facebook token was encrypted with the key"))
    }

    private func connection() -> Connection {
        Connection(
            Connection.Options(url: copy, applicationName: "tests", statementTimeout: 10_000, responseTimeout: 10_000)
        )
    }

    /// A shell with the settings of the stack.
    private func shell(_ script: String, _ variables: [String: String] = [:]) throws -> Command.Result {
        try Command.run(
            "/bin/sh",
            ["-c", ". '\(stack.state.appending(path: "settings").path)'\n\(script)"],
            environment: ["PATH": "/usr/bin:/bin"].merging(variables) { $1 }
        )
    }
}
