import Model
import Postgres
import Store
import TestSupport
import Testing

/// Days of ads that the previous version stored while Facebook refused a field: it stored 0 for an unknown number.
@Suite struct RefusedBeforeTests {
    let database: TemporaryDatabase
    let connection: Connection

    init() throws {
        database = try TemporaryDatabase(isMigrated: false)
        connection = database.connect()
        _ = try Schema.migrate(database.options, through: 17)
        try connection.runScript(
            """
            INSERT INTO ad_accounts (facebook_account_id, name) VALUES ('1', 'Refused'), ('2', 'Whole');
            INSERT INTO sync_lists (ad_account_id, list, refused_fields, adapted_at)
                SELECT id, 'history', '{actions}', now() FROM ad_accounts WHERE facebook_account_id = '1';
            INSERT INTO insights_daily (ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id, spent,
                                        impressions, clicks, engagement, conversions, conversion_value, actions,
                                        action_values, fetched_at)
                SELECT id, '2026-01-01', facebook_account_id || ad, '1', '1', 1, 1, 1, engagement, conversions, value,
                       actions::jsonb, value_list::jsonb, now()
                FROM ad_accounts, (VALUES
                    ('1', 0, 0, 0, NULL, NULL), ('2', 5, 2, 0, '[]', NULL), ('3', 5, 2, 9, '[]', '[]'),
                    ('4', 0, 0, 0, '[]', NULL)
                ) d (ad, engagement, conversions, value, actions, value_list);
            """
        )
        _ = try Schema.migrate(database.options)
    }

    @Test("after the upgrade a refused number is unknown, and every other number is unchanged")
    func days() throws {
        let days = try connection.rows(
            """
            SELECT concat_ws(' ', facebook_ad_id, coalesce(engagement::text, '?'), coalesce(conversions::text, '?'),
                             coalesce(conversion_value::text, '?'))
            FROM insights_daily ORDER BY facebook_ad_id
            """
        ) { try $0.text(0) }
        #expect(
            days == ["11 ? ? 0", "12 5 2 ?", "13 5 2 9", "14 0 0 0", "21 0 0 0", "22 5 2 ?", "23 5 2 9", "24 0 0 0"]
        )
    }

    @Test("a history row from a child of the previous version does not make a field unavailable")
    func oldChild() throws {
        try connection.execute("UPDATE sync_lists SET refused_fields = '{actions}' WHERE list = 'history'")
        let account = try #require(
            try connection.text("SELECT id FROM ad_accounts WHERE facebook_account_id = '1'")
        )
        #expect(try database.store().unavailableFields(of: AdAccount.ID(rawValue: account)) == [])
    }
}
