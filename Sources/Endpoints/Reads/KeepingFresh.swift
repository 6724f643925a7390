internal import Model
internal import Store

extension Endpoints {
    /// Starts a sync child when the data is stale, nothing holds the account off, and no other read was faster. What
    /// goes wrong with it does not concern the reader.
    func keepFresh(_ account: AdmittedAccount) {
        let interval = environment.syncInterval
        let wish = SyncDecision.decide(account.state, trigger: .read, isForced: false, interval: interval)
        switch wish {
        case .start, .restart, .replace: break
        case .running, .fresh, .held: return
        }
        do {
            let outcome = try store.requestSync(of: account.id, trigger: .read, isForced: false, interval: interval)
            if case .started(let run) = outcome { try start([run], with: .account(account.id)) }
        } catch {
            environment.log("the sync after a read of stale data did not start: \(error)")
        }
    }

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
