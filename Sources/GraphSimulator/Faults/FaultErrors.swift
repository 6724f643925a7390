extension Fault {
    /// The error that is answered; nil for faults of another kind.
    func error(for call: Call) -> GraphError? {
        switch name {
        case .tokenExpired: .tokenExpired
        case .rateLimited: .rateLimited
        case .permission: .permission
        case .transient: .transient
        case .reduceData: .reduceData
        case .errorIn200: ordered(.transient, status: 200)
        case .cursorInvalid: .invalidCursor
        case .fieldRefused: refusal(of: refusedFields(of: call), call)
        case .error: ordered(GraphError(code: order.number("code") ?? 1, message: ""))
        case .errorDataText: textual
        default: nil
        }
    }

    /// Minutes until the account may call again, for the headers; 0 when it is not blocked.
    var regainMinutes: Int { name == .rateLimited ? value ?? 5 : order.number("minutes") ?? 0 }

    /// With what the order says of it.
    private func ordered(_ error: GraphError, status: Int = 400) -> GraphError {
        var error = error
        error.status = order.number("status") ?? status
        error.subcode = order.number("subcode") ?? error.subcode
        if let message = order.text("message") {
            error.message = message
        } else if error.message.isEmpty {
            error.message = "(#\(error.code)) \(Self.texts[error.code] ?? "An unknown error occurred")"
        }
        if let type = order.text("type").flatMap(GraphError.Kind.init) { error.kind = type }
        if order["transient"] != nil { error.isTransient = order.flag("transient") }
        error.userTitle = order.text("user_title") ?? error.userTitle
        error.userMessage = order.text("user_message") ?? error.userMessage
        error.data = order["data"] ?? error.data
        if error.code == 190 || error.code == 102 { error.challenge = "invalid_token" }
        return error
    }

    private static let texts = [
        2: "Service temporarily unavailable", 3: "App must be on whitelist", 4: "Application request limit reached",
        10: "Application does not have permission for this action", 17: "User request limit reached",
        32: "Page request limit reached", 100: "Invalid parameter", 102: "Session key invalid or no longer valid",
        104: "Incorrect signature", 190: "Error validating access token", 200: "Permissions error",
        341: "Feed action request limit reached", 368: "The action attempted has been deemed abusive",
        613: "Calls to this api have exceeded the rate limit", 960: "Batch timed out",
        2500: "Syntax error", 2642: "Invalid cursors values",
        80_000: "There have been too many calls from this ad-account",
        80_004: "There have been too many calls to this ad-account",
    ]

    private var textual: GraphError {
        var error = ordered(GraphError(code: order.number("code") ?? 100, message: ""))
        let data = error.data ?? ["blame_field_specs": [["fields"]]]
        error.data = .string(String(decoding: data.text, as: UTF8.self))
        error.hasTextCodes = true
        return error
    }
}
