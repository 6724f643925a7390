/// A wish for more days of an account's results than the operator has set for all accounts.
package enum HistoryWish {
    /// Days of results that can be read, today included: the shortest 37 months, which is what Facebook keeps.
    package static let longest = 1123
}
