package import Model
internal import Postgres

// Facebook does not touch an object's `updated_time` when it sends it without damage the next time. So objects that came
// damaged are remembered, and the next syncs read exactly these again.

extension Store {
    /// Remembers which objects of a level arrived damaged, and forgets those that arrived intact. Part of the commit.
    func rememberDamage(of level: Level, _ reading: ReadObjects, _ account: AdAccount.ID) throws {
        let list = SyncList.objects(level).rawValue
        let staging = Mirror.of(level).staging
        let damaged = """
            SELECT id, damaged FROM staged_gaps
            WHERE ad_account_id = $1::uuid AND list = $2 AND damaged <> '{}'
            """
        // After a complete listing every object that is there has come again, and the others are gone.
        let hasCome =
            reading.isListing && reading.leftOut == 0
            ? "true" : "id IN (SELECT id FROM \(staging) WHERE ad_account_id = $1::uuid)"
        try connection.execute(
            Query(
                raw: """
                    DELETE FROM damaged_objects WHERE ad_account_id = $1::uuid AND level = $3
                        AND \(hasCome) AND id NOT IN (SELECT id FROM (\(damaged)) d)
                    """,
                account,
                list,
                level.rawValue
            )
        )
        if !reading.readAgain.isEmpty {
            // An object that was requested but did not arrive counts as another failed attempt.
            try connection.execute(
                """
                UPDATE damaged_objects SET attempts = attempts + 1
                WHERE ad_account_id = \(account)::uuid AND level = \(level.rawValue)
                  AND id = ANY (\(TextArray(reading.readAgain))::text[])
                  AND id NOT IN (SELECT id FROM staged_gaps WHERE ad_account_id = \(account)::uuid AND list = \(list))
                """
            )
        }
        try connection.execute(
            Query(
                raw: """
                    INSERT INTO damaged_objects AS o (ad_account_id, level, id, fields)
                    SELECT DISTINCT ON (id) $1::uuid, $3, id, damaged FROM (
                        \(damaged)
                        UNION ALL SELECT '', '{}'::text[] WHERE $4::boolean
                    ) d ORDER BY id
                    ON CONFLICT (ad_account_id, level, id) DO UPDATE
                        SET fields = excluded.fields, attempts = o.attempts + 1
                    """,
                account,
                list,
                level.rawValue,
                reading.leftOut > 0
            )
        )
    }

    /// Reads which objects the next run has to read again.
    func readDamage(of account: AdAccount.ID, into memory: inout SyncMemory) throws {
        try connection.forEachRow(
            """
            SELECT level, id FROM damaged_objects
            WHERE ad_account_id = \(account)::uuid AND attempts < \(SyncMemory.mostDamagedReadings)::int ORDER BY level, id
            """
        ) { row in
            guard let level = Level(rawValue: try row.text(0)) else { return }
            let id = try row.text(1)
            // A row without an identity can only be recognized in a complete reading.
            if id.isEmpty {
                memory.lists[.objects(level), default: SyncMemory.List()].isListingWanted = true
            } else {
                memory.lists[.objects(level), default: SyncMemory.List()].damagedIDs.append(id)
            }
        }
    }

    /// Makes the next run read the days again on which a metric of any ad is unknown because Facebook refused it.
    /// - Parameter fields: the fields of Facebook's insights that it accepts again.
    package func readUnknownDaysAgain(of account: AdAccount.ID, accepted fields: Set<String>) throws {
        let metrics = Self.metrics(from: fields)
        if !metrics.isEmpty {
            try connection.execute(
                """
                UPDATE insights_days d SET is_damaged = true, attempts = 0
                WHERE d.ad_account_id = \(account)::uuid AND EXISTS (
                    SELECT FROM insights_daily i WHERE i.ad_account_id = d.ad_account_id AND i.day = d.day
                        AND (\(raw: metrics.map(Self.wasRefused).joined(separator: " OR ")))
                )
                """
            )
        }
        try connection.execute(
            """
            UPDATE sync_lists SET adapted_at = now() - interval '2 days'
            WHERE ad_account_id = \(account)::uuid AND list = \(SyncList.history.adapted.rawValue) AND refused_fields <> '{}'
            """
        )
    }

    /// Whether a row `i` of a day `d` lacks a metric that was asked for. Days from before the metric was known do not have its
    /// name in their basis.
    private static func wasRefused(_ metric: Metric) -> String {
        let isMissing = "i.\(metric.column) IS NULL"
        return DayTotals.isNamedInBasis(metric)
            ? "\(isMissing) AND position(' \(metric.name)=' IN d.basis) > 0" : isMissing
    }

    private static func metrics(from fields: Set<String>) -> [Metric] {
        Metric.additive.filter { !fields.isDisjoint(with: $0.source.insightFields) }
    }

    /// The newest day on which a metric of any ad is unknown that comes from one of these fields of Facebook's insights.
    package func newestUnknownDay(of account: AdAccount.ID, refused fields: Set<String>) throws -> Day? {
        let metrics = Self.metrics(from: fields)
        guard !metrics.isEmpty else { return nil }
        return try connection.firstRow(
            """
            SELECT max(day) FROM insights_daily i
            WHERE ad_account_id = \(account)::uuid AND num_nulls(\(raw: metrics.columns("i"))) > 0
            """
        ) { $0.optionalText(0).flatMap { Day($0) } } ?? nil
    }

    /// How many objects of an account came damaged and have not come whole since.
    package func damagedObjects(of account: AdAccount.ID) throws -> Int {
        try connection.firstRow("SELECT count(*) FROM damaged_objects WHERE ad_account_id = \(account)::uuid") {
            try $0.integer(0)
        } ?? 0
    }

    /// On how many days of an account results of ads came damaged, and have not come whole since. Days that syncs no longer
    /// read do not count.
    package func damagedDays(of account: AdAccount.ID) throws -> Int {
        try connection.firstRow(
            "SELECT count(*) FROM insights_days d WHERE ad_account_id = \(account)::uuid AND \(raw: Self.isBeingRepaired)"
        ) { try $0.integer(0) } ?? 0
    }

    /// Whether a day `d` of `insights_days` came damaged and is read again: what is incomplete is read once a week.
    static let isBeingRepaired = "d.is_damaged AND d.read_at > now() - interval '8 days'"
}
