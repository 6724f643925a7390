import Endpoints
import Postgres
import Secrets
import Store
import TestSupport

/// A database as the release with schema version 9 left it: two ad accounts, the mirrored data of one, people, and the
/// records of syncs and people's actions.
struct VersionNine {
    static let account = "11111111-1111-4111-8111-111111111111"
    static let other = "22222222-2222-4222-8222-222222222222"
    static let encryptionKey = [UInt8](repeating: 7, count: 32)
    static let token = "adm_" + String(repeating: "ab", count: 32)
    static let session = String(repeating: "cd", count: 32)
    static let facebookToken = "EAAB-a-token-of-facebook"

    let database: TemporaryDatabase

    init() throws {
        database = try TemporaryDatabase(isMigrated: false)
        _ = try Schema.migrate(database.options, through: 9)
        let sealed = try TokenCipher(key: Self.encryptionKey).seal(Self.facebookToken, account: "1001")
        let connection = database.connect()
        try connection.runScript(Self.rows)
        try connection.execute(
            """
            UPDATE ad_accounts SET facebook_token = \(sealed.bytes)::bytea, facebook_token_key_id = \(sealed.keyID),
                facebook_token_hash = sha256('token') WHERE facebook_account_id = '1001'
            """
        )
        try connection.execute(
            """
            INSERT INTO access_tokens (user_id, label, token_hash, scope)
            SELECT id, 'dashboard', \(AccessToken.hash(Self.token))::bytea, 'sync' FROM users WHERE email = 'ada@example.com'
            """
        )
        try connection.execute(
            """
            INSERT INTO sessions (id_hash, user_id, address, agent)
            SELECT \(sha256(Self.session.utf8))::bytea, id, '192.0.2.1', 'Browser' FROM users WHERE email = 'ada@example.com'
            """
        )
        let hash = Passwords.hash("correct horse battery staple")
        try connection.execute(
            "UPDATE users SET password_hash = \(hash), password_set_at = now() WHERE email LIKE 'ada%'"
        )
    }

