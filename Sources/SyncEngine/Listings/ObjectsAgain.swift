internal import GraphAPI
internal import Model
internal import Store

/// Reads some objects of a level again, replacing the staged ones, because Facebook does not list them among the
/// updated ones.
struct ObjectsAgain {
    /// Ids per call. They are in its URL.
    private static let idsPerCall = 100

    let access: GraphAccess
    let account: AccountSummary
    let memory: SyncMemory

    /// - Parameter parent: the level of the ids: that of the objects, or of their parents.
    func readings(of level: Level, by parent: Level, ids: [String]) -> [any GraphReading] {
        stride(from: 0, to: ids.count, by: Self.idsPerCall).map { start in
            reading(level, ParentFilter(level: parent, ids: Array(ids.dropFirst(start).prefix(Self.idsPerCall))))
        }
    }

    private func reading(_ level: Level, _ filter: ParentFilter) -> any GraphReading {
        let position = SyncPlan.position(.objects(level), memory, standard: SyncPlan.pageSize)
        switch level {
        case .campaign:
            return GraphClient.campaigns(
                account,
                since: nil,
                of: filter,
                at: position,
                page: { page in
                    access.journal.tally.campaigns += page.values.count
                    try restage(.campaigns(page.values), page.defects)
                },
                restarted: {}
            )
        case .adSet:
            return GraphClient.adSets(
                account,
                since: nil,
                of: filter,
                at: position,
                page: { page in
                    access.journal.tally.adSets += page.values.count
                    try restage(.adSets(page.values), page.defects)
                },
                restarted: {}
            )
        case .ad:
            return GraphClient.ads(
                account,
                since: nil,
                of: filter,
                at: position,
                page: { page in
                    access.journal.tally.ads += page.values.count
                    try restage(.ads(page.values), page.defects)
                },
                restarted: {}
            )
        }
    }

    private func restage(_ rows: StagedRows, _ defects: [Defect]) throws {
        access.journal.note(defects)
        try access.store.restage(rows, of: access.run.account.id)
        try access.notePage()
    }
}
