internal import GraphAPI
internal import Model
internal import Store

/// Decides, before objects are committed, whether the listing of each level is complete, and requests objects from
/// Facebook again if that is in doubt.
final class ListingReview {
    /// Missing objects that are looked up by their ids.
    private static let mostLookups = 8
    /// Readings in doubt in a row after which syncs no longer list a level each time, but every hour.
    private static let mostListings = 6

    private let access: GraphAccess
    private let account: AccountSummary
    private let memory: SyncMemory
    private var listed: [Level: ListedObjects] = [:]
    private var evidence: [Level: DeletionEvidence] = [:]

    init(access: GraphAccess, account: AccountSummary, memory: SyncMemory) {
        self.access = access
        self.account = account
        self.memory = memory
    }

    /// Compares what was read of a level with what is stored.
    /// - Returns: what has to be asked before it can be judged; mostly nothing.
    func questions(_ level: Level, isListing: Bool, mayBeCut: Bool) throws -> [any GraphReading] {
        var objects = try access.store.listedObjects(level, of: access.run.account.id, isListing: isListing)
        objects.mayBeCut = mayBeCut
        listed[level] = objects
        var questions: [any GraphReading] = []
        if isListing, objects.counted == nil {
            questions.append(GraphClient.count(level, of: account) { [self] in listed[level]?.counted = $0 })
        }
        if objects.verdict(doubts: doubts(level), delivers: false, nil) == .needsEvidence {
            evidence[level] = DeletionEvidence()
            let ids = try access.store.missingObjects(level, of: access.run.account.id, limit: Self.mostLookups)
            questions += ids.map { GraphClient.lookup($0) { [self] in note($0, level) } }
        }
        return questions
    }

    private func note(_ lookup: Lookup, _ level: Level) {
        switch lookup {
        case .exists: evidence[level]?.existing += 1
        case .gone: evidence[level]?.gone += 1
        case .unknown: break
        }
    }

    /// Adds doubts to the readings.
    /// - Parameter delivers: Whether the account had results today or yesterday.
    func judge(_ readings: inout ReadParts, delivers: Bool) {
        for level in Level.allCases {
            guard readings.objects[level] != nil, let listed = listed[level] else { continue }
            let doubts = doubts(level)
            // Without a response, the objects stay.
            let evidence = evidence[level] ?? DeletionEvidence()
            let verdict = listed.verdict(doubts: doubts, delivers: delivers, evidence)
            guard verdict != .whole else { continue }
            access.journal.warn(listed.warning(verdict, evidence))
            readings.objects[level]?.doubt = ListingDoubt(
                unlisted: listed.shortfall,
                unconfirmed: verdict == .unconfirmed ? listed.missing : 0,
                readings: doubts + 1,
                wantsListing: doubts + 1 < Self.mostListings
            )
            // Updates may be among the objects that were not listed: the next sync asks for them again.
            if doubts + 1 < Self.mostListings { readings.objects[level]?.watermark = nil }
        }
    }

    private func doubts(_ level: Level) -> Int { memory.lists[.objects(level)]?.doubtfulReadings ?? 0 }
}
