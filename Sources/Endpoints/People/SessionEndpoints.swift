internal import HTTPMessages
internal import Model
internal import Secrets
internal import Store

// POST, GET and DELETE /api/session

extension Endpoints {
    /// `{"email": "…", "password": "…"}`
    struct SignIn: Decodable {
        var email: String?
        var password: String?
    }

    /// Signs a person in. Whether the address is unknown, has no password, or has another one, the answer and the time that it
    /// takes are the same.
    func signIn(_ request: HTTPRequest) throws -> HTTPResponse {
        guard SameOrigin.isSender(of: request) else { throw refused(request, .crossSite) }
        let given = try body(of: request, as: SignIn.self, like: #"{"email": "ada@example.com", "password": "…"}"#)
        guard let email = given.email, let password = given.password, !email.isEmpty, email.utf8.count <= 254,
            password.utf8.count <= Passwords.lengths.upperBound, !(email + password).utf8.contains(0)
        else {
            throw RequestError.bodyInvalid(
                "email or password is missing, or too long.",
                #"{"email": "…", "password": "…"}"#
            )
        }
        let address = request.clientAddress
        let candidate = try store.signInCandidate(email: email)
        let delay = try store.signInDelay(email: email, address: address)
        guard delay == 0 else {
            try store.noteRefusal(.signInThrottled, by: candidate?.email, from: address)
            throw RequestError.signInThrottled(seconds: delay)
        }
        guard try matches(password, candidate?.passwordHash), let candidate else {
            try store.recordSignInFailure(email: email, address: address)
            if let candidate {
                try store.note(.signInRefused, by: candidate.email, from: address)
            } else {
                try store.noteRefusal(.signInRefused, by: nil, from: address)
            }
            throw RequestError.signInRefused
        }
        let id = SecretCookie.newSecret()
        let hasBegun = try store.beginSession(
            idHash: sha256(id.utf8),
            of: candidate.userID,
            verifiedBy: candidate.passwordHash,
            from: address,
            agent: request.headers["User-Agent"] ?? "",
            replacing: SecretCookie.session.secret(in: request).map { sha256($0.utf8) }
        )
        guard hasBegun else { throw RequestError.signInRefused }
        try store.forgetSignInFailures(email: email)
        try store.note(.signedIn, by: candidate.email, from: address)
        var response = sessionResponse(candidate.userID, candidate.email, by: "session")
        response.headers.add("Set-Cookie", SecretCookie.session.set(id, for: request))
        return response
    }

    /// Hashing takes all of a core for as long as many reads take: not all responders do it at once.
    /// - Throws: `RequestError` with status 429 when enough of them do.
    private func matches(_ password: String, _ hash: String?) throws -> Bool {
        guard
            let slot = try store.acquireSlot(for: .hashing, host: environment.host, of: environment.hashingSlots)
        else { throw RequestError.signInsBusy }
        defer { try? store.release(slot) }
        return Passwords.matches(password, hash)
    }

    /// Returns who is signed in. A missing session is not an error.
    func describeSession(_ request: HTTPRequest) throws -> HTTPResponse {
        guard let credential = Credential(request),
            let admission = try store.admission(of: credential.hash, to: nil)
        else { return json(200, ["user": String?.none]) }
        if admission.shouldRecordUse { try? store.recordUse(of: credential.hash) }
        let way =
            switch credential {
            case .token: "token"
            case .session: "session"
            case .proxied: "proxy"
            }
        return sessionResponse(admission.userID, admission.email, by: way)
    }

    /// Signs out of this browser, or with `?everywhere=true` of all browsers of the person. Without a session, nothing
    /// happens.
    func signOut(_ request: HTTPRequest) throws -> HTTPResponse {
        guard SameOrigin.isSender(of: request) else { throw refused(request, .crossSite) }
        let parameters = try Parameters(request, of: .signOut)
        let isEverywhere = try parameters.choice("everywhere", of: Flag.self) == .true
        var ended = 0
        if let id = SecretCookie.session.secret(in: request) {
            let hash = sha256(id.utf8)
            if let admission = try store.admission(of: .session(hash), to: nil) {
                ended =
                    isEverywhere
                    ? try store.endSessions(of: admission.userID) : try store.endSession(idHash: hash) ? 1 : 0
                try store.note(
                    isEverywhere ? .signedOutEverywhere : .signedOut,
                    by: admission.email,
                    from: request.clientAddress
                )
            }
        }
        var response = json(200, SignOutAnswer(ended: ended))
        response.headers.add("Set-Cookie", SecretCookie.session.clear(for: request))
        return response
    }

    private enum Flag: String, CaseIterable {
        case `true`, `false`
    }

    private func sessionResponse(_ userID: String, _ email: String, by way: String) -> HTTPResponse {
        json(
            200,
            SessionAnswer(
                user: SessionAnswer.User(id: userID, email: email),
                via: way,
                facebookLogin: environment.facebookLogin != nil
            )
        )
    }
}

private struct SessionAnswer: Encodable {
    struct User: Encodable {
        let id: String
        let email: String
    }

    let user: User
    let via: String
    let facebookLogin: Bool
    let longestHistoryDays = HistoryLimit.days
    let longestRangeDays = DayBounds.longest
}

private struct SignOutAnswer: Encodable {
    let success = true
    let ended: Int
}
