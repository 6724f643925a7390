/// The work for which a sync child is started.
package enum SyncTarget: Sendable, Equatable {
    case account(AdAccount.ID)
    /// Runs of any accounts. So many wait.
    case waitingRuns(Int)
    /// The id of a connection with Facebook.
    case connection(String)
}
