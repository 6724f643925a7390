internal import HTTPMessages

// Errors of credentials and permissions: signing in, tokens, roles and people.

extension RequestError {
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

    static let managerRequired = RequestError(
        403,
        "MANAGER_REQUIRED",
        "Only a manager of the ad account may do this.",
        hint: "Ask an owner for the role, or run `admirror access grant EMAIL ACCOUNT --role manager`."
    )

    static let ownerRequired = RequestError(
        403,
        "OWNER_REQUIRED",
        "Only an owner of the ad account may do this.",
        hint: "Ask an owner for the role, or run `admirror access grant EMAIL ACCOUNT --role owner`."
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
}
