import Endpoints
import HTTPMessages
import Model
import Postgres
import Secrets
import Store
import TestSupport
import Testing

/// A database from the release with schema version 9, migrated to the current one.
@Suite struct UpgradedDatabaseTests {
    let before = Result { try VersionNine() }
    var database: TemporaryDatabase { get throws { try before.get().database } }

    private func endpoints() throws -> Endpoints {
        Endpoints(
            store: try database.store(),
            environment: Endpoints.Environment(
                syncInterval: 600,
                cronSecret: nil,
                startSync: { _ in },
                log: { Issue.record("\($0)") },
                now: { 0 }
            )
        )
    }

    private func migrate() throws { _ = try Schema.migrate(database.options) }

    @Test("every row keeps every value")
    func rows() throws {
        let connection = try database.connect()
        let tables = try connection.rows(
            """
            SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
            """
        ) { try $0.text(0) }
        #expect(tables.count > 20)
        var filled: Set<String> = []
        for table in tables {
            let count = try connection.integer("SELECT count(*) FROM \(raw: table)") ?? 0
            if count > 0 { filled.insert(table) }
            try connection.runScript(
                "CREATE TABLE IF NOT EXISTS old_\(table) AS SELECT to_jsonb(t) AS row FROM \(table) t"
            )
        }
        // Tables that a release leaves empty between two syncs.
        #expect(Set(tables).subtracting(filled).allSatisfy { $0.hasPrefix("staged_") }, "\(filled.sorted())")

        try migrate()
        for table in tables {
            // New columns may be added; existing ones keep their values.
            let lost = try connection.rows(
                """
                SELECT row FROM old_\(raw: table) old
                WHERE NOT EXISTS (SELECT FROM \(raw: table) t WHERE to_jsonb(t) @> old.row)
                """
            ) { try $0.text(0) }
            #expect(lost.isEmpty, "\(table): \(lost.prefix(1))")
            let counts = "(SELECT count(*) FROM \(table)) - (SELECT count(*) FROM old_\(table))"
            // Since version 17 the totals of each level have their own row.
            if !["schema_migrations", "sync_lists"].contains(table) {
                #expect(try connection.integer("SELECT \(raw: counts)") == 0, "\(table)")
            }
        }
    }

