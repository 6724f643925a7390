internal import Model
internal import Store

extension Endpoints {
    /// Starts the children for runs that this responder must start, and closes the runs if that fails.
    /// - Parameter target: All waiting runs, unless another one is named.
    /// - Throws: `RequestError` with status 503; the log has the reason.
    func start(_ runs: [SyncRun.ID], with target: SyncTarget? = nil) throws {
        guard !runs.isEmpty else { return }
        do {
            try environment.startSync(target ?? .waitingRuns(runs.count))
        } catch {
            environment.log("\(error)")
            for run in runs { try? store.abandon(run, because: "the sync process did not start") }
            throw RequestError.syncUnavailable
        }
    }
}
