internal import Model

/// Distinguishes the unusable rows of a list. They have no key, so the n-th row with some defect in a pass counts as
/// the n-th such row of the pass before. A pure value.
struct UnusableRows {
    private var rowsInPass: [Defect: Int] = [:]
    private var rows: [Defect: Int] = [:]
    /// Hashes of what the rows of a pass looked like.
    private var contentsInPass: Set<Int> = []

    /// - Parameter unusable: the rows of a page as they came, each with its defect.
    /// - Returns: a key for each row, how many of them no page has brought before, and whether one looks like no other of
    ///   this pass.
    mutating func take(_ unusable: [(row: WireValue, defect: Defect)]) -> (keys: [Int], new: Int, looksNew: Bool) {
        var keys: [Int] = []
        var new = 0
        var looksNew = false
        for (row, defect) in unusable {
            let number = rowsInPass[defect, default: 0] + 1
            rowsInPass[defect] = number
            if number > rows[defect, default: 0] {
                rows[defect] = number
                new += 1
            }
            if contentsInPass.insert(row.json.hashValue).inserted { looksNew = true }
            var hasher = Hasher()
            hasher.combine(defect)
            hasher.combine(number)
            keys.append(hasher.finalize())
        }
        return (keys, new, looksNew)
    }

    mutating func beginPass() {
        rowsInPass = [:]
        contentsInPass = []
    }
}
