/// A wish for more days of an account's results than the operator has set for all accounts.
package enum HistoryWish {
    /// Days of results that can be read, today included. Facebook keeps 37 months, the shortest of which have so many.
    package static let longest = 1123
}
