internal import HTTPMessages
internal import Model
internal import Secrets
internal import Store

// Connecting ad accounts with Facebook Login. Facebook itself is called by the sync child only.

extension Endpoints {
    private func requireLogin() throws -> FacebookLogin {
        guard let login = environment.facebookLogin else { throw RequestError.facebookAppMissing }
        return login
    }

    /// GET /api/facebook/connect: sends the browser to Facebook's dialog.
    func beginConnection(_ request: HTTPRequest) throws -> HTTPResponse {
        let admission = try admitChange(request)
        let login = try requireLogin()
        let secret = SecretCookie.newSecret()
        let state = FacebookLogin.state(of: secret)
        _ = try store.beginFacebookConnection(
            of: admission.userID,
            stateHash: sha256(state.utf8),
            redirectURI: login.redirectURI
        )
        var response = redirect(to: login.dialog(state: state))
        response.headers.add("Set-Cookie", SecretCookie.connection.set(secret, for: request))
        return response
    }

    /// GET /api/facebook/callback: receives the response of the dialog. It is accepted once, and only in the browser
    /// that started it.
    func endDialog(_ request: HTTPRequest) throws -> HTTPResponse {
        let parameters = try Parameters(request, of: .facebookCallback)
        let login = try requireLogin()
        guard let secret = SecretCookie.connection.secret(in: request), let state = parameters["state"],
            isSameSecret(state, FacebookLogin.state(of: secret))
        else { throw refused(request, .connectionStateInvalid) }
        let code = parameters["error"] == nil ? parameters["code"] : nil
        guard code != nil || parameters["error"] != nil, (code ?? "").utf8.count <= Self.longestCode else {
            throw RequestError.connectionStateInvalid
        }
        let id = try store.answerFacebookConnection(
            stateHash: sha256(state.utf8),
            seal: code.map { code in { try login.seal(code, for: $0) } }
        )
        guard let id else { throw refused(request, .connectionStateInvalid) }
        if code != nil { startChild(for: id) }
        var response = redirect(to: "/#/settings?connection=\(id)")
        response.headers.add("Set-Cookie", SecretCookie.connection.clear(for: request))
        return response
    }

    /// Codes have some 350 characters.
    private static let longestCode = 4000

    /// If this fails, the next status request retries it or reports the error.
    private func startChild(for id: String) {
        do {
            try environment.startSync(.connection(id))
        } catch {
            environment.log("the child of a connection did not start: \(error)")
        }
    }

    /// GET /api/facebook/connection: how far it is.
    func describeConnection(_ request: HTTPRequest) throws -> HTTPResponse {
        let admission = try admit(request)
        guard let id = try Parameters(request, of: .facebookConnection)["id"] else {
            throw RequestError.connectionNotFound
        }
        guard let found = try connection(id, of: admission) else { throw RequestError.connectionNotFound }
        guard found.status == .exchanging, admission.scope == .sync, try store.takeConnectionRestart(found.id) else {
            return describe(try connection(id, of: admission) ?? found)
        }
        startChild(for: found.id)
        return describe(found)
    }

    private func connection(_ id: String, of admission: Admission) throws -> FacebookConnection? {
        // Not every text is an id, and PostgreSQL returns an error for other texts.
        guard let id = AccountReference(id).id?.rawValue else { return nil }
        return try store.facebookConnection(id, of: admission.userID)
    }

    private func describe(_ connection: FacebookConnection) -> HTTPResponse {
        json(200, ["connection": ConnectionAnswer(connection)])
    }

    // MARK: The choice

    /// `{"id": "…", "adAccounts": ["act_1234567890"]}`
    private struct Choice: Decodable {
        var id: String?
        var adAccounts: [String]?
    }

    /// POST /api/facebook/connection: connects the accounts that were chosen.
    func completeConnection(_ request: HTTPRequest) throws -> HTTPResponse {
        let admission = try admitChange(request)
        let example = #"{"id": "…", "adAccounts": ["act_1234567890"]}"#
        let choice = try body(of: request, as: Choice.self, like: example)
        guard let id = choice.id, let names = choice.adAccounts, !names.isEmpty else {
            throw RequestError.bodyInvalid("id or adAccounts is missing, or no account is chosen.", example)
        }
        let login = try requireLogin()
        guard let found = try connection(id, of: admission) else { throw RequestError.connectionNotFound }
        guard found.status == .ready, let stored = try store.connectionToken(found.id) else {
            throw RequestError.connectionNotReady(found.status.rawValue)
        }
        let wanted = names.map { AccountReference($0).facebookID }
        let chosen = found.accounts.filter { wanted.contains($0.facebookID) }
        guard chosen.count == Set(wanted).count else {
            throw RequestError.bodyInvalid("adAccounts has an account that Facebook did not list.", example)
        }
        let tokens: [StoredToken]
        do {
            tokens = try login.tokens(from: stored, of: found.id, for: chosen.map(\.facebookID))
        } catch let failure as TokenCipher.Failure {
            environment.log("the connection \(found.id): \(failure)")
            throw RequestError.connectionUnreadable
        }
        let outcome = try store.complete(
            found.id,
            of: admission.userID,
            email: admission.email,
            accounts: Array(zip(chosen, tokens)),
            app: login.appID
        )
        switch outcome {
        case .gone:
            throw RequestError.connectionNotReady("done")
        case .taken(let facebookID):
            throw refused(request, .adAccountTaken(facebookID), by: admission.email, account: facebookID)
        case .connected(let accounts):
            try note(accounts, by: admission, from: request.clientAddress)
            startFirstSyncs(of: accounts)
            return json(200, ["connected": accounts.map { "act_\($0.facebookID)" }])
        }
    }

    private func note(_ accounts: [ConnectedAccount], by admission: Admission, from address: String) throws {
        for account in accounts {
            try store.note(
                account.isNew ? .accountAdded : .facebookTokenSet,
                by: admission.email,
                from: address,
                account: account.facebookID,
                "by Facebook Login"
            )
            guard account.isOwnerNew else { continue }
            try store.note(
                .roleGranted,
                by: admission.email,
                from: address,
                account: account.facebookID,
                "\(admission.email) is owner"
            )
        }
    }

    /// The accounts are connected: a sync that cannot be started now is started by the first read.
    private func startFirstSyncs(of accounts: [ConnectedAccount]) {
        do {
            var runs: [SyncRun.ID] = []
            for account in accounts {
                let outcome = try store.requestSync(
                    of: account.id,
                    trigger: .manual,
                    isForced: false,
                    // The person looks at one of them first, and that read makes its run urgent.
                    isAwaited: false,
                    interval: environment.syncInterval
                )
                if case .started(let run) = outcome { runs.append(run) }
            }
            try start(runs)
        } catch {
            environment.log("the sync of connected accounts did not start: \(error)")
        }
    }

    /// No cache may store it: it is for one browser, and works once.
    private func redirect(to target: String) -> HTTPResponse {
        HTTPResponse(status: 302, headers: ["Location": target, "Cache-Control": "no-store"])
    }
}
