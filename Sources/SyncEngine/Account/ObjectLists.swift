internal import GraphAPI
internal import Model
internal import Store

extension AccountSync {
    /// Reads the objects of a level.
    /// - Returns: `nil` when an earlier run has read all of it.
    func objects(_ level: Level, _ account: AccountSummary) throws -> (any GraphReading)? {
        guard let listing = plan.listings[level] else { return nil }
        let name = SyncList.objects(level)
        let list = StagedList(name, listing.request, listing.staged, listing.position, access)
        list.isDone = { [self] state, position in
            if listing.isListing { bound.counted[level] = state.total }
            var reading = ReadObjects(
                listedAt: listing.isListing ? state.beganAt : nil,
                // An object that was read early may have been changed while later pages were read.
                watermark: state.latestUpdate.map { min($0, state.beganAt) },
                refusedFields: position.refusedFields
            )
            reading.leftOut = state.leftOut
            reading.mayBeCut = list.endsInDoubt
            reading.readAgain = listing.damagedIDs
            readings.objects[level] = reading
            end(name)
        }
        begin(name)
        guard !list.takeOver() else { return nil }
        return try DividedReading(
            whole: GraphClient.objects(
                account,
                level: level,
                since: listing.since,
                at: list.position,
                page: { [journal] page in
                    journal.summary[level] += page.values.count
                    let latest = page.values.lazy.compactMap(\.updatedAt).max()
                    try list.take(page, .objects(level, page.values), latest: latest)
                },
                restarted: list.restart
            ),
            failed: { [self] in end(name, $0) }
        )
    }
}
