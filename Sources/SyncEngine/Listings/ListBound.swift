internal import Model

/// How many rows of results an account can have, as far as its objects are known: no list is followed for ever.
///
/// Facebook counts no rows of results. Deleted objects, which it may not list, have results too: the bound is a multiple.
struct ListBound {
    private static let rowsPerObject = 20
    private static let fewestRows = 10_000

    /// Objects of each level that are stored, and that Facebook has counted in this run.
    var stored: [Level: Int] = [:]
    var counted: [Level: Int] = [:]

    /// - Parameter days: Days with a row for each object; 1 for totals.
    /// - Returns: The most rows that are possible; `nil` if no object is known.
    func rows(_ level: Level, days: Int = 1) -> Int? {
        let known = max(stored[level] ?? 0, counted[level] ?? 0)
        return known == 0 ? nil : max(Self.fewestRows, known * Self.rowsPerObject) * days
    }
}
