internal import HTTPMessages

/// An error that nginx returns itself, in the form of all errors.
struct ServerError {
    /// The location to which `nginx/snippets/error-pages.conf` leads.
    private let place: String
    private let error: RequestError

    static let all = [
        ServerError(place: "= /_errors/bad-request", error: .requestMalformed),
        ServerError(place: "@nothing_there", error: .routeUnknown),
        ServerError(place: "@method_not_allowed", error: .methodNotAllowed("$taken_methods")),
        ServerError(place: "@precondition_failed", error: .preconditionFailed),
        ServerError(place: "@body_too_large", error: .bodyTooLarge),
        ServerError(place: "= /_errors/address-too-long", error: .addressTooLong),
        ServerError(place: "@too_many_requests", error: .tooManyRequests),
        ServerError(place: "@unavailable", error: .serviceUnavailable),
    ]

    var location: String {
        let headers = error.headers.fields.map { "  add_header \($0.name) \($0.value) always;\n" }.joined()
        return """

            location \(place) {
              internal;
              types {}
              default_type "application/json; charset=utf-8";
              include snippets/security-headers.conf;
              add_header Cache-Control no-store always;
            \(headers)  return \(error.status) '\(body)';
            }
            """
    }

    /// The body as a text of nginx's configuration, where a quote ends the text, a backslash escapes, and `$` begins a
    /// variable.
    private var body: String {
        String(decoding: error.response.body, as: UTF8.self)
            .replacing("$", with: "\\u0024").replacing("'", with: "\\u0027").replacing("\\", with: "\\\\")
    }
}
