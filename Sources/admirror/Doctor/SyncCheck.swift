import Model
import Program
import Store

/// How the ad accounts' syncs are.
struct SyncCheck: Check {
    let area = "syncs"
    let settings: Settings
    let store: Store

    /// Seconds after which a sync is slow. A first one of a large account takes some minutes.
    private static let long = 3600.0

    func look() throws -> [Finding] {
        let accounts = try store.adAccounts()
        guard !accounts.isEmpty else { return [] }
        let states = try Dictionary(uniqueKeysWithValues: store.syncStates().map { ($0.id, $0.state) })
        let findings = try accounts.flatMap { try look(at: $0, states[$0.account.id]) }
        guard findings.isEmpty else { return findings }
        return [ok(accounts.count == 1 ? "the ad account is well" : "all \(accounts.count) ad accounts are well")]
    }

    private func look(at row: AdAccountRow, _ state: SyncState?) throws -> [Finding] {
        guard let state else { return [] }
        let name = "act_\(row.account.facebookID)"
        var findings: [Finding] = []
        if let run = state.unfinished {
            let age = try store.secondsSinceStart(of: run.id) ?? 0
            if try store.isAbandoned(run) {
                findings.append(warning("\(name): the process of a sync is gone", "admirror sync --account \(name)"))
            } else if age > Self.long {
                findings.append(
                    warning(
                        "\(name): a sync has been running for \(words(for: age))",
                        "see phase and waits in admirror status --json"
                    )
                )
            }
        }
        for doubt in try store.listingStates(of: row.account.id).compactMap(\.doubt) {
            findings.append(warning("\(name): \(doubt)", "admirror sync --force --wait --account \(name)"))
        }
        if let error = row.syncError {
            let mend = state.hold?.reason == .tokenExpired ? "account set-token" : "sync --wait --account"
            findings.append(problem("\(name): \(error)", "admirror \(mend) \(name)"))
        } else if let age = state.age {
            if age > max(3600, 3 * Double(settings.syncInterval)), state.unfinished == nil {
                findings.append(
                    warning("\(name): the last sync was \(words(for: age)) ago", "admirror sync --account \(name)")
                )
            }
        } else if state.unfinished == nil {
            findings.append(warning("\(name) was never synced", "admirror sync --wait --account \(name)"))
        }
        return findings
    }
}
