internal import Model
internal import Postgres

// How much of Facebook's quotas is used, shared by all processes on all hosts. Ages and times left are by the database's
// clock, which is the one that all of them share.

/// The known state of one quota.
package struct QuotaRecord: Sendable, Equatable {
    /// `app`, `ads_insights` …: see `GraphAPI.Quota`.
    package var quota: String
    package var isAppWide: Bool
    package var percent: Double
    /// Seconds since Facebook reported it.
    package var age: Double
    /// Seconds without any call.
    package var secondsHeld: Double?

    package init(quota: String, isAppWide: Bool, percent: Double, age: Double, secondsHeld: Double?) {
        self.quota = quota
        self.isAppWide = isAppWide
        self.percent = percent
        self.age = age
        self.secondsHeld = secondsHeld
    }
}

extension Store {
    /// - Parameter account: Facebook's id.
    package func quotas(app: String, account: String) throws -> [QuotaRecord] {
        try connection.rows(
            """
            SELECT quota, facebook_account_id = '', percent, extract(epoch FROM now() - observed_at),
                   CASE WHEN held_until > now() THEN extract(epoch FROM held_until - now()) END
            FROM api_usage WHERE app_id = \(app) AND facebook_account_id IN ('', \(account))
            """
        ) { row in
            QuotaRecord(
                quota: try row.text(0),
                isAppWide: try row.boolean(1),
                percent: row.optionalDouble(2) ?? 0,
                age: row.optionalDouble(3) ?? 0,
                secondsHeld: row.optionalDouble(4)
            )
        }
    }

    /// Stores what was learned. Of two reports the newer counts, and the longer hold.
    package func note(_ quotas: [QuotaRecord], app: String, account: String) throws {
        for quota in quotas {
            try connection.execute(
                """
                INSERT INTO api_usage AS u (app_id, facebook_account_id, quota, percent, observed_at, held_until)
                VALUES (\(app), \(quota.isAppWide ? "" : account), \(quota.quota), \("\(quota.percent)")::float8,
                        now() - \("\(quota.age)")::float8 * interval '1 second',
                        now() + \(quota.secondsHeld.map { "\($0)" })::float8 * interval '1 second')
                ON CONFLICT (app_id, facebook_account_id, quota) DO UPDATE SET
                    percent = CASE WHEN excluded.observed_at >= u.observed_at THEN excluded.percent ELSE u.percent END,
                    observed_at = greatest(u.observed_at, excluded.observed_at),
                    held_until = greatest(u.held_until, excluded.held_until)
                """
            )
        }
    }
}
