import HTTPMessages

/// Facebook Login, as far as an app sees it: the dialog in the browser, and what its codes are good for.
struct Login {
    /// A code that the dialog gave out.
    struct Code {
        let redirectURI: String
        let scopes: [String]
        /// Unix seconds.
        let issuedAt: Int
        var isUsed = false
    }

    /// A false response about tokens; nil for the truth.
    var expiresIn: Int?
    var dataAccessExpiresIn: Int?
    var scopes: [String]?
    var isInvalid = false
    /// The person at the dialog says no.
    var isDenied = false
    private(set) var codes: [String: Code] = [:]
    private var issued: UInt64 = 0

    /// `{"fault":"login","denied":true}`; `{"fault":"token_facts","expires_in":864000,"data_access_expires_in":…,
    /// "scopes":"public_profile","valid":false}`.
    mutating func obey(_ order: Order) {
        if order.fault == "login" {
            isDenied = order.flag("denied")
        } else {
            expiresIn = order.number("expires_in")
            dataAccessExpiresIn = order.number("data_access_expires_in")
        }
        scopes = order.text("scopes").map { $0.split(separator: ",").map(String.init) }
        isInvalid = order.text("valid") == "false"
    }

    /// Codes that were given out stay good.
    mutating func forgetOrders() {
        let codes = codes
        let issued = issued
        self = Login()
        self.codes = codes
        self.issued = issued
    }

    mutating func issue(_ redirectURI: String, _ scopes: [String], at time: Int) -> String {
        issued += 1
        let code = "AQSim" + Self.letters(Randomness.mixed(issued), Randomness.mixed(UInt64(time)))
        codes[code] = Code(redirectURI: redirectURI, scopes: scopes, issuedAt: time)
        return code
    }

    mutating func use(_ code: String) { codes[code]?.isUsed = true }

    static func letters(_ numbers: UInt64...) -> String {
        numbers.map { String($0, radix: 36) }.joined()
    }
}

/// A token of a person who signed in. Its text contains everything about it, so that a restarted simulator still knows
/// it.
struct UserToken: Equatable {
    /// Unix seconds.
    let expiresAt: Int
    let isLongLived: Bool
    let scopes: [String]

    init(expiresAt: Int, isLongLived: Bool, scopes: [String]) {
        self.expiresAt = expiresAt
        self.isLongLived = isLongLived
        self.scopes = scopes
    }

    private static let prefix = "EAASim"
    /// The scopes that a token can have.
    private static let known = ["ads_read", "ads_management", "business_management", "public_profile"]

    var text: String {
        let places = Self.known.indices.filter { scopes.contains(Self.known[$0]) }
        let facts = "\(isLongLived ? "L" : "S")\(expiresAt)x\(places.map(String.init).joined())x"
        return Self.prefix + facts + Self.seal(facts)
    }

    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let facts = text.dropFirst(Self.prefix.count)
        let parts = facts.dropFirst().split(separator: "x", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let expiresAt = Int(parts[0]) else { return nil }
        self.expiresAt = expiresAt
        isLongLived = facts.first == "L"
        scopes = parts[1].compactMap { place in
            place.wholeNumberValue.flatMap { Self.known.indices.contains($0) ? Self.known[$0] : nil }
        }
        guard self.text == text else { return nil }
    }

    private static func seal(_ facts: String) -> String {
        let sum = facts.utf8.reduce(into: UInt64(17)) { sum, byte in sum = Randomness.mixed(sum ^ UInt64(byte)) }
        return Login.letters(sum, Randomness.mixed(sum))
    }
}

extension GraphSimulator {
    /// The secret of the app that the dialog belongs to.
    var loginSecret: String { appSecret ?? Self.demoAppSecret }

    /// Whether a token opens the accounts, and whether this simulator issued it.
    func isValid(_ shown: String) -> Bool {
        shown == token || UserToken(shown).map { $0.expiresAt > time } ?? false
    }

    // MARK: The dialog

    /// `GET /dialog/oauth`: here the person says yes, or as was ordered no, without being asked.
    func dialog(_ call: Call) -> HTTPResponse {
        guard let parameters = call.parameters, parameters["client_id"] == Self.appID,
            let target = parameters["redirect_uri"], target.hasPrefix("http://") || target.hasPrefix("https://"),
            parameters["response_type"] ?? "code" == "code"
        else { return GraphError.parameter("The dialog's parameters are not those of the app").response(trace: trace) }
        var answer = QueryParameters()
        if login.isDenied {
            answer.append("error", "access_denied")
            answer.append("error_code", "200")
            answer.append("error_description", "Permissions error")
            answer.append("error_reason", "user_denied")
        } else {
            let wanted = (parameters["scope"] ?? "").split { $0 == "," || $0 == " " }.map(String.init)
            answer.append("code", login.issue(target, login.scopes ?? wanted + ["public_profile"], at: time))
        }
        if let state = parameters["state"] { answer.append("state", state) }
        let separator = target.contains("?") ? "&" : "?"
        return HTTPResponse(
            status: 302,
            headers: ["Location": "\(target)\(separator)\(answer.encoded)#_=_", "Content-Type": "text/html"]
        )
    }