    private static let rows = """
        INSERT INTO users (email) VALUES ('ada@example.com'), ('Vi@Example.com');
        INSERT INTO facebook_tokens (hash, checked_at, expires_at, missing_permissions)
        VALUES (sha256('token'), now(), now() + interval '50 days', '{}');
        INSERT INTO ad_accounts (id, facebook_account_id, name, currency, time_zone, status, sync_status, last_synced_at,
            campaigns_version, ad_groups_version, creatives_version, changes_version, insights_version, checked_at,
            metrics_since, metrics_until, totals_basis, facebook_app_id)
        VALUES ('\(account)', '1001', 'Ünited', 'EUR', 'Europe/Berlin', 'ACTIVE', 'idle', now(), 5, 6, 7, 3, 4, now(),
                (now() AT TIME ZONE 'Europe/Berlin')::date - 29, (now() AT TIME ZONE 'Europe/Berlin')::date, 'basis', '42');
        INSERT INTO ad_accounts (id, facebook_account_id, name, sync_status, sync_error, held_until, held_reason, failures)
        VALUES ('\(other)', '1002', '', 'error', 'The token died.', 'infinity', 'TOKEN_EXPIRED', 2);
        INSERT INTO account_access
        SELECT u.id, a.id, CASE u.email WHEN 'ada@example.com' THEN 'owner' ELSE 'viewer' END
        FROM users u, ad_accounts a WHERE u.email = 'ada@example.com' OR a.facebook_account_id = '1001';

        INSERT INTO campaigns (facebook_campaign_id, ad_account_id, name, status, effective_status, objective, daily_budget,
            lifetime_budget, created_at, updated_at, last_synced_at, spent, impressions, clicks, reach, frequency, engagement,
            conversions, conversion_value, bid_strategy, starts_at)
        VALUES ('120200000000000001', '\(account)', 'Spring "Sale"', 'ACTIVE', 'ACTIVE', 'OUTCOME_SALES', 25.5, NULL,
                '2026-01-05 06:07:08+00', '2026-02-01 00:00:00+00', now(), 12.34, 1000, 20, 800, 1.25, 30, 4, 50.5,
                'LOWEST_COST_WITHOUT_CAP', '2026-01-06 00:00:00+00'),
               ('120200000000000002', '\(account)', 'Never shown', 'PAUSED', 'PAUSED', NULL, NULL, 100,
                '2026-01-04 06:07:08+00', NULL, now(), 0, 0, 0, NULL, NULL, 0, 0, 0, NULL, NULL);
        INSERT INTO campaigns (facebook_campaign_id, ad_account_id, name, status, effective_status, created_at, gone_at)
        VALUES ('120200000000000003', '\(account)', 'Gone', 'DELETED', 'DELETED', '2026-01-03 00:00:00+00', now());
        INSERT INTO ad_groups (facebook_ad_set_id, ad_account_id, facebook_campaign_id, name, status, effective_status,
            optimization_goal, daily_budget, created_at, updated_at, last_synced_at, spent, impressions, clicks, reach,
            engagement, conversions, conversion_value, bid_amount)
        VALUES ('120200000000000011', '\(account)', '120200000000000001', 'Set', 'ACTIVE', 'ACTIVE', 'REACH', 25.5,
                '2026-01-05 07:00:00+00', '2026-02-01 00:00:00+00', now(), 12.34, 1000, 20, 800, 30, 4, 50.5, 1.5);
        INSERT INTO creatives (facebook_ad_id, ad_account_id, facebook_ad_set_id, facebook_campaign_id, name, status,
            effective_status, format, created_at, updated_at, last_synced_at, spent, impressions, clicks, reach, engagement,
            conversions, conversion_value)
        VALUES ('120200000000000021', '\(account)', '120200000000000011', '120200000000000001', 'Ad ☀️', 'ACTIVE', 'ACTIVE',
                'VIDEO', '2026-01-05 08:00:00+00', '2026-02-01 00:00:00+00', now(), 12.34, 1000, 20, 800, 30, 4, 50.5);

        INSERT INTO insights_days (ad_account_id, day, spent, impressions, clicks, reach, engagement, conversions,
            conversion_value, basis, read_at, state)
        SELECT '\(account)', (now() AT TIME ZONE 'Europe/Berlin')::date - age, 0.5 * age, 10 * age, age, age, 0, 0, 0, 'b',
               now(), 'complete' FROM generate_series(0, 29) age;
        INSERT INTO insights_daily (ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id, spent,
            impressions, clicks, engagement, conversions, conversion_value, actions, fetched_at)
        SELECT '\(account)', (now() AT TIME ZONE 'Europe/Berlin')::date - age, '120200000000000021', '120200000000000011',
               '120200000000000001', 0.5 * age, 10 * age, age, 0, 0, 0, '[]', now() FROM generate_series(1, 29) age;

        INSERT INTO sync_lists (ad_account_id, list, watermark, listed_at, refused_fields, adapted_at)
        SELECT '\(account)', list, now(), now(), '{}', NULL FROM unnest('{campaign,adset,ad}'::text[]) list;
        INSERT INTO sync_runs (ad_account_id, trigger, requested_at, started_at, finished_at, outcome, error, campaigns,
            api_calls, warnings, phases, is_forced)
        VALUES ('\(account)', 'cron', now() - interval '1 hour', now() - interval '1 hour', now() - interval '59 minutes', 'done',
                NULL, 3, 12, '{a warning}', '[{"phase": "campaigns", "rows": 3}]', false),
               ('\(other)', 'manual', now() - interval '2 hours', now() - interval '2 hours', now() - interval '2 hours',
                'failed', 'The token died.', 0, 1, '{}', '[]', true);
        INSERT INTO sync_totals VALUES ('cron', 'done', 9, 90, 100, 1, 2, 3.5, 400), ('manual', 'failed', 1, 1, 1, 0, 0, 0, 0);
        INSERT INTO report_runs (ad_account_id, list, since, until, report_id, basis)
        VALUES ('\(account)', 'days', '2026-01-01', '2026-01-07', '999', 'b');
        INSERT INTO api_usage VALUES ('42', '', 'app', 12.5, now(), NULL), ('42', '1001', 'insights', 80, now(), NULL);
        INSERT INTO object_changes (ad_account_id, seen_at, level, facebook_object_id, name, field, old_value, new_value)
        VALUES ('\(account)', '2026-02-01 00:00:00+00', 'campaign', '120200000000000001', 'Spring "Sale"', 'status', 'PAUSED',
                'ACTIVE');
        INSERT INTO facebook_connections (user_id, state_hash, redirect_uri, status, expires_at, accounts)
        SELECT id, sha256('state'), 'https://ads.example.com/api/facebook/callback', 'done', now() + interval '1 hour',
               '[{"facebook_id": "1001", "name": "Ünited", "currency": "EUR", "time_zone": "Europe/Berlin"}]'
        FROM users WHERE email = 'ada@example.com';
        INSERT INTO audit_events (event, actor, address, facebook_account_id, detail)
        VALUES ('signed_in', 'ada@example.com', '192.0.2.1', NULL, ''), ('request_refused', NULL, '192.0.2.9', '1001', 'x');
        INSERT INTO sign_in_failures (address, person) VALUES ('192.0.2.9', sha256('x'));
        INSERT INTO last_done (what) VALUES ('cron'), ('prune');
        """
}
