import Model
import Program
import Store

/// Follows running syncs until they are over: a bar on a terminal, a line for each account elsewhere.
struct SyncWatch {
    let store: Store
    let settings: Settings
    let accounts: [AdAccount]

    func follow() throws {
        var bar = ProgressBar()
        var open = accounts
        var failures: [String] = []
        while !open.isEmpty {
            var text = ""
            var percent = 100 * (accounts.count - open.count)
            for account in open {
                guard let status = try store.syncStatus(of: account.id, interval: settings.syncInterval) else {
                    open.removeAll { $0.id == account.id }  // the account was removed meanwhile
                    continue
                }
                if let run = status.run, let unfinished = status.state.unfinished, try !store.isAbandoned(unfinished) {
                    percent += run.percent
                    if text.isEmpty { text = describe(account, run) }
                } else {
                    open.removeAll { $0.id == account.id }
                    percent += 100
                    if let run = status.run, run.outcome != "done" {
                        failures.append("act_\(account.facebookID): \(run.error ?? "the sync process ended early")")
                    } else if !isTerminal(.error), let summary = status.run?.summary {
                        printError(
                            "act_\(account.facebookID): \(summary.campaigns) campaigns, \(summary.adSets) ad sets, "
                                + "\(summary.ads) ads, \(summary.apiCalls) calls"
                        )
                    }
                }
            }
            if isTerminal(.error) { bar.draw(percent: percent / accounts.count, text) }
            if !open.isEmpty { pause(seconds: 0.1) }
        }
        if isTerminal(.error) { bar.finish() }
        guard failures.isEmpty else { throw Exit.failed(failures.joined(separator: "\n")) }
    }

    private func describe(_ account: AdAccount, _ run: SyncStatus.Run) -> String {
        let counts = run.phaseTotal > 0 ? " \(run.phaseDone)/\(run.phaseTotal)" : ""
        return "act_\(account.facebookID): \(run.phase ?? "waiting")\(counts)"
    }
}
