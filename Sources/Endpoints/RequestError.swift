internal import HTTPMessages

/// A request that gets no answer, and what is said instead. README lists every code.
struct RequestError: Error {
    let status: Int
    let code: String
    /// One sentence: what is wrong.
    let message: String
    /// What to do.
    let hint: String
    var headers: HTTPHeaders = [:]

    init(_ status: Int, _ code: String, _ message: String, hint: String, headers: HTTPHeaders = [:]) {
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.headers = headers
    }

    var response: HTTPResponse {
        var writer = JSONWriter()
        writer.object {
            $0.member("error", message)
            $0.member("code", code)
            $0.member("hint", hint)
        }
        var response = HTTPResponse(status: status, headers: headers, body: writer.bytes)
        response.headers["Content-Type"] = "application/json; charset=utf-8"
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}

extension RequestError {
    static let adAccountIDRequired = RequestError(
        400,
        "AD_ACCOUNT_ID_REQUIRED",
        "The parameter adAccountId is missing.",
        hint: "Add ?adAccountId= with the account's id, or its Facebook id with or without act_."
    )

    static let adAccountIDNotSent = RequestError(
        400,
        "AD_ACCOUNT_ID_REQUIRED",
        "The member adAccountId is missing.",
        hint: #"Send {"adAccountId": "…"} with the account's id, or its Facebook id with or without act_."#
    )

    static func parameterRepeated(_ name: String) -> RequestError {
        RequestError(
            400,
            "PARAMETER_REPEATED",
            "The parameter \(name) is given more than once.",
            hint: "Give \(name) once."
        )
    }

    /// - Parameter what: goes on after "The parameter x".
    static func parameterInvalid(_ name: String, _ what: String) -> RequestError {
        RequestError(
            400,
            "PARAMETER_INVALID",
            "The parameter \(name) \(what).",
            hint: "Correct \(name), or leave it out; /api/openapi.json says what it takes."
        )
    }

    static func rangeInvalid(_ what: String) -> RequestError {
        RequestError(
            400,
            "RANGE_INVALID",
            "The days make no range: \(what).",
            hint: "Give from and to as days, the earlier one in from; both are included."
        )
    }

    static let cursorInvalid = RequestError(
        400,
        "CURSOR_INVALID",
        "The cursor is not one that this question has given.",
        hint: "Send cursor as paging.next had it, with the same filters and sort; or begin again without cursor."
    )

    static let queryMalformed = RequestError(
        400,
        "QUERY_MALFORMED",
        "The query string cannot be decoded.",
        hint: "Percent-encode its values as UTF-8, without %00."
    )

    static func bodyInvalid(_ what: String, _ example: String) -> RequestError {
        RequestError(400, "BODY_INVALID", what, hint: "Send a JSON object such as \(example).")
    }

    static let revalidationUnclear = RequestError(
        400,
        "REVALIDATION_UNCLEAR",
        "The body names nothing that can be revalidated.",
        hint: """
            Send {"tag": "campaigns-<account id>"} (or ad-sets-, ads-, insights-, changes-), or {"path": "/api/campaigns"} \
            (or another of these routes), with ?adAccountId= for one account.
            """
    )

    static let authenticationRequired = RequestError(
        401,
        "AUTHENTICATION_REQUIRED",
        "This needs somebody who is signed in, or an access token.",
        hint:
            "Sign in with POST /api/session, or send Authorization: Bearer with a token made by `admirror token create`.",
        headers: ["WWW-Authenticate": "Bearer"]
    )

