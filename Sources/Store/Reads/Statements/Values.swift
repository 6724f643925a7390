internal import Postgres

/// The parameters of a statement that is put together piece by piece.
struct Values {
    private(set) var all: [(any QueryValue)?] = []

    /// - Returns: the value's placeholder in the statement.
    mutating func add(_ value: (some QueryValue)?, _ type: String) -> String {
        all.append(value)
        return "$\(all.count)::\(type)"
    }
}
