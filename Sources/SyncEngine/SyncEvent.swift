package import Model
package import Store

/// What happens while a run goes on, for whoever wants to tell it.
package enum SyncEvent: Sendable {
    case started(ClaimedRun)
    case progressed(ClaimedRun, SyncProgress)
    /// Something odd that does not stop the run.
    case warned(ClaimedRun, String)
    case finished(ClaimedRun, SyncTally, days: DayRange)
    case failed(ClaimedRun, String)
    case interrupted(ClaimedRun)
    /// The database did not take the end of the run; the next wish for a sync closes it.
    case lost(ClaimedRun, String)
}
