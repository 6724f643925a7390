internal import HTTPMessages

/// An error response. README lists every code.
struct RequestError: Error {
    let status: Int
    let code: String
    /// One sentence: what happened.
    let message: String
    /// What to do next.
    let hint: String
    var headers: HTTPHeaders = [:]

    init(_ status: Int, _ code: String, _ message: String, hint: String, headers: HTTPHeaders = [:]) {
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.headers = headers
    }

    var response: HTTPResponse {
        var writer = JSONWriter()
        writer.object {
            $0.member("error", message)
            $0.member("code", code)
            $0.member("hint", hint)
        }
        var response = HTTPResponse(status: status, headers: headers, body: writer.bytes)
        response.headers["Content-Type"] = "application/json; charset=utf-8"
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}
