internal import ASCII
internal import Synchronization

/// The id of the request that this process handles. It is in every log line about the request: of the responder, of a
/// sync child that it starts, and of nginx's access log.
package enum RequestID {
    /// In the environment of a child.
    static let variable = "ADMIRROR_REQUEST_ID"

    private static let id = Mutex("")

    /// nginx's request id: 32 hex digits; empty if there is none.
    package static var current: String { id.withLock { $0 } }

    /// Begins another request. What has another form does not come from nginx, and is taken for none.
    package static func begin(_ text: String) {
        let isID = text.utf8.count == 32 && Hexadecimal.bytes(text.utf8).map(Hexadecimal.text) == text
        id.withLock { $0 = isID ? text : "" }
    }

    /// In a child: continues with the request id of its parent.
    package static func inherit(_ environment: [String: String]) {
        begin(environment[variable] ?? "")
    }
}
