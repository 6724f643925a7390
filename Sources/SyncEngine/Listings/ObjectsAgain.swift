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
        GraphClient.objects(
            account,
            level: level,
            of: filter,
            at: SyncPlan.position(.objects(level), memory, standard: SyncPlan.pageSize),
            page: { page in
                access.journal.summary[level] += page.values.count
                access.journal.note(page.defects)
                try access.store.restage(page.values, of: level, access.run.account.id)
                try access.notePage()
            },
            restarted: {}
        )
    }
}
