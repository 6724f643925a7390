internal import HTTPMessages
internal import Model
internal import Store

extension Endpoints {
    // POST /api/sync

    /// `{"adAccountId": "…", "force": true}`
    struct SyncRequest: Decodable {
        var adAccountId: String?
        var force: Bool?
        var historyDays: Int?
    }

    /// The range of `historyDays`. Facebook keeps results for 37 months.
    static let historyDays = 1...HistoryLimit.days

    func syncAccount(_ request: HTTPRequest) throws -> HTTPResponse {
        if isCronCall(request) { return try syncDueAccounts(request) }
        _ = try admitChange(request)
        let input = try body(
            of: request,
            as: SyncRequest.self,
            like: #"{"adAccountId": "act_1234567890", "force": false}"#
        )
        guard let name = input.adAccountId, !name.isEmpty else {
            throw RequestError.adAccountIDNotSent
        }
        if let days = input.historyDays, !Self.historyDays.contains(days) {
            throw RequestError.bodyInvalid(
                "historyDays is not a whole number from 1 to \(HistoryLimit.days).",
                #"{"adAccountId": "act_1234567890", "historyDays": 365}"#
            )
        }
        let (admission, account) = try admit(request, as: .manager, of: AccountReference(name))
        let wantsMore = try input.historyDays.map { try store.requestHistory(of: account.id, days: $0) } ?? false
        let outcome = try store.requestSync(
            of: account.id,
            trigger: .manual,
            isForced: input.force ?? false,
            // More days are a reason to sync at once, however fresh the rest is.
            interval: wantsMore ? 0 : environment.syncInterval
        )
        try store.note(
            .syncRequested,
            by: admission.email,
            from: request.clientAddress,
            account: account.facebookID,
            [input.force == true ? "forced" : nil, input.historyDays.map { "history of \($0) days" }]
                .compactMap(\.self).joined(separator: ", ")
        )
        switch outcome {
        case .started(let run):
            try start([run], with: .account(account.id))
            return accepted("started", run, "The sync has been started.", account)
        case .running(let run):
            return accepted("running", run, "A sync is under way already.", account)
        case .fresh:
            return skipped(account)
        case .held(let hold):
            throw try refusal(hold, account)
        case nil:
            throw RequestError.adAccountNotFound
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

    private func accepted(
        _ status: String,
        _ run: SyncRun.ID,
        _ message: String,
        _ account: AdmittedAccount
    ) -> HTTPResponse {
        json(
            202,
            AcceptedSync(
                status: status,
                syncRunId: run.rawValue,
                message: message,
                statusUrl: "/api/sync/status?adAccountId=\(account.id)"
            )
        )
    }

    private func skipped(_ account: AdmittedAccount) -> HTTPResponse {
        json(200, SkippedSync(lastSyncedAt: account.lastSyncedAt))
    }

    private func refusal(_ hold: Hold, _ account: AdmittedAccount) throws -> RequestError {
        switch hold.reason {
        case .tokenExpired:
            return .facebookTokenExpired(
                try store.syncStatus(of: account.id, interval: environment.syncInterval)?.error
            )
        case .rateLimited, .retryLater:
            return .rateLimited(seconds: hold.secondsLeft)
        }
    }
}

private struct AcceptedSync: Encodable {
    let success = true
    let status: String
    let syncRunId: String
    let message: String
    let statusUrl: String
}

private struct SkippedSync: Encodable {
    let success = true
    let status = "skipped"
    let reason = "fresh"
    let lastSyncedAt: String?
    let message = "The data is fresh; force the sync to have it all the same."
}
