package import Model
internal import Postgres

// What each object had from the first of a month to each of its days. A range's sum is the difference of two of them, or of a
// few more if it spans several months: see `Reads/Statements/DaySums.swift`. A trigger forgets the days that follow a change
// (`m0025_running_sums.sql`), and readers add up what is forgotten from the days themselves.

extension Store {
    /// Adds the running sums of one day: the oldest that lacks them, in the newest month that has such days. Readers do not
    /// wait for it, and get the same numbers before and after. Accounts that another process syncs are left for later.
    /// - Parameter account: The only account to work on. `nil` for any, but only for months whose days are all read and filled:
    ///   each of those changes would make sums of later days wrong again.
    /// - Returns: whether there may be more.
    package func sumDay(of account: AdAccount.ID? = nil) throws -> Bool {
        try connection.transaction {
            guard let (account, month) = try unsummedMonth(of: account) else { return false }
            try joinBySets()
            // The planner knows nothing of a day that has just been stored, or summed up.
            try connection.execute("SET LOCAL enable_mergejoin = off")
            let place = try connection.firstRow(Query(raw: Self.nextDay, account, month)) {
                (last: $0.optionalText(0), next: $0.optionalText(1))
            }
            guard let next = place?.next else {
                try connection.execute(
                    "DELETE FROM unsummed_months WHERE ad_account_id = \(account)::uuid AND month = \(month)::date"
                )
                return true
            }
            var hasUnknown = false
            for level in Level.allCases {
                let statement = Query(raw: Self.sums[level] ?? "", account, next, place?.last)
                let isUnknown = try connection.firstRow(statement) { try $0.boolean(0) }
                hasUnknown = hasUnknown || isUnknown ?? false
            }
            try connection.execute(
                """
                INSERT INTO running_days (ad_account_id, day, has_unknown)
                VALUES (\(account)::uuid, \(next)::date, \(hasUnknown)::boolean)
                """
            )
            return true
        }
    }

    /// The newest month with something to do, of an account that no other process syncs, or adds sums of, until this
    /// transaction ends.
    private func unsummedMonth(of account: AdAccount.ID?) throws -> (account: AdAccount.ID, month: String)? {
        let canBegin = "(\(account != nil) OR \(Self.isSettled))"
        let accounts = try connection.rows(
            """
            SELECT a.number, a.id FROM unsummed_months u JOIN ad_accounts a ON a.id = u.ad_account_id
            WHERE (\(account == nil)::boolean OR a.id = \(account)::uuid) AND \(raw: canBegin)
            GROUP BY a.id ORDER BY max(u.month) DESC, a.number LIMIT 200
            """
        ) { (number: try $0.integer(0), id: AdAccount.ID(rawValue: try $0.text(1))) }
        for account in accounts {
            let isMine = try connection.firstRow(
                """
                SELECT pg_try_advisory_xact_lock(\(LockClass.account)::int, \(account.number)::int)
                   AND pg_try_advisory_xact_lock(\(LockClass.runningSums)::int, \(account.number)::int)
                """
            ) { try $0.boolean(0) }
            guard isMine == true else { continue }
            // After the locks, because another process may have continued before, or removed the account.
            let month = try connection.firstRow(
                """
                SELECT (SELECT max(u.month) FROM unsummed_months u WHERE u.ad_account_id = a.id AND \(raw: canBegin))
                FROM ad_accounts a WHERE a.id = \(account.id)::uuid FOR KEY SHARE
                """
            ) { $0.optionalText(0) }
            if let month = month ?? nil { return (account.id, month) }
        }
        return nil
    }

    /// Whether the days of a month `u` are not expected to change soon: none is still to be read for the first time, or to be
    /// filled.
    private static let isSettled = """
        NOT EXISTS (SELECT FROM unfilled_days f WHERE f.ad_account_id = u.ad_account_id AND f.day >= u.month)
        AND NOT EXISTS (
            SELECT FROM insights_days d JOIN history_backlogs b ON b.ad_account_id = d.ad_account_id AND b.wanted IS NOT NULL
            WHERE d.ad_account_id = u.ad_account_id AND d.day >= u.month AND d.day < u.month + interval '1 month'
              AND d.read_at IS NULL AND d.attempts = 0 AND d.state IS DISTINCT FROM 'complete')
        """

