internal import HTTPMessages
internal import Model
internal import Secrets
internal import Store

extension Endpoints {
    /// Authenticates the sender of a request, and reads the state of the requested account.
    /// - Parameter moments: Timestamps to convert to days in the account's time zone.
    /// - Throws: `RequestError` with status 401.
    func admit(
        _ request: HTTPRequest,
        to reference: AccountReference? = nil,
        moments: [Timestamp?] = []
    ) throws -> Admission {
        guard let credential = Credential(request) else { throw RequestError.authenticationRequired }
        guard let admission = try store.admission(of: credential.hash, to: reference, moments: moments) else {
            throw credential.refusal
        }
        // A database that only takes reads at the moment must not stop a read.
        if admission.shouldRecordUse { try? store.recordUse(of: credential.hash) }
        return admission
    }

    /// The account that the parameter `adAccountId` names, if the sender of the request may see it.
    func admitToAccount(_ request: HTTPRequest, of route: RouteDescription) throws -> AdmittedAccount {
        // Authenticate first, so that strangers learn nothing about the request.
        guard Credential(request) != nil else { throw RequestError.authenticationRequired }
        let parameters: Parameters
        do {
            parameters = try Parameters(request, of: route)
        } catch {
            _ = try admit(request)
            throw error
        }
        let named = parameters["adAccountId"].map { AccountReference($0) }
        let admission = try admit(request, to: named)
        guard named != nil else { throw RequestError.adAccountIDRequired }
        guard let account = admission.account else { throw RequestError.adAccountNotFound }
        return account
    }

    /// Authenticates the sender of a request that changes something.
    ///
    /// Browsers add their cookies to requests of any page, so a request with a cookie must come from AdMirror's own
    /// pages.
    /// - Throws: `RequestError` with status 401 or 403.
    func admitChange(_ request: HTTPRequest, to reference: AccountReference? = nil) throws -> Admission {
        let isOurs = Credential(request)?.isSentByItself != true || SameOrigin.isSender(of: request)
        let admission = try admit(request, to: reference)
        guard isOurs else { throw refused(request, .crossSite, by: admission.email) }
        guard admission.scope == .sync else { throw refused(request, .scopeInsufficient, by: admission.email) }
        return admission
    }

    /// Returns the account that a request changes. The sender needs at least this role on it.
    func admit(
        _ request: HTTPRequest,
        as role: Role,
        of reference: AccountReference
    ) throws -> (Admission, AdmittedAccount) {
        let admission = try admitChange(request, to: reference)
        guard let account = admission.account else { throw RequestError.adAccountNotFound }
        guard account.role >= role else {
            let error = role == .owner ? RequestError.ownerRequired : .managerRequired
            throw refused(request, error, by: admission.email, account: account.facebookID)
        }
        return (admission, account)
    }

    /// Writes down that a request is refused. It is refused, too, when that cannot be written.
    /// - Parameter email: of its sender, if it is known who that is.
    /// - Returns: `error`
    func refused(
        _ request: HTTPRequest,
        _ error: RequestError,
        by email: String? = nil,
        account facebookID: String? = nil
    ) -> RequestError {
        try? store.noteRefusal(
            .requestRefused,
            by: email,
            from: request.clientAddress,
            account: facebookID,
            "\(request.method) \(request.path): \(error.code)"
        )
        return error
    }
}

/// The credential of a request.
enum Credential {
    case token(String)
    case session(String)
    case proxied(String)

    /// A token takes precedence, because it was sent on purpose.
    init?(_ request: HTTPRequest) {
        if let token = Self.bearerToken(request) {
            self = .token(token)
        } else if let email = request[.user] {
            self = .proxied(email)
        } else if let id = SecretCookie.session.secret(in: request) {
            self = .session(id)
        } else {
            return nil
        }
    }

    var hash: CredentialHash {
        switch self {
        case .token(let token): .token(AccessToken.hash(token))
        case .session(let id): .session(sha256(id.utf8))
        case .proxied(let email): .proxied(email: email)
        }
    }

    /// Whether browsers send it automatically.
    var isSentByItself: Bool {
        switch self {
        case .token: false
        case .session, .proxied: true
        }
    }

    /// The error for an unknown credential of this kind.
    var refusal: RequestError {
        switch self {
        case .token: .tokenInvalid
        case .session: .sessionEnded
        case .proxied: .userUnknown
        }
    }

    /// The token of `Authorization: Bearer …`; the scheme's name in any case (RFC 9110, section 11.1).
    static func bearerToken(_ request: HTTPRequest) -> String? { credentials(request, scheme: "bearer") }

    /// The text after the scheme's name in `Authorization`.
    static func credentials(_ request: HTTPRequest, scheme: String) -> String? {
        guard let header = request.headers["Authorization"] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == scheme else { return nil }
        let text = parts[1].trimmingPrefix { $0 == " " }
        return text.isEmpty ? nil : String(text)
    }
}

/// Whether a browser sent a request from one of our own pages.
enum SameOrigin {
    static func isSender(of request: HTTPRequest) -> Bool {
        // Every browser of today says it (https://www.w3.org/TR/fetch-metadata/); "none" is a person typing an address.
        if let site = request.headers["Sec-Fetch-Site"] { return site == "same-origin" || site == "none" }
        // Without either it is no browser's request from another page: those have an Origin unless they are GET or HEAD.
        guard let origin = request.headers["Origin"] else { return true }
        return request.headers["Host"].map { hostOf(origin) == $0.lowercased() } ?? false
    }

    private static func hostOf(_ origin: String) -> String? {
        for scheme in ["https://", "http://"] where origin.hasPrefix(scheme) {
            return origin.dropFirst(scheme.count).lowercased()
        }
        return nil
    }
}
