package import GraphAPI
package import Model

/// Decides which objects of an account a run reads, and from which page. A pure decision.
package struct SyncPlan: Sendable, Equatable {
    /// How one list of objects is read.
    package struct Listing: Sendable, Equatable {
        /// Only objects updated after this moment; `nil` for all, in every status.
        package var since: Timestamp?
        package var position: ListPosition
        /// Other objects to read, because they arrived damaged before.
        package var damagedIDs: [String] = []
        /// What an earlier run has staged of it; `nil` to restart.
        package var staged: SyncMemory.Staged?

        var isListing: Bool { since == nil }

        /// The request as one text.
        var request: String { since.map { "since \($0.seconds)" } ?? "all" }
    }

    package var listings: [Level: Listing]
    /// Whether an earlier run has read a part. Resumed pages describe the account as it was at that time.
    package var isTakenOver: Bool { listings.values.contains { $0.staged != nil } }
    /// Whether to ask for name, currency, time zone and status.
    package var asksAccount: Bool

    /// Rows on a page where nothing else is known. The documentation names no limit; 500 is what narrow field sets are
    /// read with in practice.
    package static let pageSize = 500
    /// For insights, whose rows are smaller than objects, and more.
    package static let insightsPageSize = 1000
    /// Seconds for which staged pages are worth something, from the last one on: longer than any hold. What changed since
    /// they were read comes with the increment that follows.
    static let stagedFor = 86_400.0
    /// Seconds after which a listing that was in doubt is repeated at the latest.
    static let doubtfulListingsFor = 3600.0
    /// Damaged objects beyond this number are read with a listing of everything instead of by their ids.
    static let mostDamaged = 200
    /// Seconds after which we try what Facebook refused before.
    static let adaptedFor = 86_400.0

    /// - Parameters:
    ///   - isForced: Whether to read everything, whatever is known.
    ///   - listingInterval: Seconds after which all objects are listed again. Facebook changes the effective status of
    ///     objects without changing their `updated_time`, so reading updated objects is not enough.
    ///   - lacksZone: Whether the account's time zone is one that PostgreSQL does not know.
    package static func make(
        _ memory: SyncMemory,
        isForced: Bool,
        listingInterval: Double,
        lacksZone: Bool = false
    ) -> SyncPlan {
        var listings: [Level: Listing] = [:]
        for level in Level.allCases {
            listings[level] = listing(.objects(level), memory, isForced, listingInterval)
        }
        // This call seldom returns anything new, so it accompanies the listings.
        let isListing = listings.values.contains(where: \.isListing)
        return SyncPlan(
            listings: listings,
            asksAccount: isListing || memory.isAccountDamaged || lacksZone
                || (memory.accountAge ?? .infinity) >= listingInterval
        )
    }

    private static func listing(
        _ list: SyncList,
        _ memory: SyncMemory,
        _ isForced: Bool,
        _ interval: Double
    ) -> Listing {
        let known = memory.lists[list] ?? SyncMemory.List()
        // A listing that was in doubt is repeated sooner.
        let patience = known.doubtfulReadings > 0 ? min(interval, doubtfulListingsFor) : interval
        let isDue = (known.listingAge ?? .infinity) >= patience
        // One second less: the watermark's own second may hold an update that had not come yet.
        let isMuchDamaged = known.damagedIDs.count > mostDamaged
        let since =
            isForced || isDue || known.isListingWanted || isMuchDamaged ? nil : known.watermark.map { $0 + -1 }
        var listing = Listing(since: since, position: position(list, memory, standard: pageSize, isForced: isForced))
        // A listing of everything has them anyway.
        if since != nil { listing.damagedIDs = known.damagedIDs }
        guard let staged = memory.staged[list], staged.age < stagedFor else {
            return listing
        }
        if staged.request == "all" {
            // It contains the requested objects, and more.
            listing.since = nil
            listing.damagedIDs = []
        }
        guard staged.request == listing.request else { return listing }
        listing.position.cursor = staged.cursor
        listing.staged = staged
        return listing
    }

    /// How to request a list: as it worked last. After a day, a larger page and refused fields are tried again; a
    /// forced run tries refused fields at once.
    package static func position(
        _ list: SyncList,
        _ memory: SyncMemory,
        standard: Int,
        isForced: Bool = false
    ) -> ListPosition {
        guard let known = memory.lists[list.adapted], let age = known.adaptationAge else {
            return ListPosition(pageSize: standard)
        }
        let worked = known.pageSize ?? standard
        guard age < adaptedFor else { return ListPosition(pageSize: min(worked * 2, standard)) }
        return ListPosition(
            pageSize: min(worked, standard),
            refusedFields: isForced ? [] : known.refusedFields
        )
    }
}
