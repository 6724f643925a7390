/// One HTTP response. The sender writes `Content-Length` from `body`.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    package var body: [UInt8]

    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A body of JSON text.
    package init(status: Int, headers: HTTPHeaders = [:], json: String) {
        self.init(status: status, headers: headers, body: Array(json.utf8))
        self.headers["Content-Type"] = "application/json; charset=utf-8"
    }

    /// The reason phrase of the status (RFC 9110, section 15); empty for one that we do not send.
    package var reason: String { Self.reasons[status] ?? "" }

    private static let reasons = [
        200: "OK", 202: "Accepted", 204: "No Content", 302: "Found", 304: "Not Modified", 400: "Bad Request",
        401: "Unauthorized",
        403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 413: "Content Too Large",
        415: "Unsupported Media Type", 429: "Too Many Requests", 500: "Internal Server Error",
        503: "Service Unavailable",
    ]
}
