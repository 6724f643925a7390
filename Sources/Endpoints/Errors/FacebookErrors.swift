internal import HTTPMessages

// Errors about Facebook: its tokens and limits, and connecting accounts with Facebook Login.

extension RequestError {
    static func facebookTokenExpired(_ error: String?) -> RequestError {
        RequestError(
            409,
            "TOKEN_EXPIRED",
            error ?? "Facebook no longer accepts the ad account's access token.",
            hint: "Reconnect the account on the Settings page, or run `admirror account set-token`."
        )
    }

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
}
