/// The state of a list after its pages so far: whether it is complete, and whether it ends. A pure value.
///
/// A row is identified by the 64-bit hash of its key, so that a list of 100,000 ads needs a few megabytes.
struct ListProgress {
    /// How often a list is read from its start while Facebook counts more rows than it has listed.
    static let mostPasses = 3
    /// Pages in a row that repeat rows, after which a list goes in a circle; likewise empty pages, which Facebook also
    /// sends within a list; and pages of either kind once all rows that Facebook counts have been read.
    static let mostRepeatedPages = 5
    static let mostEmptyPages = 25
    static let mostNeedlessPages = 3
    /// Rows of a list about which nothing is known.
    static let mostRows = 2_000_000

    /// The rows that Facebook counts; `nil` when it has not sent the number.
    private(set) var total: Int?
    private var pass: UInt8 = 1
    /// The pass that brought each row last, by the hash of its key.
    private var rows: [Int: UInt8] = [:]
    /// Rows that an earlier run has read of this list.
    private var rowsBefore: Int
    private var rowsInPass = 0
    private var repeatedPages = 0
    private var emptyPages = 0

    init(rowsBefore: Int = 0, total: Int? = nil) {
        self.rowsBefore = rowsBefore
        self.total = total
    }

    /// Rows that Facebook counts and has not listed; 0 when the count is not known.
    var shortfall: Int { total.map { max(0, $0 - rowsBefore - rows.count) } ?? 0 }

    /// Takes the keys of a page's rows.
    /// - Parameters:
    ///   - unusable: keys of the rows that cannot be used.
    ///   - looksNew: whether one of these looks like no other. It counts where a page has no other rows: each repetition of
    ///     such a row has a key of its own.
    /// - Returns: whether any of the rows had been read before.
    mutating func take(_ keys: [Int], unusable: [Int] = [], looksNew: Bool = false, total: Int?) -> Bool {
        self.total = total ?? self.total
        let knownBefore = rows.count
        let newInPass = add(keys)
        rowsInPass += newInPass + add(unusable)
        if newInPass > 0 || (keys.isEmpty && looksNew) {
            (repeatedPages, emptyPages) = (0, 0)
        } else if keys.isEmpty, unusable.isEmpty {
            emptyPages += 1
        } else {
            repeatedPages += 1
        }
        return rows.count - knownBefore < keys.count + unusable.count
    }

    /// - Returns: how many of them this pass had not brought.
    private mutating func add(_ keys: [Int]) -> Int {
        keys.reduce(0) { $0 + (rows.updateValue(pass, forKey: $1) != pass ? 1 : 0) }
    }

    /// Why a list whose page names a next one does not end; `nil` when it may go on.
    /// - Parameter most: the rows that the list can have, where Facebook counts none.
    func endlessness(most: Int?) -> String? {
        let needless = repeatedPages + emptyPages
        let isRead = total != nil && shortfall == 0
        if repeatedPages >= Self.mostRepeatedPages || emptyPages >= Self.mostEmptyPages
            || (isRead && needless >= Self.mostNeedlessPages)
        {
            return "its pages repeat: \(needless) in a row had no new rows"
        }
        // Objects come while they are listed.
        let bound = total.map { 2 * $0 + 1000 } ?? most ?? Self.mostRows
        return rowsInPass > bound ? "it has returned \(rowsInPass) rows, more than it can have" : nil
    }

    /// Restarts the list if rows are missing that another reading may return. The rows read so far stay.
    mutating func beginsAnotherPass() -> Bool {
        guard shortfall > 0, pass < Self.mostPasses else { return false }
        pass += 1
        rowsBefore = 0
        beginPass()
        return true
    }

    /// Forgets all rows, because the list restarts.
    mutating func restart() {
        self = ListProgress()
    }

    private mutating func beginPass() {
        (rowsInPass, repeatedPages, emptyPages) = (0, 0, 0)
    }
}
