internal import Model

/// Distinguishes the unusable rows of a list. They have no key, so the n-th row with some defect in a pass counts as
/// the n-th such row of the pass before. A pure value.
struct UnusableRows {
    private var rowsInPass: [Defect: Int] = [:]
    private var rows: [Defect: Int] = [:]

    /// - Returns: a key for each row that cannot be used, and how many of them no page has brought before.
    mutating func take(_ defects: [Defect]) -> (keys: [Int], new: Int) {
        var keys: [Int] = []
        var new = 0
        for defect in defects where defect.kind == .leftOut {
            let number = rowsInPass[defect, default: 0] + 1
            rowsInPass[defect] = number
            if number > rows[defect, default: 0] {
                rows[defect] = number
                new += 1
            }
            var hasher = Hasher()
            hasher.combine(defect)
            hasher.combine(number)
            keys.append(hasher.finalize())
        }
        return (keys, new)
    }

    mutating func beginPass() {
        rowsInPass = [:]
    }
}
