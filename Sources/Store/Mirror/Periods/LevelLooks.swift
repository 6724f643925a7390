package import Model
internal import Postgres

extension Store {
    /// Seconds after which a look at a level is recorded again.
    package static let lookInterval = 43_200.0
    /// Days after which a look no longer counts.
    private static let looksFor = 14

    /// Records that somebody looked at an account's objects of a level. A look that was recorded in the last 12 hours stays.
    package func recordLook(at level: Level, of account: AdAccount.ID) throws {
        try connection.execute(
            """
            INSERT INTO level_looks AS l (ad_account_id, level) VALUES (\(account)::uuid, \(level.rawValue)::text)
            ON CONFLICT (ad_account_id, level) DO UPDATE SET looked_at = now()
            WHERE l.looked_at < now() - \("\(Self.lookInterval)")::float8 * interval '1 second'
            """
        )
    }

    /// The levels that somebody looked at in the last 14 days, the last look first.
    func lookedAt(_ account: AdAccount.ID) throws -> [Level] {
        try connection.rows(
            """
            SELECT level FROM level_looks
            WHERE ad_account_id = \(account)::uuid AND looked_at > now() - \(Self.looksFor)::int * interval '1 day'
            ORDER BY looked_at DESC, level
            """
        ) { Level(rawValue: try $0.text(0)) }.compactMap(\.self)
    }
}
