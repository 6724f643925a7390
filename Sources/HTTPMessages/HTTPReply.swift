/// A response whose body may be too large to be held: then it ends with what a source hands out.
package struct HTTPReply {
    /// With the beginning of the body, or all of it.
    package var response: HTTPResponse
    /// The rest of the body, of unknown length.
    package var rest: (any BodySource)?

    package init(_ response: HTTPResponse, rest: (any BodySource)? = nil) {
        self.response = response
        self.rest = rest
    }

    /// The response with all of its body.
    package func collected() throws -> HTTPResponse {
        var response = response
        while let piece = try rest?.next() { response.body += piece }
        return response
    }
}

/// Makes a body piece by piece, as fast as it is taken.
package protocol BodySource: AnyObject {
    /// The next piece, never empty; `nil` at the end.
    ///
    /// After an error, the pieces so far are not a complete response, and no further piece is read.
    func next() throws -> [UInt8]?

    /// The reader has stopped reading, so stop the work. Called at most once, also after an error, never after the end.
    func cancel()
}
