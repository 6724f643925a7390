internal import HTTPMessages
internal import Model
internal import Store

extension Endpoints {
    // GET or POST /api/sync with the cron secret

    /// Starts a sync of every account that is due. The answer also names the accounts that were skipped, and why.
    func syncDueAccounts(_ request: HTTPRequest) throws -> HTTPResponse {
        try requireCronSecret(request)
        try store.recordDone(.cron)
        var due = 0
        var started: [AdAccount.ID] = []
        var runs: [SyncRun.ID] = []
        var skipped: [CronAnswer.Skipped] = []
        for (account, state) in try store.syncStates() {
            // Most accounts are fresh most of the time; only the others are worth a transaction.
            var reason = SyncDecision.decide(state, trigger: .cron, isForced: false, interval: interval).reasonToSkip
            if reason == nil {
                due += 1
                let outcome = try store.requestSync(of: account, trigger: .cron, isForced: false, interval: interval)
                if case .started(let run) = outcome {
                    started.append(account)
                    runs.append(run)
                } else {
                    reason = "running"
                }
            }
            if let reason { skipped.append(CronAnswer.Skipped(id: account.rawValue, reason: reason)) }
        }
        var problem: String?
        do {
            try start(runs)
        } catch {
            started = []
            problem = "The sync process did not start. See the responder's log."
        }
        return json(
            problem == nil ? 202 : 503,
            CronAnswer(
                success: problem == nil,
                message: "Started \(started.count) ad account sync\(started.count == 1 ? "" : "s")",
                due: due,
                started: started.map(\.rawValue),
                skipped: skipped,
                errors: problem.map { [$0] } ?? []
            )
        )
    }

    /// HEAD /api/sync, for monitors: checks the secret and starts nothing.
    func probeSync(_ request: HTTPRequest) throws -> HTTPResponse {
        try requireCronSecret(request)
        return json(200, ["success": true])
    }

    private var interval: Int { environment.syncInterval }

    /// - Throws: `RequestError` with status 400 or 401. Each refusal is counted, for `/metrics` and `admirror doctor`.
    private func requireCronSecret(_ request: HTTPRequest) throws {
        do {
            // Before the secret is compared: a malformed query is a more helpful answer than a wrong secret.
            _ = try Parameters(request, of: .cron)
        } catch {
            try? store.recordDone(.cronRefused)
            throw error
        }
        guard CronSecret.isSent(with: request, environment.cronSecret) else {
            try? store.recordDone(.cronRefused)
            throw refused(request, .cronSecretInvalid)
        }
    }
}

extension SyncDecision {
    /// Why cron starts nothing; `nil` when it does.
    fileprivate var reasonToSkip: String? {
        switch self {
        case .start, .restart, .replace: nil
        case .running: "running"
        case .fresh: "fresh"
        case .held(let hold): hold.reason.rawValue.lowercased()
        }
    }
}

private struct CronAnswer: Encodable {
    struct Skipped: Encodable {
        let id: String
        let reason: String
    }

    let success: Bool
    let message: String
    let due: Int
    let started: [String]
    let skipped: [Skipped]
    let errors: [String]
}
