internal import HTTPMessages
internal import Store

/// One method of a path, and its handler. `HEAD` is answered like `GET`, without the body, unless it has its own route.
struct Route: Sendable {
    /// Also the route's class for nginx's caches.
    enum Handler: Sendable {
        /// nginx passes each request to a responder.
        case whole(@Sendable (Endpoints, HTTPRequest) throws -> HTTPResponse)
        /// nginx caches the responses, and returns them to authorized people.
        case read(AnswerKind)
        /// Only nginx requests it, before it looks into its cache.
        case authorize(AnswerKind)
        /// The same for pictures. Both get the values in the path.
        case picture
        case authorizePicture
    }

    let method: String
    let handler: Handler
    /// The description of the route; `nil` for routes that only nginx can request.
    let description: RouteDescription?
    let needsDatabase: Bool

    init(_ method: String, _ handler: Handler, _ description: RouteDescription?, needsDatabase: Bool = true) {
        self.method = method
        self.handler = handler
        self.description = description
        self.needsDatabase = needsDatabase
    }
}
