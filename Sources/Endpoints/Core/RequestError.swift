internal import HTTPMessages

/// An error response. README lists every code.
struct RequestError: Error {
    let status: Int
    let code: String
    /// One sentence: what happened.
    let message: String
    /// What to do next.
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
        hint: "Add ?adAccountId= with AdMirror's id of the account, or Facebook's with or without act_."
    )

    static let adAccountIDNotSent = RequestError(
        400,
        "AD_ACCOUNT_ID_REQUIRED",
        "The member adAccountId is missing.",
        hint: #"Send {"adAccountId": "…"} with AdMirror's id of the account, or Facebook's with or without act_."#
    )

    static func parameterRepeated(_ name: String) -> RequestError {
        RequestError(
            400,
            "PARAMETER_REPEATED",
            "The parameter \(name) occurs more than once.",
            hint: "Send \(name) once."
        )
    }

    /// - Parameter what: The rest of the sentence after "The parameter x".
    static func parameterInvalid(_ name: String, _ what: String) -> RequestError {
        RequestError(
            400,
            "PARAMETER_INVALID",
            "The parameter \(name) \(what).",
            hint: "Correct or omit \(name). /api/openapi.json lists the values that it accepts."
        )
    }

    static func rangeInvalid(_ what: String) -> RequestError {
        RequestError(
            400,
            "RANGE_INVALID",
            "The range of days is invalid: \(what).",
            hint: "Send the first day in from and the last day in to. Both are included."
        )
    }

    static let cursorInvalid = RequestError(
        400,
        "CURSOR_INVALID",
        "The cursor does not belong to this request.",
        hint: "Send paging.next of the page before as cursor, with the same filters and sort, or start without cursor."
    )

    static let queryMalformed = RequestError(
        400,
        "QUERY_MALFORMED",
        "The query string cannot be decoded.",
        hint: "Percent-encode the values as UTF-8, without %00."
    )

    static func bodyInvalid(_ what: String, _ example: String) -> RequestError {
        RequestError(400, "BODY_INVALID", what, hint: "Send a JSON object such as \(example).")
    }

    static let revalidationUnclear = RequestError(
        400,
        "REVALIDATION_UNCLEAR",
        "The body names no tag or path that can be revalidated.",
        hint: """
            Send {"tag": "campaigns-<account id>"} (or ad-sets-, ads-, insights-, changes-), or {"path": "/api/campaigns"} \
            (or another of these routes), with ?adAccountId= for one account.
            """
    )

    static let authenticationRequired = RequestError(
        401,
        "AUTHENTICATION_REQUIRED",
        "The request has no session and no access token.",
        hint:
            "Sign in with POST /api/session, or send Authorization: Bearer with a token from `admirror token create`.",
        headers: ["WWW-Authenticate": "Bearer"]
    )

    static let tokenInvalid = RequestError(
        401,
        "TOKEN_INVALID",
        "The access token is unknown, expired or revoked.",
        hint: "Create a new one with `admirror token create`.",
        headers: ["WWW-Authenticate": #"Bearer error="invalid_token""#]
    )

    static let sessionEnded = RequestError(
        401,
        "SESSION_ENDED",
        "The session has expired.",
        hint: "Sign in again with POST /api/session.",
        headers: ["WWW-Authenticate": "Bearer"]
    )

    static let userUnknown = RequestError(
        401,
        "USER_UNKNOWN",
        "The user your proxy signed in has no AdMirror account.",
        hint: "Run `admirror user add` with the email address that the proxy sends.",
        headers: ["WWW-Authenticate": "Bearer"]
    )

    static let signInRefused = RequestError(
        401,
        "SIGN_IN_REFUSED",
        "The email address or password is wrong.",
        hint: "Try again, or reset the password with `admirror user set-password`.",
        headers: ["WWW-Authenticate": "Bearer"]
    )

    static func signInThrottled(seconds: Int) -> RequestError {
        RequestError(
            429,
            "SIGN_IN_THROTTLED",
            "Too many sign-ins failed recently.",
            hint: "Try again after Retry-After.",
            headers: ["Retry-After": String(max(seconds, 1))]
        )
    }

    static let signInsBusy = RequestError(
        429,
        "SIGN_IN_THROTTLED",
        "Too many people are signing in right now.",
        hint: "Try again after Retry-After.",
        headers: ["Retry-After": "1"]
    )

    static let crossSite = RequestError(
        403,
        "CROSS_SITE",
        "A page of another site sent this request.",
        hint: "Send it from AdMirror's pages, or with an access token instead of a cookie."
    )

    static let scopeInsufficient = RequestError(
        403,
        "SCOPE_INSUFFICIENT",
        "The access token is read-only.",
        hint: "Create one with `admirror token create --scope sync`."
    )

    static let ownerRequired = RequestError(
        403,
        "OWNER_REQUIRED",
        "Only an owner of the ad account may do this.",
        hint: "Ask an owner for the role, or run `admirror access grant EMAIL ACCOUNT --role owner`."
    )

    static let cronSecretInvalid = RequestError(
        401,
        "CRON_SECRET_INVALID",
        "The cron secret is missing or wrong.",
        hint: "Send the value of CRON_SECRET as Authorization: Bearer, or as the password of Basic authentication. In "
            + "?secret=… every character except letters, digits and - . _ ~ must be percent-encoded.",
        headers: cronChallenges
    )

    /// Two challenges, because some programs send a password only after a challenge.
    private static let cronChallenges: HTTPHeaders = {
        var headers: HTTPHeaders = ["WWW-Authenticate": "Bearer"]
        headers.add("WWW-Authenticate", #"Basic realm="AdMirror cron""#)
        return headers
    }()

    static let managerRequired = RequestError(
        403,
        "MANAGER_REQUIRED",
        "Only a manager of the ad account may do this.",
        hint: "Ask an owner for the role, or run `admirror access grant EMAIL ACCOUNT --role manager`."
    )

    static let objectNotFound = RequestError(
        404,
        "OBJECT_NOT_FOUND",
        "The ad account has no such object.",
        hint: "Send the id of a row of /api/campaigns, /api/ad-sets or /api/ads, and the matching level."
    )

    static let userNotFound = RequestError(
        404,
        "USER_NOT_FOUND",
        "No user has this email address, or the user has no role on this ad account.",
        hint: "Ask your administrator to add the person, or run `admirror user add`."
    )

    static let lastOwner = RequestError(
        409,
        "LAST_OWNER",
        "The ad account would have no owner.",
        hint: "Make another person owner first."
    )

    static let routeUnknown = RequestError(
        404,
        "ROUTE_UNKNOWN",
        "No route has this path.",
        hint: "/api/docs lists the routes. /api/openapi.json has the same for programs."
    )

    static let adAccountNotFound = RequestError(
        404,
        "AD_ACCOUNT_NOT_FOUND",
        "The ad account does not exist, or you do not have access to it.",
        hint: "GET /api/ad-accounts lists the accounts that you can access."
    )

    static func methodNotAllowed(_ allow: String) -> RequestError {
        RequestError(
            405,
            "METHOD_NOT_ALLOWED",
            "The path does not support this method.",
            hint: "Use one of \(allow).",
            headers: ["Allow": allow]
        )
    }

    static func facebookTokenExpired(_ error: String?) -> RequestError {
        RequestError(
            409,
            "TOKEN_EXPIRED",
            error ?? "Facebook no longer accepts the ad account's access token.",
            hint: "Reconnect the account on the Settings page, or run `admirror account set-token`."
        )
    }

    static let facebookAppMissing = RequestError(
        409,
        "FACEBOOK_APP_MISSING",
        "Facebook Login is not set up.",
        hint:
            "Set FACEBOOK_APP_ID, FACEBOOK_APP_SECRET and TOKEN_ENCRYPTION_KEY for the responders, or add accounts with "
            + "`admirror account discover --add`."
    )

    static let connectionStateInvalid = RequestError(
        400,
        "CONNECTION_STATE_INVALID",
        "Facebook's response is not for a connection of this browser, was used before, or came too late.",
        hint: "Start again at /api/facebook/connect, at the address in PUBLIC_URL."
    )

    static let connectionNotFound = RequestError(
        404,
        "CONNECTION_NOT_FOUND",
        "The connection does not exist, or it belongs to another person.",
        hint: "Send the id from the address to which /api/facebook/callback redirects, or start again at "
            + "/api/facebook/connect."
    )

    static func connectionNotReady(_ status: String) -> RequestError {
        RequestError(
            409,
            "CONNECTION_NOT_READY",
            "Accounts cannot be chosen, because the connection is \(status).",
            hint: "Wait until GET /api/facebook/connection returns ready, or start again at /api/facebook/connect."
        )
    }

    static let connectionUnreadable = RequestError(
        409,
        "CONNECTION_UNREADABLE",
        "Facebook's token cannot be decrypted, because the encryption key has changed.",
        hint: "Start again at /api/facebook/connect. If this stays, restart every responder with the same "
            + "TOKEN_ENCRYPTION_KEY."
    )

    static func adAccountTaken(_ facebookID: String) -> RequestError {
        RequestError(
            409,
            "AD_ACCOUNT_TAKEN",
            "The ad account act_\(facebookID) already has an owner. No account was connected.",
            hint: "Ask its owner for a role, and choose the other accounts."
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
            "Facebook's rate limit for the ad account is reached for another \(wait) seconds.",
            hint: "Try again after Retry-After. Stored data stays readable.",
            headers: ["Retry-After": String(max(wait, 1))]
        )
    }

    static let internalError = RequestError(
        500,
        "INTERNAL_ERROR",
        "AdMirror failed because of a bug.",
        hint: "Please report the lines of the responder's log about this request."
    )

    static let databaseUnavailable = RequestError(
        503,
        "DATABASE_UNAVAILABLE",
        "The database is not responding.",
        hint: "Try again after Retry-After. Administrators: run `admirror doctor`.",
        headers: ["Retry-After": "5"]
    )

    static let schemaUnknown = RequestError(
        503,
        "SCHEMA_UNKNOWN",
        "The database schema has another version than this program.",
        hint: "Run `admirror migrate`, or install the AdMirror version of the schema.",
        headers: ["Retry-After": "60"]
    )

    static let syncUnavailable = RequestError(
        503,
        "SYNC_UNAVAILABLE",
        "The sync process did not start.",
        hint: "See the responder's log. admirror-sync must be in the same folder as admirror-responder.",
        headers: ["Retry-After": "30"]
    )
}

// Errors that nginx returns without a responder. snippets/errors.conf has the same texts, and a test compares them.
extension RequestError {
    static let fromServer = [
        requestMalformed, preconditionFailed, addressTooLong, bodyTooLarge, tooManyRequests, serviceUnavailable,
    ]

    private static let requestMalformed = RequestError(
        400,
        "REQUEST_MALFORMED",
        "The request is not valid HTTP, or its headers are too large.",
        hint: "Send a request as defined in RFC 9112, with headers of at most 8 KiB each."
    )

    private static let preconditionFailed = RequestError(
        412,
        "PRECONDITION_FAILED",
        "The condition of If-Match or If-Unmodified-Since is not met.",
        hint: "Omit these headers. Reads support If-None-Match."
    )

    private static let addressTooLong = RequestError(
        414,
        "ADDRESS_TOO_LONG",
        "The address is longer than 8 KiB.",
        hint: "Send fewer or shorter parameters."
    )

    private static let tooManyRequests = RequestError(
        429,
        "TOO_MANY_REQUESTS",
        "Too many requests came from this address.",
        hint: "Try again after Retry-After.",
        headers: ["Retry-After": "10"]
    )

    private static let serviceUnavailable = RequestError(
        503,
        "SERVICE_UNAVAILABLE",
        "The service is not responding.",
        hint: "Try again after Retry-After. Administrators: run admirror doctor.",
        headers: ["Retry-After": "5"]
    )
}
