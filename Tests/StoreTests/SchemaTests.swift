import Foundation
import Postgres
import Store
import TestSupport
import Testing

@Suite struct SchemaTests {
    let database: TemporaryDatabase

    init() throws {
        database = try TemporaryDatabase(isMigrated: false)
    }

    @Test("migrating an empty database applies every migration, and a second time none")
    func twice() throws {
        #expect(try Schema.migrate(database.options).count == Schema.knownVersion)
        #expect(try Schema.migrate(database.options) == [])
        try database.store().checkReadiness()
        let versions = try database.connect().rows("SELECT version FROM schema_migrations ORDER BY 1") {
            try $0.integer(0)
        }
        #expect(versions == Array(1...Schema.knownVersion))
    }

    @Test("eight simultaneous migrations apply each migration once")
    func atOnce() throws {
        let options = database.options
        let applied = try inThreads(8) { _ in try Schema.migrate(options) }
        #expect(applied.joined().count == Schema.knownVersion)
        try database.store().checkReadiness()
    }

    @Test("a migration that waits for a table delays no read for long, and is applied once the table is free")
    func waiting() throws {
        _ = try Schema.migrate(database.options, through: 19)
        let (sync, reader) = (database.connect(), database.connect())
        try sync.execute("BEGIN")
        try sync.execute("LOCK TABLE campaigns IN ROW EXCLUSIVE MODE")
        let options = database.options
        let migration = Background { try Schema.migrate(options) }
        let waits = """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        while try reader.integer("\(raw: waits)") == 0 { usleep(1000) }
        try reader.execute("SET statement_timeout = '10s'")
        for _ in 0..<3 { #expect(try reader.integer("SELECT count(*) FROM campaigns") == 0) }
        try sync.execute("COMMIT")
        #expect(try migration.value().count == Schema.knownVersion - 19)
        try database.store().checkReadiness()
    }

    @Test("an empty database is refused as older, with a remedy")
    func empty() throws {
        let error = #expect(throws: Schema.Mismatch.self) { try database.store().checkReadiness() }
        #expect(error?.found == 0)
        #expect(error?.known == Schema.knownVersion)
        #expect(error?.description.contains("admirror migrate") == true)
    }

    @Test("an older schema is refused until it is migrated, and keeps its rows", arguments: 1..<Schema.knownVersion)
    func older(version: Int) throws {
        #expect(try Schema.migrate(database.options, through: version).count == version)
        let connection = database.connect()
        try connection.execute("INSERT INTO ad_accounts (facebook_account_id, name) VALUES ('7', 'Old')")
        if version >= 2 {
            try connection.execute(
                """
                INSERT INTO campaigns (facebook_campaign_id, ad_account_id, name, status, effective_status)
                SELECT '1', id, 'Kept', 'ACTIVE', 'ACTIVE' FROM ad_accounts
                """
            )
        }
        #expect(throws: Schema.Mismatch.self) { try database.store().checkReadiness() }
        #expect(try Schema.migrate(database.options).count == Schema.knownVersion - version)
        try database.store().checkReadiness()
        #expect(try connection.text("SELECT name FROM ad_accounts") == "Old")
        if version >= 2 { #expect(try connection.text("SELECT name FROM campaigns") == "Kept") }
    }

    @Test("programs and migrate refuse a newer schema, and migrate leaves it unchanged")
    func newer() throws {
        _ = try Schema.migrate(database.options)
        let connection = database.connect()
        try connection.execute("INSERT INTO schema_migrations (version, name) VALUES (99, 'from_the_future')")
        let error = #expect(throws: Schema.Mismatch.self) { try database.store().adAccounts() }
        #expect(error?.found == 99)
        #expect(throws: Schema.Mismatch.self) { try Schema.migrate(database.options) }
        #expect(try connection.integer("SELECT count(*) FROM schema_migrations") == Schema.knownVersion + 1)
    }

    @Test("the operators' monitoring queries work word for word")
    func monitoring() throws {
        let sample = try Sample()
        try sample.sync()
        let connection = sample.database.connect()
        let accounts = try connection.rows(
            "SELECT name, last_synced_at, sync_status, sync_error FROM ad_accounts ORDER BY last_synced_at DESC;"
        ) { ($0.optionalText(0), $0.isNull(1), $0.optionalText(2), $0.isNull(3)) }
        #expect(accounts.count == 1)
        #expect(accounts.first.map { $0 == ("Small", false, "idle", true) } == true)
        for (table, count) in [("campaigns", 6), ("ad_groups", 20), ("creatives", 60)] {
            let counts = try connection.firstRow(
                """
                SELECT COUNT(*) AS total,
                       COUNT(CASE WHEN last_synced_at > NOW() - INTERVAL '10 minutes' THEN 1 END) AS fresh,
                       COUNT(CASE WHEN last_synced_at IS NULL THEN 1 END) AS never_synced
                FROM \(raw: table);
                """
            ) { [try $0.integer(0), try $0.integer(1), try $0.integer(2)] }
            #expect(counts == [count, count, 0])
        }
    }

    @Test("the upserts' keys are unique, as the contract names them")
    func keys() throws {
        let sample = try Sample()
        try sample.sync()
        let connection = sample.database.connect()
        let keys = [
            ("campaigns", "facebook_campaign_id", "name, status, effective_status"),
            ("ad_groups", "facebook_ad_set_id", "facebook_campaign_id, name, status, effective_status"),
            (
                "creatives", "facebook_ad_id",
                "facebook_ad_set_id, facebook_campaign_id, name, status, effective_status"
            ),
        ]
        for (table, key, others) in keys {
            let error = #expect(throws: PostgresError.self) {
                try connection.execute(
                    """
                    INSERT INTO \(raw: table) (ad_account_id, \(raw: key), \(raw: others))
                    SELECT ad_account_id, \(raw: key), \(raw: others) FROM \(raw: table) LIMIT 1
                    """
                )
            }
            #expect(error?.code == .uniqueViolation)
        }
    }

    @Test("constraints reject values that no part of the product may store")
    func constraints() throws {
        let sample = try Sample()
        try sample.sync()
        let connection = sample.database.connect()
        for status in ["idle", "syncing", "error"] {
            try connection.execute("UPDATE ad_accounts SET sync_status = \(status)")
        }
        let refused: [Query] = [
            "UPDATE ad_accounts SET sync_status = 'done'",
            "UPDATE ad_accounts SET sync_status = NULL",
            "UPDATE ad_accounts SET held_until = now()",
            "UPDATE ad_accounts SET held_until = now(), held_reason = 'BORED'",
            "UPDATE ad_accounts SET facebook_token = NULL",
            "UPDATE ad_accounts SET facebook_account_id = 'act_1'",
            "INSERT INTO ad_accounts (facebook_account_id) SELECT facebook_account_id FROM ad_accounts",
            "INSERT INTO users (email) VALUES ('nobody')",
            "INSERT INTO users (email) VALUES ('ADA@example.com')",
            "UPDATE account_access SET role = 'king'",
            "UPDATE access_tokens SET token_hash = 'short'",
            "UPDATE access_tokens SET scope = 'all'",
            "UPDATE campaigns SET impressions = -1",
            "UPDATE campaigns SET spent = 'NaN'",
            "UPDATE creatives SET spent = -1",
            "UPDATE ad_groups SET daily_budget = -1",
            "UPDATE sync_runs SET outcome = NULL",
            "UPDATE sync_runs SET trigger = 'whim'",
        ]
        for query in refused {
            let error = #expect(throws: PostgresError.self, "\(query.sql)") { try connection.execute(query) }
            #expect(error?.code.rawValue.hasPrefix("23") == true, "\(query.sql)")
        }
    }

    @Test("an account has at most one unfinished run")
    func unfinishedRuns() throws {
        let sample = try Sample()
        let connection = sample.database.connect()
        let add: Query = "INSERT INTO sync_runs (ad_account_id, trigger) SELECT id, 'read' FROM ad_accounts"
        try connection.execute(add)
        #expect(throws: PostgresError.self) { try connection.execute(add) }
        try connection.execute("UPDATE sync_runs SET finished_at = now(), outcome = 'done'")
        try connection.execute(add)
    }
}
