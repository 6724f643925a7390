/// The longest history that a person can request for an account.
package enum HistoryLimit {
    /// Days of results that can be read, today included: the shortest 37 months, which is what Facebook keeps.
    package static let days = 1123
}