    // MARK: Codes and tokens

    /// `/oauth/access_token`: a code for a token that lives for an hour or two, and such a token for one that lives for 60 days.
    func grant(_ parameters: QueryParameters) throws(GraphError) -> JSON {
        guard parameters["client_id"] == Self.appID else {
            throw GraphError(code: 101, message: "Error validating application. Cannot get application info.")
        }
        guard parameters["client_secret"] == loginSecret else {
            throw GraphError(code: 1, message: "Error validating client secret.")
        }
        if parameters["grant_type"] == "fb_exchange_token" {
            guard let shown = parameters["fb_exchange_token"] else { throw .parameter("Missing fb_exchange_token") }
            guard isValid(shown) else { throw UserToken(shown) == nil ? .tokenUnknown : .tokenExpired }
            return answer(scopes: UserToken(shown)?.scopes ?? ["ads_read"], seconds: 5_183_944, isLongLived: true)
        }
        guard let text = parameters["code"], let code = login.codes[text] else {
            throw GraphError(code: 100, subcode: 36_009, message: "Invalid verification code format.")
        }
        guard !code.isUsed else {
            throw GraphError(code: 100, subcode: 36_009, message: "This authorization code has been used.")
        }
        guard time - code.issuedAt < 600 else {
            throw GraphError(code: 100, subcode: 36_007, message: "This authorization code has expired.")
        }
        guard parameters["redirect_uri"] == code.redirectURI else {
            throw GraphError(
                code: 100,
                subcode: 36_008,
                message:
                    "Error validating verification code. Please make sure your redirect_uri is identical to the one "
                    + "you used in the OAuth dialog request"
            )
        }
        login.use(text)
        return answer(scopes: code.scopes, seconds: 5400, isLongLived: false)
    }

    private func answer(scopes: [String], seconds: Int, isLongLived: Bool) -> JSON {
        let token = UserToken(expiresAt: time + seconds, isLongLived: isLongLived, scopes: scopes)
        return ["access_token": .string(token.text), "token_type": "bearer", "expires_in": .int(seconds)]
    }

    // MARK: Facts about a token

    /// The response of `debug_token` about `input_token`. The caller needs a token of this simulator or
    /// `APP_ID|APP_SECRET`.
    func tokenFacts(_ request: HTTPRequest, _ parameters: QueryParameters) throws(GraphError) -> JSON {
        guard let shown = Self.token(of: request, parameters) else { throw .tokenMissing }
        let app = "\(Self.appID)|\(loginSecret)"
        guard isValid(shown) || shown == app else { throw .tokenUnknown }
        guard let input = parameters["input_token"] else {
            throw .parameter("The parameter input_token is required")
        }
        let user = UserToken(input)
        guard input == token || user != nil else {
            return [
                "data": [
                    "error": ["code": 190, "message": "Invalid OAuth access token.", "subcode": 467],
                    "is_valid": false, "scopes": [],
                ]
            ]
        }
        let scopes = login.scopes ?? user?.scopes ?? ["ads_read", "business_management"]
        let expiresAt = login.expiresIn.map { time + $0 } ?? user?.expiresAt ?? 0
        let dataEnd = login.dataAccessExpiresIn.map { time + $0 } ?? (user == nil ? 0 : time + 90 * 86_400)
        let isExpired = expiresAt != 0 && expiresAt <= time
        return [
            "data": .present([
                ("app_id", .string(Self.appID)), ("type", .string(user == nil ? "SYSTEM_USER" : "USER")),
                ("application", "Simulator"), ("data_access_expires_at", .int(dataEnd)),
                (
                    "error",
                    isExpired || login.isInvalid
                        ? ["code": 190, "message": "Error validating access token.", "subcode": isExpired ? 463 : 460]
                        : nil
                ),
                ("expires_at", .int(expiresAt)), ("is_valid", .bool(!isExpired && !login.isInvalid)),
                ("issued_at", .int(time - 86_400)), ("scopes", .array(scopes.map(JSON.string))),
                ("user_id", .string(Self.userID)),
            ])
        ]
    }
}
