internal import HTTPMessages
internal import Model
internal import Store

// GET /api/campaigns, /api/ad-sets and /api/ads, and the question that nginx asks before it answers one of them from
// its cache.

extension Endpoints {
    func table(_ table: AnswerTable, _ request: HTTPRequest) throws -> HTTPResponse {
        let account = try admitToAccount(request)
        keepFresh(account)
        let known = Validator(table, account.id, account.versions[keyPath: table.version])
        if known.matches(request) { return notModified(known) }

        var writer = TableWriter(table)
        let version = try store.read(table, of: account.id) { writer.cell($0, $1) }
        guard let version else { throw RequestError.adAccountNotFound }
        // A sync may have committed since the account was looked up: the rows' own version is the one to tell.
        let validator = Validator(table, account.id, version)
        return bodies.encode(
            HTTPResponse(status: 200, headers: CachePolicy.shared(validator), body: writer.finish()),
            for: request
        )
    }

    private func notModified(_ validator: Validator) -> HTTPResponse {
        HTTPResponse(status: 304, headers: CachePolicy.shared(validator))
    }

    /// Tells nginx whether the sender of a request may see the account, and under which key the answer is in its
    /// cache. The key holds the account's own id and the data version, so that every way to name the account leads to
    /// one entry, and a committed sync makes all older ones unreachable.
    ///
    /// A request that gets no data, whatever the reason, gets no key: nginx then neither looks into its cache nor
    /// stores anything, and the responder says what is wrong.
    func authorize(_ table: AnswerTable, _ request: HTTPRequest) throws -> HTTPResponse {
        do {
            let account = try admitToAccount(request)
            keepFresh(account)
            return HTTPResponse(
                status: 204,
                headers: [
                    "X-Cache-Key": Validator(table, account.id, account.versions[keyPath: table.version]).cacheKey,
                    // Long enough to spare the responder, short enough that nobody notices a revoked token.
                    "Cache-Control": "max-age=1",
                ]
            )
        } catch is RequestError {
            // Kept for a second too, so that a refusal takes the place of an older permission, which nginx would else
            // bring back while the database is away.
            return HTTPResponse(status: 204, headers: ["Cache-Control": "max-age=1"])
        }
    }

    /// Starts a sync child when the data is stale, nothing holds the account off, and no other read was faster. What
    /// goes wrong with it does not concern the reader.
    private func keepFresh(_ account: AdmittedAccount) {
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
