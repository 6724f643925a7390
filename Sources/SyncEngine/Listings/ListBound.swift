internal import Model

/// The most rows of results that an account can have, given its known objects. It bounds every list.
///
/// Facebook does not count rows of results. Deleted objects, which it may not list, have results too, so the bound is a
/// multiple.
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
