package import Model
internal import Postgres

extension Store {
    /// The custom conversions of an account, by name.
    package func customConversions(of account: AdAccount.ID) throws -> [CustomConversion] {
        try connection.rows(
            """
            SELECT id, name, event FROM custom_conversions WHERE ad_account_id = \(account)::uuid
            ORDER BY name IS NULL, lower(name), id
            """
        ) { CustomConversion(id: try $0.text(0), name: $0.optionalText(1), event: $0.optionalText(2)) }
    }

    /// Whether Facebook is to be asked for the names of custom conversions: an ad has one that is not known, or the names are a
    /// day old. An account without any is never asked about.
    /// - Parameter isFirst: whether to ask only for names that were never read, or only for those that were; `nil` for both.
    package func needsCustomConversions(of account: AdAccount.ID, isFirst: Bool?) throws -> Bool {
        try connection.firstRow(
            """
            SELECT EXISTS (
                SELECT FROM creatives t CROSS JOIN LATERAL jsonb_object_keys(t.custom_conversions) k (id)
                WHERE t.ad_account_id = a.id AND t.custom_conversions <> '{}'
                  AND (a.custom_conversions_at IS NULL OR a.custom_conversions_at < now() - interval '1 day'
                       OR NOT EXISTS (SELECT FROM custom_conversions c WHERE c.ad_account_id = a.id AND c.id = k.id)))
            FROM ad_accounts a
            WHERE a.id = \(account)::uuid AND (a.custom_conversions_at IS NULL) = coalesce(
                \(isFirst)::boolean, a.custom_conversions_at IS NULL)
            """
        ) { try $0.boolean(0) } ?? false
    }

    /// Stores what Facebook returned. An id that ads have and Facebook does not list is known from now on, too.
    /// - Parameter conversions: `nil` if Facebook did not return them: they are requested again a day later.
    package func note(_ conversions: [CustomConversion]?, of account: AdAccount.ID) throws {
        let listed = conversions ?? []
        let lists = [TextArray(listed.map(\.id)), TextArray(listed.map(\.name)), TextArray(listed.map(\.event))]
        try connection.transaction {
            let changed = try connection.execute(
                """
                INSERT INTO custom_conversions AS c (ad_account_id, id, name, event)
                SELECT DISTINCT ON (n.id) \(account)::uuid, n.id, n.name, n.event
                FROM unnest(\(lists[0])::text[], \(lists[1])::text[], \(lists[2])::text[]) AS n (id, name, event)
                ON CONFLICT (ad_account_id, id) DO UPDATE SET name = coalesce(excluded.name, c.name), event = excluded.event
                WHERE (c.name, c.event) IS DISTINCT FROM (coalesce(excluded.name, c.name), excluded.event)
                """
            )
            try connection.execute(
                """
                INSERT INTO custom_conversions (ad_account_id, id)
                SELECT DISTINCT \(account)::uuid, k.id
                FROM creatives t CROSS JOIN LATERAL jsonb_object_keys(t.custom_conversions) k (id)
                WHERE t.ad_account_id = \(account)::uuid AND t.custom_conversions <> '{}'
                ON CONFLICT DO NOTHING
                """
            )
            // Names are a part of answers about results.
            try connection.execute(
                """
                UPDATE ad_accounts SET custom_conversions_at = now(), \(raw: DataVersion.ofMetrics(if: "\(changed > 0)"))
                WHERE id = \(account)::uuid
                """
            )
        }
    }
}
