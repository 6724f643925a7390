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

    private struct Body: Encodable {
        let error: String
        let code: String
        let hint: String
    }

    var response: HTTPResponse {
        let body = JSONEncoding.bytes(of: Body(error: message, code: code, hint: hint))
        var response = HTTPResponse(status: status, headers: headers, body: body)
        response.headers["Content-Type"] = "application/json; charset=utf-8"
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}
