/// How what several objects had together compares with what their account had.
package enum Balance: Sendable, Equatable {
    case even
    /// The objects had less: rows are missing, or came late.
    case short
    /// The objects had more: the account's numbers are older.
    case over
    /// No number is known of both.
    case unknown
}