    /// The last day of the month that has running sums, and the first one after it that has rows of ads. `$1` is the account,
    /// `$2` the month.
    private static let nextDay = """
        SELECT s.last, (SELECT min(d.day) FROM insights_daily d
                        WHERE d.ad_account_id = $1::uuid AND d.day BETWEEN coalesce(s.last + 1, $2::date) AND e.last)
        FROM (SELECT ($2::date + interval '1 month - 1 day')::date AS last) e
        CROSS JOIN LATERAL (SELECT max(r.day) AS last FROM running_days r
                            WHERE r.ad_account_id = $1::uuid AND r.day BETWEEN $2::date AND e.last) s
        """

    private static let sums = Dictionary(uniqueKeysWithValues: Level.allCases.map { ($0, sums(of: $0)) })

    /// Stores the sums of a level's objects up to a day.
    ///
    /// `$1` is the account, `$2` the day, and `$3` the day before it that has sums; NULL for none in its month.
    private static func sums(of level: Level) -> String {
        let metrics = Metric.additive
        let key = Mirror.of(level).key
        // An ad has one row for a day.
        let isOne = level == .ad
        let day = metrics.map { metric in
            let (sum, unknown) =
                isOne
                ? ("coalesce(\(metric.column), 0)::numeric", "num_nulls(\(metric.column))")
                : ("coalesce(sum(\(metric.column)), 0)", "count(*) - count(\(metric.column))")
            return (column: metric.column, sum: "\(sum) AS \(metric.column)", unknown: unknown)
        }
        let hasUnknown = "num_nulls(\(metrics.columns())) > 0"
        let names = metrics.map { "'\($0.column)'" }.joined(separator: ", ")
        let counts = day.map { "nullif(\($0.unknown), 0)" }.joined(separator: ", ")
        let columns = metrics.columns()
        return """
            WITH of_day AS (
                SELECT \(key) AS id, \(day.map(\.sum).joined(separator: ", ")),
                       CASE WHEN \(isOne ? hasUnknown : "bool_or(\(hasUnknown))")
                            THEN jsonb_strip_nulls(jsonb_object(ARRAY[\(names)], ARRAY[\(counts)]::text[])) END AS unknown
                FROM insights_daily WHERE ad_account_id = $1::uuid AND day = $2::date
                \(isOne ? "" : "GROUP BY 1")
            ), before AS (
                SELECT * FROM running_sums
                WHERE ad_account_id = $1::uuid AND level = '\(level.rawValue)' AND day = $3::date
            ), summed AS MATERIALIZED (
                SELECT coalesce(d.id, b.object_id) AS id,
                       \(metrics.map { "\(plus($0.column)) AS \($0.column)" }.joined(separator: ", ")),
                       CASE WHEN num_nonnulls(b.unknown, d.unknown) < 2 THEN coalesce(b.unknown, d.unknown)
                            ELSE (SELECT jsonb_object_agg(u.name, u.number) FROM (
                                SELECT e.key AS name, sum(e.value::bigint) AS number
                                FROM (SELECT * FROM jsonb_each_text(b.unknown)
                                      UNION ALL SELECT * FROM jsonb_each_text(d.unknown)) e
                                GROUP BY 1
                            ) u) END AS unknown
                FROM of_day d FULL JOIN before b ON b.object_id = d.id
            ), removed AS (
                DELETE FROM running_sums r
                WHERE r.ad_account_id = $1::uuid AND r.level = '\(level.rawValue)' AND r.day = $2::date
                  AND NOT EXISTS (SELECT FROM summed s WHERE s.id = r.object_id)
            ), stored AS (
                INSERT INTO running_sums AS r (ad_account_id, level, day, object_id, \(columns), unknown)
                SELECT $1::uuid, '\(level.rawValue)', $2::date, id, \(columns), unknown FROM summed
                ON CONFLICT (ad_account_id, level, day, object_id) DO UPDATE
                SET \(metrics.map { "\($0.column) = excluded.\($0.column)" }.joined(separator: ", ")),
                    unknown = excluded.unknown
                WHERE (\(metrics.columns("r")), r.unknown)
                    IS DISTINCT FROM (\(metrics.columns("excluded")), excluded.unknown)
            )
            SELECT coalesce(bool_or(unknown IS NOT NULL), false) FROM summed
            """
    }

    /// What there was before and the day. A number whose column is younger than the sums before stays unknown.
    private static func plus(_ column: String) -> String {
        "CASE WHEN b.object_id IS NULL THEN d.\(column) ELSE b.\(column) + coalesce(d.\(column), 0) END"
    }
}
