package import Model
internal import Postgres

/// Objects of a level that a complete listing has not, though we know them.
package struct VanishedObjects: Sendable, Equatable {
    package var level: Level
    /// Those that we know, without the ones that are gone already.
    package var known: Int
    package var missing: Int
    /// Of the missing ones those that were missing in a listing before.
    package var missingBefore: Int
    /// How many the listing had, and how many Facebook said that there are.
    package var listed: Int
    package var told: Int?

    package init(level: Level, known: Int, missing: Int, missingBefore: Int, listed: Int, told: Int?) {
        self.level = level
        self.known = known
        self.missing = missing
        self.missingBefore = missingBefore
        self.listed = listed
        self.told = told
    }

    /// What becomes of them.
    package enum Verdict: Sendable, Equatable {
        /// All of them count as deleted.
        case gone
        /// Only those that two listings agree on; the next sync lists everything once more.
        case lookAgain(warning: String)

        var wantsListing: Bool { self != .gone }

        var warning: String? {
            if case .lookAgain(let warning) = self { warning } else { nil }
        }
    }
}

extension Store {
    /// Marks what a complete listing has not.
    /// - Returns: how many objects are gone now.
    func markMissing(
        _ level: Level,
        _ account: AdAccount.ID,
        _ judge: (VanishedObjects) -> VanishedObjects.Verdict
    ) throws -> (VanishedObjects.Verdict, gone: Int) {
        let mirror = Mirror.of(level)
        let isMissing = """
            t.ad_account_id = $1::uuid AND t.gone_at IS NULL
            AND NOT EXISTS (SELECT FROM \(mirror.staging) s WHERE s.ad_account_id = $1::uuid AND s.id = t.\(mirror.key))
            """
        let counts = try connection.firstRow(
            Query(
                raw: """
                    SELECT (SELECT count(*) FROM \(mirror.table) WHERE ad_account_id = $1::uuid AND gone_at IS NULL),
                           count(*), count(missing_since),
                           (SELECT count(DISTINCT id) FROM \(mirror.staging) WHERE ad_account_id = $1::uuid),
                           (SELECT total FROM staged_lists WHERE ad_account_id = $1::uuid AND list = $2)
                    FROM \(mirror.table) t WHERE \(isMissing)
                    """,
                account,
                SyncList.objects(level).rawValue
            )
        ) {
            VanishedObjects(
                level: level,
                known: try $0.integer(0),
                missing: try $0.integer(1),
                missingBefore: try $0.integer(2),
                listed: try $0.integer(3),
                told: $0.optionalInteger(4)
            )
        }
        guard let counts, counts.missing > 0 else { return (.gone, 0) }
        let verdict = judge(counts)
        let gone =
            try connection.firstRow(
                Query(
                    raw: """
                        WITH gone AS (
                            SELECT \(mirror.key) AS key, name, status FROM \(mirror.table) t
                            WHERE \(isMissing) \(verdict.wantsListing ? "AND t.missing_since IS NOT NULL" : "")
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
                        """,
                    account
                )
            ) { try $0.integer(0) } ?? 0
        if verdict.wantsListing {
            try connection.execute(
                Query(
                    raw:
                        "UPDATE \(mirror.table) t SET missing_since = now() WHERE \(isMissing) AND missing_since IS NULL",
                    account
                )
            )
        }
        return (verdict, gone)
    }
}
