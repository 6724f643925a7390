internal import HTTPMessages

/// A reply, and whether to send its body. The response to `HEAD` has only the length.
struct OutgoingReply {
    let reply: HTTPReply
    let hasBody: Bool
}

extension Exchange {
    func answer(bodyLimit: Int, _ respond: (HTTPRequest) -> HTTPReply) -> OutgoingReply {
        let request = request(bodyLimit: bodyLimit)
        return OutgoingReply(reply: respond(request), hasBody: request.method != "HEAD")
    }

    /// Writes the response as CGI has it (RFC 3875, section 6): a `Status` field instead of a status line. When the
    /// other side is gone, the work on the rest of the body is stopped.
    /// - Throws: what the rest of the body throws. The answer is then broken, and may not be ended as if it were whole.
    func write(_ answer: OutgoingReply) throws {
        let response = answer.reply.response
        let isReceived =
            Array(head(of: answer.reply).utf8).withUnsafeBytes(write)
            && (!answer.hasBody || response.body.withUnsafeBytes(write))
        guard let rest = answer.reply.rest else { return }
        if isReceived, answer.hasBody {
            try write(rest)
        } else {
            rest.cancel()
        }
    }

    private func head(of reply: HTTPReply) -> String {
        let response = reply.response
        var head = "Status: \(response.status) \(response.reason)\r\n"
        for field in response.headers.fields {
            head += "\(field.name): \(field.value)\r\n"
        }
        // A 204 or 304 has no body, and so no length (RFC 9110, section 8.6). A response that brings its own length
        // means it: the simulator promises more than it sends.
        let hasLength = response.status != 204 && response.status != 304 && reply.rest == nil
        if hasLength && response.headers["Content-Length"] == nil {
            head += "Content-Length: \(response.body.count)\r\n"
        }
        return head + "\r\n"
    }

    private func write(_ rest: any BodySource) throws {
        do {
            while let piece = try rest.next() {
                guard piece.withUnsafeBytes(write), flush() else { return rest.cancel() }
            }
        } catch {
            rest.cancel()
            throw error
        }
    }
}
