package import Model
internal import Postgres

// Days of ads that were stored before all results had columns. Facebook's actions are stored with them, and the results that
// come from these are derived from them here. What comes from another list stays unknown until Facebook is asked again.

extension Store {
    /// Derives the missing results of some ads on the newest day that lacks them. Readers do not wait for it, and the next
    /// call continues where this one stopped. Accounts that another process syncs are left for later.
    /// - Parameter most: the most rows at once.
    /// - Returns: whether there may be more.
    package func fillDay(most: Int = 5000) throws -> Bool {
        try connection.transaction {
            guard let place = try unfilledPlace() else { return false }
            let last = try connection.firstRow(
                """
                SELECT facebook_ad_id FROM insights_daily
                WHERE ad_account_id = \(place.account)::uuid AND day = \(place.day)::date
                  AND facebook_ad_id > \(place.lastID ?? "")
                ORDER BY facebook_ad_id OFFSET \(most - 1)::int LIMIT 1
                """
            ) { try $0.text(0) }
            try connection.execute(Query(raw: Self.fill, place.account, place.day, place.lastID ?? "", last))
            if let last {
                try connection.execute(
                    "UPDATE unfilled_days SET last_ad_id = \(last) WHERE ad_account_id = \(place.account)::uuid"
                )
            } else {
                try endDay(place.day, of: place.account)
            }
            return true
        }
    }

    /// The newest day of an account that no other process syncs or fills until this transaction ends.
    private func unfilledPlace() throws -> (account: AdAccount.ID, day: String, lastID: String?)? {
        let accounts = try connection.rows(
            """
            SELECT a.number, a.id FROM unfilled_days u JOIN ad_accounts a ON a.id = u.ad_account_id
            ORDER BY u.day DESC, a.number LIMIT 200
            """
        ) { (number: try $0.integer(0), id: AdAccount.ID(rawValue: try $0.text(1))) }
        for account in accounts {
            let isMine = try connection.firstRow(
                "SELECT pg_try_advisory_xact_lock(\(LockClass.account)::int, \(account.number)::int)"
            ) { try $0.boolean(0) }
            guard isMine == true else { continue }
            // After the lock, because another process may have continued before.
            return try connection.firstRow(
                "SELECT day, last_ad_id FROM unfilled_days WHERE ad_account_id = \(account.id)::uuid"
            ) { (account: account.id, day: try $0.text(0), lastID: $0.optionalText(1)) }
        }
        return nil
    }

    /// Answers have values of this day now where they had none.
    private func endDay(_ day: String, of account: AdAccount.ID) throws {
        let next =
            try connection.firstRow(
                "SELECT max(day) FROM insights_daily WHERE ad_account_id = \(account)::uuid AND day < \(day)::date"
            ) { $0.optionalText(0) } ?? nil
        if let next {
            try connection.execute(
                """
                UPDATE unfilled_days SET day = \(next)::date, last_ad_id = NULL WHERE ad_account_id = \(account)::uuid
                """
            )
        } else {
            try connection.execute("DELETE FROM unfilled_days WHERE ad_account_id = \(account)::uuid")
        }
        try connection.execute(
            """
            UPDATE ad_accounts SET insights_version = \(raw: DataVersion.raised("insights_version"))
            WHERE id = \(account)::uuid
            """
        )
    }

    /// The days of an account whose results are still to be derived.
    func unfilledDays(of account: AdAccount.ID) throws -> DayRange? {
        try connection.firstRow(
            """
            SELECT (SELECT min(d.day) FROM insights_daily d WHERE d.ad_account_id = u.ad_account_id), u.day
            FROM unfilled_days u WHERE u.ad_account_id = \(account)::uuid
            """
        ) { row in
            row.optionalText(0).flatMap { Day($0) }.flatMap { since in
                row.optionalText(1).flatMap { Day($0) }.map { DayRange(since: since, until: max(since, $0)) }
            }
        } ?? nil
    }

    /// The metrics that come from stored actions and had no column when these days were stored, with their types.
    private static let derived = Metric.additive.compactMap { metric -> (metric: Metric, types: [String])? in
        guard case .events("actions", let types) = metric.source, metric != .engagement else { return nil }
        return (metric, types)
    }

    /// `$1` is the account, `$2` the day, and `$3` the ad after which the rows begin. `$4` is the last ad; NULL for all.
    private static let fill = """
        UPDATE insights_daily d SET \(derived.map { "\($0.metric.column) = \(value(of: $0.types))" }.joined(separator: ",\n    "))
        FROM insights_daily s CROSS JOIN LATERAL (
            -- The sum of each type; NULL when a value cannot be read.
            SELECT CASE WHEN bool_and(t.is_number) IS NOT FALSE THEN coalesce(jsonb_object_agg(t.type, t.value), '{}') END AS sums
            FROM (
                SELECT a->>'action_type' AS type, bool_and(\(isNumber)) AS is_number,
                       sum(CASE WHEN \(isNumber) THEN (a->>'value')::numeric END) AS value
                FROM jsonb_array_elements(CASE jsonb_typeof(s.actions) WHEN 'array' THEN s.actions ELSE '[]' END) a
                WHERE a->>'action_type' IS NOT NULL GROUP BY 1
            ) t
        ) e
        WHERE s.ad_account_id = $1::uuid AND s.day = $2::date AND s.facebook_ad_id > $3
          AND ($4::text IS NULL OR s.facebook_ad_id <= $4)
          -- A row without actions had none, unless they could not be read.
          AND (s.actions IS NOT NULL OR s.engagement = 0 AND NOT EXISTS (
              SELECT FROM insights_days x WHERE x.ad_account_id = s.ad_account_id AND x.day = s.day AND x.is_damaged))
          AND num_nonnulls(\(derived.map(\.metric).columns("d"))) = 0
          AND d.ad_account_id = s.ad_account_id AND d.day = s.day AND d.facebook_ad_id = s.facebook_ad_id
        """

    private static let isNumber = #"coalesce(a->>'value' ~ '^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$', false)"#

    private static func value(of types: [String]) -> String {
        let sums = types.map { "(e.sums->>'\($0)')::numeric" } + ["0"]
        return "CASE WHEN e.sums IS NOT NULL THEN coalesce(\(sums.joined(separator: ", "))) END"
    }
}
