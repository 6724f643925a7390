internal import GraphAPI
internal import Model
internal import Store

/// Reads the children of campaigns and ad sets that were resumed.
///
/// While a parent was stopped, Facebook reported the parent's status for its children. What they are once it runs again,
/// active, under review or with issues, only Facebook knows, and it does not list them among the updated objects.
struct ResumedChildren {
    /// Parents in one call: their ids stand in its URL.
    private static let parentsPerCall = 100

    let access: GraphAccess
    let account: AccountSummary
    let memory: SyncMemory

    /// Stages these children once more, after all lists of objects were read and before they are committed.
    /// - Parameter failed: called with the level of children that could not be read.
    func readings(failed: @escaping (Level) -> Void) throws -> [any GraphReading] {
        try access.store.resumedParents(of: access.run.account.id).flatMap { resumed in
            try stride(from: 0, to: resumed.ids.count, by: Self.parentsPerCall).map { start in
                let ids = Array(resumed.ids.dropFirst(start).prefix(Self.parentsPerCall))
                return try DividedReading(
                    [ParentFilter(level: resumed.level, ids: ids)],
                    make: { reading(resumed.children, of: $0) },
                    ended: { missing, _ in
                        guard let error = missing.first?.error else { return }
                        failed(resumed.children)
                        access.journal.warn(
                            "The effective status of some \(resumed.children.plural) could not be read: \(error)"
                        )
                    }
                )
            }
        }
    }

    private func reading(_ level: Level, of parents: ParentFilter) -> any GraphReading {
        let position = SyncPlan.position(.objects(level), memory, standard: SyncPlan.pageSize)
        if level == .adSet {
            return GraphClient.adSets(
                account,
                since: nil,
                of: parents,
                at: position,
                page: { page in
                    access.journal.tally.adSets += page.values.count
                    try restage(.adSets(page.values))
                },
                restarted: {}
            )
        }
        return GraphClient.ads(
            account,
            since: nil,
            of: parents,
            at: position,
            page: { page in
                access.journal.tally.ads += page.values.count
                try restage(.ads(page.values))
            },
            restarted: {}
        )
    }

    private func restage(_ rows: StagedRows) throws {
        try access.store.restage(rows, of: access.run.account.id)
        try access.notePage()
    }
}
