package import Model
internal import Postgres

/// Parents that run again, or are listed again, of which some children have to be read: their stored effective status still
/// is the one that the parent had forced upon them, or they vanished together with it. Nothing stored says what they are now.
package struct ResumedParents: Sendable, Equatable {
    /// The level of the children to read.
    package var children: Level
    /// The level of the parents, and their Facebook ids.
    package var level: Level
    package var ids: [String]
}

extension Store {
    /// Compares the staged campaigns and ad sets with the stored ones. Costs next to nothing when none of them was resumed.
    package func resumedParents(of account: AdAccount.ID) throws -> [ResumedParents] {
        try connection.transaction {
            try joinBySets()
            var all: [ResumedParents] = []
            for (parent, children) in [(Level.campaign, [Level.adSet, .ad]), (.adSet, [.ad])] {
                let resumed = try connection.rows(Query(raw: Self.resumed(parent), account)) { try $0.text(0) }
                guard !resumed.isEmpty else { continue }
                for child in children {
                    let sql = Self.withForcedChildren(child, below: parent)
                    let ids = try connection.rows(Query(raw: sql, account, TextArray(resumed))) { try $0.text(0) }
                    if !ids.isEmpty { all.append(ResumedParents(children: child, level: parent, ids: ids)) }
                }
            }
            return all
        }
    }

    private static let stopped = "('PAUSED', 'ARCHIVED', 'DELETED')"

    /// The fields of staged objects that are unknown: what is staged of them says nothing.
    private static func gaps(_ level: Level) -> String {
        "staged_gaps WHERE ad_account_id = $1::uuid AND list = '\(SyncList.objects(level).rawValue)'"
    }

    private static func resumed(_ level: Level) -> String {
        let mirror = Mirror.of(level)
        return """
            SELECT DISTINCT s.id FROM \(mirror.staging) s
            JOIN \(mirror.table) t ON t.\(mirror.key) = s.id AND t.ad_account_id = $1::uuid
            WHERE s.ad_account_id = $1::uuid AND (t.gone_at IS NOT NULL
              OR t.status IN \(stopped) AND s.status NOT IN \(stopped) AND NOT EXISTS (
                  SELECT FROM (SELECT id FROM \(gaps(level)) AND 'status' = ANY (unknown)) g WHERE g.id = s.id))
            """
    }

    /// Of the parents `$2` those with children that have vanished and are not listed again; or that are set to run, and whose
    /// effective status, as far as it is known, is a parent's.
    private static func withForcedChildren(_ level: Level, below parent: Level) -> String {
        let mirror = Mirror.of(level)
        func current(_ field: String) -> String {
            "CASE WHEN s.id IS NULL OR '\(field)' = ANY (g.unknown) THEN t.\(field) ELSE s.\(field) END"
        }
        return """
            SELECT DISTINCT t.\(Mirror.of(parent).key) FROM \(mirror.table) t
            LEFT JOIN (
                SELECT DISTINCT ON (id) id, status, effective_status FROM \(mirror.staging)
                WHERE ad_account_id = $1::uuid ORDER BY id, updated_at DESC NULLS LAST
            ) s ON s.id = t.\(mirror.key)
            LEFT JOIN (
                SELECT DISTINCT ON (id) id, unknown FROM \(gaps(level)) ORDER BY id, cardinality(unknown) DESC
            ) g ON g.id = t.\(mirror.key)
            WHERE t.ad_account_id = $1::uuid AND t.\(Mirror.of(parent).key) = ANY ($2::text[])
              AND ((s.id IS NULL AND t.gone_at IS NOT NULL)
                  OR (\(current("status")) NOT IN \(stopped)
                      AND \(current("effective_status")) IN ('CAMPAIGN_PAUSED', 'ADSET_PAUSED', 'ARCHIVED', 'DELETED')))
            ORDER BY 1
            """
    }
}
