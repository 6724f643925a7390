internal import Model
internal import Postgres

// Totals of objects that no listing has shown yet. They are kept until their object comes: else it would show zeros
// until the account's sums change.

extension Store {
    /// Keeps the staged totals of a level for which there is no object, in place of those kept before.
    func keepEarlyTotals(_ level: Level, _ account: AdAccount.ID) throws {
        let mirror = Mirror.of(level)
        let columns = Metric.all.columns()
        try connection.execute(
            Query(
                raw: "DELETE FROM early_totals WHERE ad_account_id = $1::uuid AND level = $2",
                account,
                level.rawValue
            )
        )
        try connection.execute(
            Query(
                raw: """
                    INSERT INTO early_totals (ad_account_id, level, id, \(columns))
                    SELECT DISTINCT ON (s.id) $1::uuid, s.level, s.id, \(columns)
                    FROM staged_totals s
                    WHERE s.ad_account_id = $1::uuid AND s.level = $2 AND NOT EXISTS (
                        SELECT FROM \(mirror.table) t WHERE t.\(mirror.key) = s.id AND t.ad_account_id = $1::uuid)
                    ORDER BY s.id, s.impressions DESC NULLS LAST
                    """,
                account,
                level.rawValue
            )
        )
    }

    /// How many objects of each level had results in the last 30 days and were never listed; no level without any.
    func unlistedObjects(of account: AdAccount.ID) throws -> [(level: Level, count: Int)] {
        try connection.rows(
            """
            SELECT level, count(*) FROM early_totals
            WHERE ad_account_id = \(account)::uuid AND impressions > 0 GROUP BY level ORDER BY level
            """
        ) { (level: Level(rawValue: try $0.text(0)), count: try $0.integer(1)) }
        .compactMap { row in row.level.map { ($0, row.count) } }
    }

    /// Forgets the totals that objects have taken.
    func forgetTakenTotals(_ level: Level, _ account: AdAccount.ID) throws {
        let mirror = Mirror.of(level)
        try connection.execute(
            Query(
                raw: """
                    DELETE FROM early_totals e USING \(mirror.table) t
                    WHERE e.ad_account_id = $1::uuid AND e.level = $2 AND t.\(mirror.key) = e.id
                      AND t.ad_account_id = $1::uuid
                    """,
                account,
                level.rawValue
            )
        )
    }
}
