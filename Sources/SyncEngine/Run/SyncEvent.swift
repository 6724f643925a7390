package import Model
package import Store

/// Events of a run, for logs and progress bars.
package enum SyncEvent: Sendable {
    case started(ClaimedRun)
    case progressed(ClaimedRun, SyncProgress)
    /// A list has been read to its end.
    case read(ClaimedRun, SyncList, rows: Int, seconds: Double)
    /// Something odd that does not stop the run.
    case warned(ClaimedRun, String)
    /// A call failed and is made again.
    case retrying(ClaimedRun, String, afterSeconds: Double)
    /// The data is there for readers; older days may follow.
    case committed(ClaimedRun, RunSummary)
    case finished(ClaimedRun, RunSummary)
    case failed(ClaimedRun, String)
    case interrupted(ClaimedRun)
    /// The database did not store the end of the run; the next sync request closes it.
    case lost(ClaimedRun, String)
}
