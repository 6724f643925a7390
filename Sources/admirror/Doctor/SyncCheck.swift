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
        return [
            ok(
                accounts.count == 1
                    ? "the ad account has no problem" : "all \(accounts.count) ad accounts have no problem"
            )
        ]
    }

    private func look(at row: AdAccountRow, _ state: SyncState?) throws -> [Finding] {
        guard let state else { return [] }
        let name = "act_\(row.account.facebookID)"
        var findings: [Finding] = []
        if let run = state.unfinished {
            let age = try store.secondsSinceStart(of: run.id) ?? 0
            if try store.isAbandoned(run) {
                findings.append(
                    warning("\(name): the process of a sync is gone", run: "admirror sync --account \(name)")
                )
            } else if age > Self.long {
                findings.append(
                    warning(
                        "\(name): a sync has been running for \(words(for: age))",
                        "wait: its log shows its progress; when its process ends, the next sync can start"
                    )
                )
            }
        }
        for doubt in try store.listingStates(of: row.account.id).compactMap(\.doubt) {
            findings.append(warning("\(name): \(doubt)", run: "admirror sync --wait --force --account \(name)"))
        }
        if let error = row.syncError {
            findings.append(mending("\(name): \(error)", name, state))
        } else if state.unfinished == nil {
            if state.age == nil {
                findings.append(warning("\(name) has never synced", run: "admirror sync --wait --account \(name)"))
            } else if let age = state.age, age > max(3600, 3 * Double(settings.syncInterval)) {
                findings.append(late("\(name): the last sync was \(words(for: age)) ago", name, state))
            }
        }
        return try findings + values(of: row.account, name)
    }

    /// Values that Facebook refuses, or sends damaged.
    private func values(of account: AdAccount, _ name: String) throws -> [Finding] {
        var findings: [Finding] = []
        let again = "admirror sync --wait --force --account \(name)"
        let refused = Set(try store.unavailableFields(of: account.id).map(\.metric)).sorted()
        if !refused.isEmpty {
            findings.append(warning("\(name): Facebook refuses \(refused.joined(separator: ", "))", run: again))
        }
        let damaged = try store.damagedObjects(of: account.id)
        if damaged > 0 {
            let objects = damaged == 1 ? "1 object has" : "\(damaged) objects have"
            findings.append(warning("\(name): \(objects) values that arrived damaged from Facebook", run: again))
        }
        let days = try store.damagedDays(of: account.id)
        if days > 0 {
            let list = days == 1 ? "1 day" : "\(days) days"
            findings.append(warning("\(name): results of \(list) are incomplete and are read again", run: again))
        }
        return findings
    }

    /// After a sync that failed. Facebook's own holds cannot be shortened, and fresh data is synced by force alone.
    private func mending(_ text: String, _ name: String, _ state: SyncState) -> Finding {
        switch state.hold?.reason {
        case .tokenExpired: problem(text, run: "admirror account set-token \(name)")
        case .rateLimited: problem(text, "wait: syncing resumes automatically when the rate limit ends")
        case .retryLater, nil:
            problem(
                text,
                run: state.isFresh(interval: settings.syncInterval)
                    ? "admirror sync --wait --force --account \(name)" : "admirror sync --wait --account \(name)"
            )
        }
    }

    private func late(_ text: String, _ name: String, _ state: SyncState) -> Finding {
        switch state.hold?.reason {
        case .tokenExpired: warning(text, run: "admirror account set-token \(name)")
        case .rateLimited: warning(text, "wait: syncing resumes automatically when the rate limit ends")
        case .retryLater, nil: warning(text, run: "admirror sync --wait --account \(name)")
        }
    }
}
