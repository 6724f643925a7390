internal import HTTPMessages

// Errors of a request itself: its path, method, parameters and body.

extension RequestError {
    static let routeUnknown = RequestError(
        404,
        "ROUTE_UNKNOWN",
        "No route has this path.",
        hint: "/api/docs lists the routes. /api/openapi.json has the same for programs."
    )

    static func methodNotAllowed(_ allow: String) -> RequestError {
        RequestError(
            405,
            "METHOD_NOT_ALLOWED",
            "The path does not support this method.",
            hint: "Use a method from the Allow header.",
            headers: ["Allow": allow]
        )
    }

    static let queryMalformed = RequestError(
        400,
        "QUERY_MALFORMED",
        "The query string cannot be decoded.",
        hint: "Percent-encode the values as UTF-8, without %00."
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

    static let twoRanges = RequestError(
        400,
        "RANGE_INVALID",
        "The parameters range, from and to name two ranges of days.",
        hint: "Send range alone, or from and to without range."
    )

    static let comparisonWithoutRange = RequestError(
        400,
        "PARAMETER_INVALID",
        "The parameter compare needs a range of days.",
        hint: "Send range, or from and to, with compare."
    )

    static func fieldUnknown(_ name: String) -> RequestError {
        RequestError(
            400,
            "FIELD_UNKNOWN",
            "These rows have no field named \(excerpt(name)).",
            hint: "Separate the names in fields by commas. GET /api/fields lists the fields of each level."
        )
    }

    static func conditionFieldUnknown(_ name: String) -> RequestError {
        RequestError(
            400,
            "FIELD_UNKNOWN",
            "The parameter where names a field that these rows do not have: \(excerpt(name)).",
            hint: "GET /api/fields lists the fields of each level."
        )
    }

    /// - Parameters:
    ///   - text: The condition.
    ///   - what: The rest of the sentence after it.
    static func conditionInvalid(
        _ text: String,
        _ what: String,
        hint: String = "In where, write a field, one of = != < <= > >= ~, and a value, such as spend>=50."
    ) -> RequestError {
        RequestError(400, "PARAMETER_INVALID", "The condition \(excerpt(text)) in where \(what).", hint: hint)
    }

    /// The beginning of a text that a request contains.
    private static func excerpt(_ text: String) -> String { String(text.unicodeScalars.prefix(60)) }

    static let cursorInvalid = RequestError(
        400,
        "CURSOR_INVALID",
        "The cursor does not belong to this request.",
        hint: "Send paging.next of the page before as cursor, with the same other parameters, or start without cursor."
    )

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

    static let adAccountNotFound = RequestError(
        404,
        "AD_ACCOUNT_NOT_FOUND",
        "The ad account does not exist, or you do not have access to it.",
        hint: "GET /api/ad-accounts lists the accounts that you can access."
    )

    static let objectNotFound = RequestError(
        404,
        "OBJECT_NOT_FOUND",
        "The ad account has no such object.",
        hint: "Send the id of a row of /api/campaigns, /api/ad-sets or /api/ads, and the matching level."
    )

    static let pictureNotFound = RequestError(
        404,
        "PICTURE_NOT_FOUND",
        "The ad account has no picture of this name.",
        hint: "Use the address in thumbnail or image of a row of /api/ads: it changes with the ad's picture."
    )

    static let contentTypeUnsupported = RequestError(
        415,
        "CONTENT_TYPE_UNSUPPORTED",
        "The body is not declared as JSON.",
        hint: "Send Content-Type: application/json."
    )

    static let bodyTooLarge = RequestError(
        413,
        "BODY_TOO_LARGE",
        "The body is larger than 64 KiB.",
        hint: "Send a small JSON object."
    )

    static func bodyInvalid(_ what: String, _ example: String) -> RequestError {
        RequestError(400, "BODY_INVALID", what, hint: "Send a JSON object such as \(example).")
    }

    static let revalidationUnclear = RequestError(
        400,
        "REVALIDATION_UNCLEAR",
        "The body names no tag or path that can be revalidated.",
        hint: """
            Send {"tag": "campaigns-<account id>"} (or ad-sets-, ads-, creatives-, insights-, changes-), or {"path": "/api/campaigns"} \
            (or another of these routes), with ?adAccountId= for one account.
            """
    )
}
