internal import HTTPMessages

// Failures of AdMirror itself and of its database.

extension RequestError {
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

// Errors that nginx returns without a responder. `ServerError` puts them into its configuration.
extension RequestError {
    static let fromServer = [
        requestMalformed, preconditionFailed, addressTooLong, bodyTooLarge, tooManyRequests, serviceUnavailable,
    ]

    static let requestMalformed = RequestError(
        400,
        "REQUEST_MALFORMED",
        "The request is not valid HTTP, or its headers are too large.",
        hint: "Send a request as defined in RFC 9112, with headers of at most 8 KiB each."
    )

    static let preconditionFailed = RequestError(
        412,
        "PRECONDITION_FAILED",
        "The condition of If-Match or If-Unmodified-Since is not met.",
        hint: "Omit these headers. Reads support If-None-Match."
    )

    static let addressTooLong = RequestError(
        414,
        "ADDRESS_TOO_LONG",
        "The address is longer than 8 KiB.",
        hint: "Send fewer or shorter parameters."
    )

    static let tooManyRequests = RequestError(
        429,
        "TOO_MANY_REQUESTS",
        "Too many requests came from this address.",
        hint: "Try again after Retry-After.",
        headers: ["Retry-After": "10"]
    )

    static let serviceUnavailable = RequestError(
        503,
        "SERVICE_UNAVAILABLE",
        "The service is not responding.",
        hint: "Try again after Retry-After. Administrators: run admirror doctor.",
        headers: ["Retry-After": "5"]
    )
}