    @Test("access tokens, sessions, passwords, roles and Facebook's tokens stay valid")
    func credentials() throws {
        try migrate()
        let endpoints = try endpoints()
        let bearer: HTTPHeaders = ["Authorization": "Bearer \(VersionNine.token)"]
        let accounts = endpoints.answer(HTTPRequest(path: "/api/ad-accounts", headers: bearer)).json["adAccounts"].list
        #expect(accounts.map { $0["facebook_id"].string } == ["1002", "1001"])
        #expect(accounts.allSatisfy { $0["role"].string == "owner" })
        #expect(accounts.last?["time_zone"].string == "Europe/Berlin" && accounts.last?["name"].string == "Ünited")
        #expect(accounts.first?["sync_error"].string == "The token died.")

        let cookie: HTTPHeaders = ["Cookie": "admirror=\(VersionNine.session)"]
        let session = endpoints.answer(HTTPRequest(path: "/api/session", headers: cookie))
        #expect(session.json["user"]["email"].string == "ada@example.com")
        let signIn = endpoints.answer(
            HTTPRequest(
                method: "POST",
                path: "/api/session",
                headers: ["Content-Type": "application/json"],
                body: Array(#"{"email":"ada@example.com","password":"correct horse battery staple"}"#.utf8)
            )
        )
        #expect(signIn.status == 200, "\(signIn.text)")

        let store = try database.store()
        let stored = try #require(try store.token(of: AdAccount.ID(rawValue: VersionNine.account)))
        let cipher = TokenCipher(key: VersionNine.encryptionKey)
        #expect(try cipher.open(stored.sealed, account: "1001") == VersionNine.facebookToken)
    }

    @Test("reads return the same responses as in the previous release")
    func reads() throws {
        try migrate()
        let endpoints = try endpoints()
        func row(_ path: String, _ member: String, _ id: String) -> JSON? {
            let response = endpoints.answer(
                HTTPRequest(
                    path: path,
                    query: "adAccountId=act_1001",
                    headers: ["Authorization": "Bearer \(VersionNine.token)"]
                )
            )
            #expect(response.status == 200, "\(response.text)")
            return response.json[member].list.first { $0["id"].string == id }
        }
        let campaign = try #require(row("/api/campaigns", "campaigns", "120200000000000001"))
        for (name, text) in [
            ("name", "Spring \"Sale\""), ("status", "ACTIVE"), ("effective_status", "ACTIVE"),
            ("objective", "OUTCOME_SALES"),
            ("created_at", "2026-01-05T06:07:08Z"), ("updated_at", "2026-02-01T00:00:00Z"),
        ] {
            #expect(campaign[name].string == text, "\(name)")
        }
        for (name, number) in [
            ("budget", 25.5), ("daily_budget", 25.5), ("spent", 12.34), ("impressions", 1000), ("clicks", 20),
            ("ctr", 2),
            ("cpc", 0.617), ("cpm", 12.34), ("reach", 800), ("frequency", 1.25), ("conversions", 4),
            ("cost_per_conversion", 3.085),
        ] {
            #expect(campaign[name].number == number, "\(name)")
        }
        #expect(campaign["lifetime_budget"].isNull)
        let quiet = try #require(row("/api/campaigns", "campaigns", "120200000000000002"))
        #expect(quiet["impressions"].number == 0 && quiet["ctr"].isNull && quiet["budget"].number == 100)
        #expect(row("/api/campaigns", "campaigns", "120200000000000003") == nil, "it is gone")
        let adSet = try #require(row("/api/ad-sets", "adSets", "120200000000000011"))
        #expect(adSet["campaign_name"].string == "Spring \"Sale\"" && adSet["optimization_goal"].string == "REACH")
        let ad = try #require(row("/api/ads", "ads", "120200000000000021"))
        #expect(ad["name"].string == "Ad ☀️" && ad["ad_set_name"].string == "Set" && ad["spend"].number == 12.34)
        #expect(ad["roas"].number == 4.092382 && ad["engagement"].number == 30)
        let change = try #require(row("/api/changes", "changes", "120200000000000001"))
        #expect(change["old"].string == "PAUSED" && change["new"].string == "ACTIVE")
        let days = endpoints.answer(
            HTTPRequest(
                path: "/api/insights",
                query: "adAccountId=1001",
                headers: ["Authorization": "Bearer \(VersionNine.token)"]
            )
        ).json["insights"].list
        #expect(days.count == 30 && days.first?["spend"].number == 14.5 && days.last?["impressions"].number == 0)
    }

    @Test("a program of the release before keeps writing under the new schema")
    func olderProgram() throws {
        try migrate()
        let connection = try database.connect()
        // With that release's INSERT and UPDATE statements.
        try connection.execute(
            """
            INSERT INTO campaigns (facebook_campaign_id, ad_account_id, name, status, effective_status)
            SELECT '7', id, 'New', 'ACTIVE', 'ACTIVE' FROM ad_accounts WHERE facebook_account_id = '1001'
            """
        )
        try connection.execute(
            "INSERT INTO ad_accounts (facebook_account_id, name, time_zone) VALUES ('1003', 'New', 'Asia/Tokyo')"
        )
        try connection.execute(
            """
            INSERT INTO last_done AS d (what) VALUES ('cron')
            ON CONFLICT (what) DO UPDATE SET at = greatest(d.at, excluded.at)
            """
        )
        let store = try database.store()
        let account = try #require(try store.adAccount(AccountReference("1003")))
        #expect(account.timeZone == "Asia/Tokyo" && account.facebookTimeZone == "Asia/Tokyo")
        #expect(try connection.integer("SELECT count(*) FROM campaigns WHERE id IS NULL") == 0)
    }

    @Test("each object has its own id, which stays")
    func objectIDs() throws {
        try migrate()
        let connection = try database.connect()
        for table in ["campaigns", "ad_groups", "creatives"] {
            let sum = "SELECT count(*) - count(DISTINCT id) FROM \(table)"
            #expect(try connection.integer("\(raw: sum)") == 0)
            #expect(
                try connection.text(
                    "SELECT data_type FROM information_schema.columns WHERE table_name = \(table) AND column_name = 'id'"
                ) == "uuid"
            )
        }
        let ids = {
            try connection.text("SELECT string_agg(id::text, ',' ORDER BY facebook_campaign_id) FROM campaigns")
        }
        let first = try ids()
        try connection.execute("UPDATE campaigns SET name = name || '!', last_synced_at = now()")
        try migrate()
        #expect(try ids() == first)
    }

    @Test("a zone that PostgreSQL read as a rule becomes UTC until the next sync reads the account again")
    func zones() throws {
        let connection = try database.connect()
        try connection.execute(
            """
            INSERT INTO ad_accounts (facebook_account_id, time_zone)
            VALUES ('1', '14'), ('2', 'UTC+3'), ('3', 'europe/kiev'), ('4', 'US/Pacific')
            """
        )
        try migrate()
        let zones = try connection.rows(
            """
            SELECT concat_ws('|', facebook_account_id, time_zone, facebook_time_zone) FROM ad_accounts
            WHERE length(facebook_account_id) = 1 ORDER BY 1
            """
        ) { try $0.text(0) }
        #expect(zones == ["1|UTC", "2|UTC", "3|Europe/Kiev|europe/kiev", "4|US/Pacific|US/Pacific"])
    }
}