    static let tokenInvalid = RequestError(
        401,
        "TOKEN_INVALID",
        "The access token is unknown, expired or revoked.",
        hint: "Make another with `admirror token create`.",
        headers: ["WWW-Authenticate": #"Bearer error="invalid_token""#]
    )

    static let sessionEnded = RequestError(
        401,
        "SESSION_ENDED",
        "The session is over.",
        hint: "Sign in again with POST /api/session.",
        headers: ["WWW-Authenticate": "Bearer"]
    )

    static let userUnknown = RequestError(
        401,
        "USER_UNKNOWN",
        "Whom the proxy in front has signed in is not known here.",
        hint: "Add them with `admirror user add`.",
        headers: ["WWW-Authenticate": "Bearer"]
    )

    static let signInRefused = RequestError(
        401,
        "SIGN_IN_REFUSED",
        "The e-mail address or the password is wrong.",
        hint: "Try again, or have the password set anew with `admirror user set-password`.",
        headers: ["WWW-Authenticate": "Bearer"]
    )

    static func signInThrottled(seconds: Int) -> RequestError {
        RequestError(
            429,
            "SIGN_IN_THROTTLED",
            "Too many sign-ins have failed lately.",
            hint: "Try again after Retry-After.",
            headers: ["Retry-After": String(max(seconds, 1))]
        )
    }

    static let signInsBusy = RequestError(
        429,
        "SIGN_IN_THROTTLED",
        "Many people sign in at this moment.",
        hint: "Try again after Retry-After.",
        headers: ["Retry-After": "1"]
    )

    static let crossSite = RequestError(
        403,
        "CROSS_SITE",
        "A page of another site sent this request.",
        hint: "Send it from a page of this site, or with an access token instead of a cookie."
    )

    static let scopeInsufficient = RequestError(
        403,
        "SCOPE_INSUFFICIENT",
        "The access token is for reading only.",
        hint: "Make one with `admirror token create --scope sync`."
    )

    static let ownerRequired = RequestError(
        403,
        "OWNER_REQUIRED",
        "Only an owner of the account may do this.",
        hint: "Ask an owner, or the operator: `admirror access grant … --role owner`."
    )

    static let cronSecretInvalid = RequestError(
        401,
        "CRON_SECRET_INVALID",
        "The cron secret is missing or wrong.",
        hint: "Send the value of CRON_SECRET as Authorization: Bearer, or as the password of Basic authentication. In "
            + "?secret=… every character but letters, digits and - . _ ~ must be percent-encoded.",
        headers: cronChallenges
    )

    /// Two, because some programs send a password only after a server has asked for one.
    private static let cronChallenges: HTTPHeaders = {
        var headers: HTTPHeaders = ["WWW-Authenticate": "Bearer"]
        headers.add("WWW-Authenticate", #"Basic realm="AdMirror cron""#)
        return headers
    }()

    static let managerRequired = RequestError(
        403,
        "MANAGER_REQUIRED",
        "This needs the manager role on the ad account.",
        hint: "Ask for it: `admirror access grant EMAIL ACCOUNT --role manager`."
    )

    static let objectNotFound = RequestError(
        404,
        "OBJECT_NOT_FOUND",
        "The ad account has no such object.",
        hint: "Take id from the id of a row of /api/campaigns, /api/ad-sets or /api/ads, and level accordingly."
    )

    static let userNotFound = RequestError(
        404,
        "USER_NOT_FOUND",
        "Nobody has that e-mail address, or no role on this account.",
        hint: "The operator adds people with `admirror user add`."
    )

    static let lastOwner = RequestError(
        409,
        "LAST_OWNER",
        "The account would be left without an owner.",
        hint: "Make somebody else an owner first."
    )

    static let routeUnknown = RequestError(
        404,
        "ROUTE_UNKNOWN",
        "There is nothing at this path.",
        hint: "/api/docs lists the routes, /api/openapi.json does it for programs."
    )

    static let adAccountNotFound = RequestError(
        404,
        "AD_ACCOUNT_NOT_FOUND",
        "There is no such ad account, or it is not shown to you.",
        hint: "GET /api/ad-accounts lists the accounts that you may see."
    )

    static func methodNotAllowed(_ allow: String) -> RequestError {
        RequestError(
            405,
            "METHOD_NOT_ALLOWED",
            "This path does not take that method.",
            hint: "Use one of \(allow).",
            headers: ["Allow": allow]
        )
    }

    static func facebookTokenExpired(_ error: String?) -> RequestError {
        RequestError(
            409,
            "TOKEN_EXPIRED",
            error ?? "Facebook no longer accepts the ad account's access token.",
            hint: "Connect the account again in the dashboard, or set another with `admirror account set-token`."
        )
    }

    static let facebookAppMissing = RequestError(
        409,
        "FACEBOOK_APP_MISSING",
        "No Facebook app is set, so nobody can sign in there.",
        hint: "The operator sets FACEBOOK_APP_ID, FACEBOOK_APP_SECRET and TOKEN_ENCRYPTION_KEY; or adds accounts with "
            + "`admirror account discover --add`."
    )

    static let connectionStateInvalid = RequestError(
        400,
        "CONNECTION_STATE_INVALID",
        "This does not belong to a connection that this browser has begun, or it was used already, or took too long.",
        hint: "Begin again at /api/facebook/connect, at the address that PUBLIC_URL names."
    )

    static let connectionNotFound = RequestError(
        404,
        "CONNECTION_NOT_FOUND",
        "There is no such connection, or it is somebody else's.",
        hint: "Take id from the address that /api/facebook/callback leads to, or begin again at /api/facebook/connect."
    )

    static func connectionNotReady(_ status: String) -> RequestError {
        RequestError(
            409,
            "CONNECTION_NOT_READY",
            "No accounts can be chosen: the connection is \(status).",
            hint: "Wait until GET /api/facebook/connection says ready, or begin again at /api/facebook/connect."
        )
    }

    static let connectionUnreadable = RequestError(
        409,
        "CONNECTION_UNREADABLE",
        "What Facebook gave cannot be decrypted: the key was changed meanwhile.",
        hint:
            "Begin again at /api/facebook/connect. Operators: start every responder again after TOKEN_ENCRYPTION_KEY was "
            + "changed."
    )

    static func adAccountTaken(_ facebookID: String) -> RequestError {
        RequestError(
            409,
            "AD_ACCOUNT_TAKEN",
            "The ad account act_\(facebookID) has an owner already. Nothing was connected.",
            hint: "Ask an owner for a role on it, and choose the others."
        )
    }

    static let bodyTooLarge = RequestError(
        413,
        "BODY_TOO_LARGE",
        "The body is larger than 64 KiB.",
        hint: "Send a small JSON object."
    )

    static let contentTypeUnsupported = RequestError(
        415,
        "CONTENT_TYPE_UNSUPPORTED",
        "The body is not declared as JSON.",
        hint: "Send Content-Type: application/json."
    )

    static func rateLimited(seconds: Double) -> RequestError {
        let wait = Int(min(seconds.rounded(.up), 86_400))
        return RequestError(
            429,
            "RATE_LIMITED",
            "Facebook holds the ad account off for \(wait) more seconds.",
            hint: "Try again after Retry-After; the data that is here stays readable.",
            headers: ["Retry-After": String(max(wait, 1))]
        )
    }

    static let internalError = RequestError(
        500,
        "INTERNAL_ERROR",
        "Something went wrong that should not have.",
        hint: "The responder's log says what; please report it."
    )

    static let databaseUnavailable = RequestError(
        503,
        "DATABASE_UNAVAILABLE",
        "The database does not answer at the moment.",
        hint: "Try again after Retry-After; operators see `admirror status` and the responder's log.",
        headers: ["Retry-After": "5"]
    )

    static let schemaUnknown = RequestError(
        503,
        "SCHEMA_UNKNOWN",
        "The database schema is not the one that this program knows.",
        hint: "Run `admirror migrate`, or install the AdMirror that belongs to the schema.",
        headers: ["Retry-After": "60"]
    )

    static let syncUnavailable = RequestError(
        503,
        "SYNC_UNAVAILABLE",
        "The sync process cannot be started.",
        hint: "The responder's log says why; admirror-sync has to lie beside admirror-responder.",
        headers: ["Retry-After": "30"]
    )
}

// What nginx says itself, before a responder is asked: snippets/errors.conf has the same words, and a test compares them.
extension RequestError {
    static let fromServer = [
        requestMalformed, preconditionFailed, addressTooLong, bodyTooLarge, tooManyRequests, serviceUnavailable,
    ]

    private static let requestMalformed = RequestError(
        400,
        "REQUEST_MALFORMED",
        "This is no HTTP request, or its headers are too large.",
        hint: "Send a request as RFC 9112 has it, with headers of at most 8 KiB each."
    )

    private static let preconditionFailed = RequestError(
        412,
        "PRECONDITION_FAILED",
        "The answer is not the one that If-Match or If-Unmodified-Since asks for.",
        hint: "Leave them out; If-None-Match is the one for reads."
    )

    private static let addressTooLong = RequestError(
        414,
        "ADDRESS_TOO_LONG",
        "The address is longer than 8 KiB.",
        hint: "Ask for less at once."
    )

    private static let tooManyRequests = RequestError(
        429,
        "TOO_MANY_REQUESTS",
        "Too many requests come from this address.",
        hint: "Try again after Retry-After.",
        headers: ["Retry-After": "10"]
    )

    private static let serviceUnavailable = RequestError(
        503,
        "SERVICE_UNAVAILABLE",
        "The service does not answer at the moment.",
        hint: "Try again after Retry-After; operators see nginx's error log and the responder's.",
        headers: ["Retry-After": "5"]
    )
}
