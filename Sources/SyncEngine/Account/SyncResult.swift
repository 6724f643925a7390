internal import GraphAPI
internal import Model
internal import Store

/// What a run has read of an account, and what it could not read.
struct SyncResult {
    /// Whether a part of it is what an earlier run had read: it describes the account as it was then.
    var isTakenOver = false
    /// The parts that were read, all of them or most.
    var read: Set<SyncList> = []
    /// Why a part, or some of it, could not be read.
    var failed: [SyncList: GraphError] = [:]
    /// The parts that are stored, and the failures that are recorded.
    private(set) var stored: Set<SyncList> = []
    private(set) var recorded: Set<SyncList> = []

    /// Whether all objects and the account's days are stored. They decide what else to read, and the account then
    /// counts as synced.
    var isSynced: Bool { stored.isSuperset(of: ReadParts.objectLists + [.accountDays]) }

    /// Why the run counts as failed; `nil` when everything was read.
    var failure: SyncFailure? { failed.isEmpty ? nil : SyncFailure(failed) }

    /// A sentence for each part that could not be read: parts with the same cause share it.
    func failures(notIn known: Set<SyncList>) -> [SyncList: String] {
        var sentences: [SyncList: String] = [:]
        for group in SyncFailure.groups(failed) {
            for list in group.lists where !known.contains(list) && list != .recentDays {
                sentences[list] = group.sentence
            }
        }
        return sentences
    }

    /// The readings are about to be stored.
    mutating func note(_ readings: ReadParts) {
        stored.formUnion(readings.objects.keys.map { .objects($0) })
        stored.formUnion(readings.totals.keys.map { .totals($0) })
        if readings.accountDays != nil { stored.insert(.accountDays) }
        recorded.formUnion(readings.failures.keys)
    }

    /// The knowledge after a second reading, which repeats failed parts only if they are due.
    func followed(by second: SyncResult) -> SyncResult {
        var both = second
        both.failed = failed.filter { !second.read.contains($0.key) }.merging(second.failed) { $1 }
        return both
    }
}

extension ReadParts {
    static let objectLists = Level.allCases.map { SyncList.objects($0) }
}
