package import Model

/// How a list of objects was read.
package struct ReadObjects: Sendable, Equatable {
    /// When the reading of all objects, in every status, began. Objects that it did not return are missing. `nil` if
    /// only updated objects were read.
    package var listedAt: Timestamp?
    /// The latest update that surely was seen, with all before it.
    package var watermark: Timestamp?
    /// Names of Graph fields that Facebook refused: their columns stay as they are.
    package var refusedFields: Set<String>
    /// Why the reading counts as incomplete; `nil` if it is complete.
    package var doubt: ListingDoubt?
    /// Rows that cannot be used: objects that are not there may be among them.
    package var leftOut = 0
    /// Whether Facebook neither counted the rows nor said that the list ends where it did.
    package var mayBeCut = false
    /// Ids of objects that are read again because they came damaged before.
    package var readAgain: [String] = []

    /// Some objects could not be read again though they may have changed: the next run is to list all of them.
    package var isListingWanted = false

    package var isListing: Bool { listedAt != nil }

    package init(listedAt: Timestamp?, watermark: Timestamp?, refusedFields: Set<String> = []) {
        self.listedAt = listedAt
        self.watermark = watermark
        self.refusedFields = refusedFields
    }
}

/// How the totals of a level were read.
package struct ReadTotals: Sendable {
    package var days: DayRange
    /// The sums of the account's days that they belong to.
    package var basis: String
    /// Whether every row can be used. Else an object without a row may have had anything.
    package var hasAllRows = true
    /// Whether a row or a value cannot be read: then they are read again.
    package var isDamaged = false
    /// Campaigns whose objects have no totals, because Facebook did not return them.
    package var missingCampaigns: Set<String> = []
    /// Compares the sum of the objects with the account.
    package var balance: @Sendable (ResultsSum) -> Balance

    package init(days: DayRange, basis: String, balance: @escaping @Sendable (ResultsSum) -> Balance) {
        self.days = days
        self.basis = basis
        self.balance = balance
    }
}

/// The parts that a run has read, all of them staged, and those that it could not read.
///
/// Each part is complete and consistent, so it can be committed without the others.
package struct ReadParts: Sendable {
    package var objects: [Level: ReadObjects] = [:]
    package var totals: [Level: ReadTotals] = [:]
    /// What the account had on each day; `nil` when that was not read.
    package var accountDays: ReadAccountDays?
    /// The days of ads that were read; `nil` for none.
    package var days: ReadDays?
    /// Why a part, or some of it, could not be read: a sentence for people.
    package var failures: [SyncList: String] = [:]

    package init() {}

    package var isEmpty: Bool {
        objects.isEmpty && totals.isEmpty && accountDays == nil && days == nil && failures.isEmpty
    }
}
