package import Model

/// What a row's value of a field has to be: `spend>=50`.
package struct Condition: Sendable, Hashable {
    package enum Comparison: String, Sendable, CaseIterable {
        case equal = "="
        case unequal = "!="
        case less = "<"
        case atMost = "<="
        case more = ">"
        case atLeast = ">="
        /// The text contains the other one.
        case contains = "~"
    }

    package enum Value: Sendable, Hashable {
        /// No value. Only `equal` and `unequal` compare with it.
        case unknown
        /// A number in decimal digits, in the unit of the field.
        case number(String)
        /// Compared without regard to case.
        case text(String)
        case flag(Bool)
        /// In the account's time zone.
        case day(Day)
        case moment(Timestamp)
    }

    /// The name of a column.
    package let field: String
    package let comparison: Comparison
    package let value: Value

    package init(_ field: String, _ comparison: Comparison, _ value: Value) {
        self.field = field
        self.comparison = comparison
        self.value = value
    }
}
