internal import FoundationEssentials
internal import HTTPMessages
internal import Model
internal import Secrets
internal import Store

// POST /api/sync for people, GET /api/sync for cron services.

extension Endpoints {
    /// `{"adAccountId": "…", "force": true}`
    private struct SyncWish: Decodable {
        var adAccountId: String?
        var force: Bool?
    }

    func syncAccount(_ request: HTTPRequest) throws -> HTTPResponse {
        let wish = try decodeWish(request)
        guard let name = wish.adAccountId, !name.isEmpty else {
            throw RequestError(
                400,
                "AD_ACCOUNT_ID_REQUIRED",
                "The member adAccountId is missing.",
                hint: #"Send {"adAccountId": "…"} with the account's id, or its Facebook id with or without act_."#
            )
        }
        guard let account = try admit(request, to: AccountReference(name)).account else {
            throw RequestError.adAccountNotFound
        }
        guard account.role >= .manager else { throw RequestError.managerRequired }
        let outcome = try store.requestSync(
            of: account.id,
            trigger: .manual,
            isForced: wish.force ?? false,
            interval: environment.syncInterval
        )
        switch outcome {
        case .started(let run):
            try start(run, of: account.id)
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

    private func decodeWish(_ request: HTTPRequest) throws -> SyncWish {
        _ = try admit(request)
        let type = request.headers["Content-Type"]?.split(separator: ";").first.map { $0.filter { !$0.isWhitespace } }
        guard type?.lowercased() == "application/json" else { throw RequestError.contentTypeUnsupported }
        guard String(validating: request.body, as: UTF8.self) != nil else {
            throw RequestError.bodyInvalid("The body is not UTF-8.")
        }
        do {
            return try JSONDecoder().decode(SyncWish.self, from: Data(request.body))
        } catch DecodingError.typeMismatch(_, let context) {
            let name = context.codingPath.last?.stringValue
            throw RequestError.bodyInvalid(
                name.map { "The member \($0) is of the wrong type." } ?? "The body is not a JSON object."
            )
        } catch {
            throw RequestError.bodyInvalid("The body is not valid JSON.")
        }
    }

    private func accepted(
        _ status: String,
        _ run: SyncRun.ID,
        _ message: String,
        _ account: AdmittedAccount
    ) -> HTTPResponse {
        json(202) {
            $0.member("success", true)
            $0.member("status", status)
            $0.member("syncRunId", run.rawValue)
            $0.member("message", message)
            $0.member("statusUrl", "/api/sync/status?adAccountId=\(account.id)")
        }
    }

    private func skipped(_ account: AdmittedAccount) -> HTTPResponse {
        json(200) {
            $0.member("success", true)
            $0.member("status", "skipped")
            $0.member("reason", "fresh")
            $0.member("lastSyncedAt", account.lastSyncedAt)
            $0.member("message", "The data is fresh; force the sync to have it all the same.")
        }
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

    // MARK: Cron

    /// Starts a sync of every account that is due, and says of the others why they are not.
    func syncDueAccounts(_ request: HTTPRequest) throws -> HTTPResponse {
        try requireCronSecret(request)
        var due = 0
        var started: [AdAccount.ID] = []
        var runs: [SyncRun.ID] = []
        var skipped: [(AdAccount.ID, String)] = []
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
            if let reason { skipped.append((account, reason)) }
        }
        let error = startChildren(for: runs)
        return json(error == nil ? 202 : 503) { object in
            object.member("success", error == nil)
            object.member("message", "Started \(started.count) ad account sync\(started.count == 1 ? "" : "s")")
            object.member("due", due)
            object.list("started") { list in
                for account in started { list.value(account.rawValue) }
            }
            object.list("skipped") { list in
                for (account, reason) in skipped {
                    list.object {
                        $0.member("id", account.rawValue)
                        $0.member("reason", reason)
                    }
                }
            }
            object.list("errors") { list in
                if let error { list.value(error) }
            }
        }
    }

    /// HEAD /api/sync, as monitors send it: says whether the secret is right, and starts nothing.
    func probeSync(_ request: HTTPRequest) throws -> HTTPResponse {
        try requireCronSecret(request)
        return json(200) { $0.member("success", true) }
    }

    private var interval: Int { environment.syncInterval }

    private func requireCronSecret(_ request: HTTPRequest) throws {
        let parameters = try Parameters(request, known: ["secret"])
        guard let given = parameters["secret"] ?? bearerToken(request), let secret = environment.cronSecret,
            isSameSecret(given, secret)
        else { throw RequestError.cronSecretInvalid }
    }

    private func startChildren(for runs: [SyncRun.ID]) -> String? {
        guard !runs.isEmpty else { return nil }
        do {
            try environment.startSync(.waitingRuns(runs.count))
            return nil
        } catch {
            environment.log("\(error)")
            for run in runs { try? store.abandon(run, because: "the sync process cannot be started") }
            return "The sync process cannot be started; the responder's log says why."
        }
    }

    func json(_ status: Int, _ body: (inout JSONWriter) -> Void) -> HTTPResponse {
        var writer = JSONWriter()
        writer.object(body)
        return HTTPResponse(
            status: status,
            headers: ["Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"],
            body: writer.bytes
        )
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
