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
            if case .started(let run) = outcome { try start(run, of: account.id) }
        } catch {
            environment.log("no sync for a read of stale data: \(error)")
        }
    }

    /// Starts the child for a run that is ours to start.
    func start(_ run: SyncRun.ID, of account: AdAccount.ID) throws {
        do {
            try environment.startSync(.account(account))
        } catch {
            try store.abandon(run, because: "the sync process cannot be started")
            environment.log("\(error)")
            throw RequestError.syncUnavailable
        }
    }
}
