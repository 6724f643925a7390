/// One HTTP request, for all senders and receivers: the responder, the Graph client, the simulator, tests.
package struct HTTPRequest: Sendable {
    /// In capitals: `GET`, `HEAD`, `POST`, …
    package var method: String
    /// The path as it stood in the request line, still percent-encoded, without the query: `/api/campaigns`.
    package var path: String
    /// The text after `?`, still percent-encoded; empty if there was none.
    package var query: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// The body was longer than the server reads; `body` is empty then.
    package var isBodyTooLarge = false
    /// Names it in the server's log; empty when the server gave it no name.
    package var id = ""
    /// The sender's network address, as the server in front reports it; empty if unknown.
    package var clientAddress = ""
    /// It came over TLS.
    package var isSecure = false
    /// The server's variables for the request, by name, but for those of headers. Some repeat the client's request line. A
    /// name of the server's own cannot be set by clients, because the names of their headers begin with `HTTP_`.
    package var variables: [String: String] = [:]
    /// The user id of the server in front, as the kernel knows it; `nil` when the socket does not say.
    package var serverUser: UInt32?

    package init(
        method: String = "GET",
        path: String,
        query: String = "",
        headers: HTTPHeaders = [:],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// Path and query as in a request line.
    package var target: String { query.isEmpty ? path : "\(path)?\(query)" }
}
