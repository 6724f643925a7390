import HTTPMessages

/// An error answer of Graph: HTTP status and the members of the body's `error` object.
struct GraphError: Error {
    enum Kind: String {
        case oauth = "OAuthException"
        /// Wrong node, wrong edge, wrong proof.
        case method = "GraphMethodException"
    }

    var status = 400
    var kind = Kind.oauth
    var code: Int
    var subcode: Int?
    var message: String
    var isTransient: Bool?
    var userTitle: String?
    var userMessage: String?
    /// `error_data`: an object, or a text that holds one.
    var data: JSON?
    /// Code and subcode come as texts.
    var hasTextCodes = false
    /// The third part of `WWW-Authenticate: OAuth "Facebook Platform" "invalid_token" "…"`; nil leaves the header out.
    var challenge: String?

    /// - Parameter trace: an id that differs from call to call.
    func response(trace: String) -> HTTPResponse {
        let number = { (number: Int) in hasTextCodes ? JSON.string(String(number)) : .int(number) }
        let error = JSON.present([
            ("message", .string(message)), ("type", .string(kind.rawValue)), ("code", number(code)),
            ("error_data", data), ("error_subcode", subcode.map(number)), ("is_transient", isTransient.map(JSON.bool)),
            ("error_user_title", userTitle.map(JSON.string)), ("error_user_msg", userMessage.map(JSON.string)),
            ("fbtrace_id", .string(trace)),
        ])
        var response = HTTPResponse(status: status, body: JSON.object([("error", error)]).text)
        if let challenge {
            response.headers["WWW-Authenticate"] = "OAuth \"Facebook Platform\" \"\(challenge)\" \"\(message)\""
        }
        return response
    }
}

// MARK: - Tokens

extension GraphError {
    static var tokenMissing: GraphError {
        GraphError(
            code: 104,
            message: "An access token is required to request this resource.",
            challenge: "invalid_request"
        )
    }

    static var tokenUnknown: GraphError {
        GraphError(code: 190, subcode: 467, message: "Invalid OAuth access token.", challenge: "invalid_token")
    }

    static var tokenExpired: GraphError {
        GraphError(
            code: 190,
            subcode: 463,
            message: "Error validating access token: Session has expired. The session's time has passed.",
            challenge: "invalid_token"
        )
    }

    static var proofMissing: GraphError {
        GraphError(
            kind: .method,
            code: 100,
            message: "API calls from the server require an appsecret_proof argument"
        )
    }

    static var proofWrong: GraphError {
        GraphError(kind: .method, code: 100, message: "Invalid appsecret_proof provided in the API argument")
    }
}

// MARK: - Requests that cannot be answered

extension GraphError {
    /// The node does not exist, or the token may not see it. Graph does not distinguish these.
    static func unsupported(_ id: String, method: String = "GET") -> GraphError {
        GraphError(
            kind: .method,
            code: 100,
            subcode: 33,
            message: "Unsupported \(method.lowercased()) request. Object with ID '\(id)' does not exist, cannot be "
                + "loaded due to missing permissions, or does not support this operation. Please read the Graph API "
                + "documentation at https://developers.facebook.com/docs/graph-api"
        )
    }

    static func unknownPath(_ path: String) -> GraphError {
        GraphError(status: 404, code: 2500, message: "Unknown path components: \(path)")
    }

    static func parameter(_ text: String) -> GraphError {
        GraphError(code: 100, message: "(#100) \(text)")
    }

    static func unknownField(_ name: String, on type: String) -> GraphError {
        parameter("Tried accessing nonexisting field (\(name)) on node type (\(type))")
    }

    /// Of insights.
    static func unknownColumn(_ name: String) -> GraphError {
        parameter(
            "\(name) is not valid for fields param. please check "
                + "https://developers.facebook.com/docs/marketing-api/reference/ads-insights/ for all valid values"
        )
    }

    static func fieldSyntax(_ found: Character, at place: Int, in text: String) -> GraphError {
        GraphError(
            code: 2500,
            message: "Syntax error \"Expected end of string instead of \"\(found)\".\" at character \(place): \(text)"
        )
    }

    static var invalidCursor: GraphError {
        GraphError(code: 2642, message: "(#2642) Invalid cursors values")
    }

    /// Of a report that is not completed, or not quite:
    /// https://github.com/facebook/facebook-python-business-sdk/issues/405
    static var reportNotReady: GraphError {
        GraphError(
            code: 2601,
            subcode: 1_815_107,
            message: "Error accessing adreport job.",
            isTransient: true,
            userTitle: "Loading Async Ads Report Failed",
            userMessage:
                "Sorry, the report cannot be loaded successfully. Please check if your job status is completed "
                + "instead of failed or running before fetching the data."
        )
    }

    /// https://github.com/facebook/facebook-python-business-sdk/issues/664
    static func notInReport(_ fields: String) -> GraphError {
        parameter(
            "Cannot include \(fields) in summary param because they weren't there while creating the report run. "
                + "All available values are: "
        )
    }

    static var startTooEarly: GraphError {
        GraphError(
            code: 3018,
            message: "(#3018) The start date of the time range cannot be beyond 37 months from the current date"
        )
    }

    static func expiredVersion(_ next: String) -> GraphError {
        GraphError(
            code: 2635,
            message: "(#2635) You are calling a deprecated version of the Ads API. Please update to the latest "
                + "version: \(next)"
        )
    }
}

// MARK: - Passing trouble

extension GraphError {
    static var transient: GraphError {
        GraphError(
            status: 500,
            code: 2,
            message: "Service temporarily unavailable",
            isTransient: true
        )
    }

    static var reduceData: GraphError {
        GraphError(
            status: 500,
            code: 1,
            message: "Please reduce the amount of data you're asking for, then retry your request"
        )
    }

    static var rateLimited: GraphError {
        GraphError(
            code: 17,
            subcode: 2_446_079,
            message: "(#17) User request limit reached",
            isTransient: false,
            userTitle: "Ad Account Has Too Many API Calls",
            userMessage: "There have been too many calls from this ad-account. Wait a bit and try again."
        )
    }

    static var permission: GraphError {
        GraphError(
            status: 403,
            code: 200,
            message: "(#200) Ad account owner has NOT grant ads_management or ads_read permission, refer to "
                + "https://developers.facebook.com/docs/marketing-api/ for details"
        )
    }
}
