/// One HTTP response. `Content-Length` is written by whoever sends it, from `body`.
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
}
