internal import HTTPMessages

/// A response and whether its body is sent: to `HEAD` it is not, though its length is told.
struct Answer {
    let response: HTTPResponse
    let hasBody: Bool
}

extension Exchange {
    /// Writes the response as CGI has it (RFC 3875, section 6): a `Status` field instead of a status line.
    func write(_ answer: Answer) {
        let response = answer.response
        var head = "Status: \(response.status) \(response.reason)\r\n"
        for field in response.headers.fields {
            head += "\(field.name): \(field.value)\r\n"
        }
        // A 204 or 304 has no body, and so no length (RFC 9110, section 8.6). A response that brings its own length
        // means it: the simulator promises more than it sends.
        if response.status != 204 && response.status != 304 && response.headers["Content-Length"] == nil {
            head += "Content-Length: \(response.body.count)\r\n"
        }
        head += "\r\n"
        Array(head.utf8).withUnsafeBytes(write)
        if answer.hasBody {
            response.body.withUnsafeBytes(write)
        }
    }
}
