package import Model
internal import Postgres

/// Compares the objects that a sync has read with the stored ones.
package struct ListedObjects: Sendable, Equatable {
    package var level: Level
    /// Whether all objects were requested, not only updated ones.
    package var isListing: Bool
    /// Stored objects, without those that are gone.
    package var known: Int
    /// Stored objects that a complete listing lacks; 0 if only updated objects were read.
    package var missing: Int
    /// How many different objects were read.
    package var listed: Int
    /// How many objects Facebook counts; `nil` when it has not sent the number.
    package var counted: Int?
    /// Rows that came and cannot be used.
    package var leftOut: Int
    /// Whether the list ended without a sign that this is its end.
    package var mayBeCut = false

    package init(
        level: Level,
        isListing: Bool = true,
        known: Int,
        missing: Int,
        listed: Int,
        counted: Int?,
        leftOut: Int = 0
    ) {
        self.level = level
        self.isListing = isListing
        self.known = known
        self.missing = missing
        self.listed = listed
        self.counted = counted
        self.leftOut = leftOut
    }

    /// Objects that Facebook counts and has not listed; 0 when the count is not known. A row that cannot be used was listed.
    package var shortfall: Int { counted.map { max(0, $0 - listed - leftOut) } ?? 0 }

    /// Whether objects may be missing of which neither Facebook's count nor what is stored knows.
    package var isEndUnknown: Bool { mayBeCut && counted == nil }
}

/// Why a listing is not complete. Its objects are stored, but none counts as deleted.
package struct ListingDoubt: Sendable, Equatable {
    /// Objects that Facebook counts and does not list.
    package var unlisted: Int
    /// Stored objects that are no longer listed, and perhaps deleted.
    package var unconfirmed: Int
    /// Readings in a row that were in doubt, this one included.
    package var readings: Int
    /// Whether the next sync lists all objects of the level.
    package var wantsListing: Bool

    package init(unlisted: Int = 0, unconfirmed: Int = 0, readings: Int, wantsListing: Bool) {
        self.unlisted = unlisted
        self.unconfirmed = unconfirmed
        self.readings = readings
        self.wantsListing = wantsListing
    }
}

extension Store {
    /// Counts the staged objects of a level, and the stored ones that are not among them.
    /// - Parameter isListing: whether all objects were read.
    package func listedObjects(_ level: Level, of account: AdAccount.ID, isListing: Bool) throws -> ListedObjects {
        let mirror = Mirror.of(level)
        let stored = """
            SELECT count(*) AS known, count(*) FILTER (WHERE s.id IS NULL) AS missing
            FROM \(mirror.table) t LEFT JOIN staged s ON s.id = t.\(mirror.key)
            WHERE t.ad_account_id = $1::uuid AND t.gone_at IS NULL
            """
        var query = Query(
            raw: """
                WITH staged AS MATERIALIZED (
                    SELECT DISTINCT id FROM \(mirror.staging) WHERE ad_account_id = $1::uuid
                )
                SELECT known, missing, (SELECT count(*) FROM staged),
                       l.total, coalesce(l.left_out, 0)
                FROM (\(isListing ? stored : "SELECT 0 AS known, 0 AS missing")) stored
                LEFT JOIN staged_lists l ON l.ad_account_id = $1::uuid AND l.list = $2
                """,
            account,
            SyncList.objects(level).rawValue
        )
        query.joinBySets()
        let counts = try connection.firstRow(query) { row in
            ListedObjects(
                level: level,
                isListing: isListing,
                known: try row.integer(0),
                missing: try row.integer(1),
                listed: try row.integer(2),
                counted: row.optionalInteger(3),
                leftOut: try row.integer(4)
            )
        }
        return counts
            ?? ListedObjects(level: level, isListing: isListing, known: 0, missing: 0, listed: 0, counted: nil)
    }

    /// Some of the stored objects that a complete listing lacks, to request one by one: half of them were running, the
    /// rest are from all over the account.
    package func missingObjects(_ level: Level, of account: AdAccount.ID, limit: Int) throws -> [String] {
        let mirror = Mirror.of(level)
        let sql = """
            WITH missing AS (
                SELECT \(mirror.key) AS key, effective_status = 'ACTIVE' AS is_active FROM \(mirror.table) t
                WHERE \(Self.isMissing(mirror))
            )
            SELECT key FROM (
                (SELECT key FROM missing ORDER BY is_active DESC, md5(key) LIMIT $2::int)
                UNION (SELECT key FROM missing ORDER BY md5(key || 'all') LIMIT $2::int)
            ) sample ORDER BY key
            """
        return try connection.rows(Query(raw: sql, account, limit / 2)) { try $0.text(0) }
    }

    /// Makes the stored objects deleted that a complete listing lacks.
    /// - Returns: how many.
    func markGone(_ level: Level, _ account: AdAccount.ID) throws -> Int {
        let mirror = Mirror.of(level)
        let sql = """
            WITH gone AS (
                SELECT \(mirror.key) AS key, name, status FROM \(mirror.table) t WHERE \(Self.isMissing(mirror))
            ), noted AS (
                INSERT INTO object_changes
                    (ad_account_id, level, facebook_object_id, name, field, old_value, new_value)
                SELECT $1::uuid, '\(level.rawValue)', key, name, 'status', status, 'DELETED'
                FROM gone WHERE status <> 'DELETED'
            ), marked AS (
                UPDATE \(mirror.table) t SET status = 'DELETED', effective_status = 'DELETED',
                    gone_at = now(), missing_since = coalesce(t.missing_since, now())
                FROM gone WHERE t.\(mirror.key) = gone.key AND t.ad_account_id = $1::uuid
                RETURNING 1
            )
            SELECT count(*) FROM marked
            """
        return try connection.firstRow(Query(raw: sql, account)) { try $0.integer(0) } ?? 0
    }

    /// Notes which stored objects a complete listing lacks. They are not confirmed by this sync, and not deleted either.
    func noteMissing(_ level: Level, _ account: AdAccount.ID) throws {
        let mirror = Mirror.of(level)
        try connection.execute(
            Query(
                raw: """
                    UPDATE \(mirror.table) t SET missing_since = now()
                    WHERE \(Self.isMissing(mirror)) AND missing_since IS NULL
                    """,
                account
            )
        )
    }

    private static func isMissing(_ mirror: Mirror) -> String {
        """
        t.ad_account_id = $1::uuid AND t.gone_at IS NULL
        AND NOT EXISTS (SELECT FROM \(mirror.staging) s WHERE s.ad_account_id = $1::uuid AND s.id = t.\(mirror.key))
        """
    }
}
