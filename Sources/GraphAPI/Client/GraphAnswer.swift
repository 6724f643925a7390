internal import HTTPMessages

/// The response to a call.
package struct GraphAnswer {
    let response: HTTPResponse
    /// Texts that must not go anywhere, should Facebook repeat them.
    let secrets: [String]
    /// Facebook's id of the account whose quotas count. Headers about other accounts are ignored.
    let account: String

    /// The requested JSON object. A body may also be an error, even with status 200.
    func document() throws(GraphError) -> WireValue {
        guard response.status == 200 else { throw reported }
        if let document = WireValue(parsing: response.body), document.isObject {
            guard document.isError else { return document }
            throw reported
        }
        // The error may be the only readable part.
        let reported = reported
        throw reported.code == 0 ? .unreadable("Facebook's response cannot be read") : reported
    }

    /// Reads the requested JSON object.
    /// - Parameter read: Throws if the object has the wrong shape. An error may be the only readable part.
    func read<Value>(_ read: (WireValue) throws(GraphError) -> Value) throws(GraphError) -> Value {
        let document = try document()
        do {
            return try read(document)
        } catch {
            let reported = reported
            throw reported.code == 0 ? error : reported
        }
    }

    /// The error in the response.
    private var reported: GraphError { GraphError(response, hiding: secrets, account: account) }
}

extension WireValue {
    /// Whether the object is an error, in Facebook's present shape or in that of its older methods.
    fileprivate var isError: Bool {
        if let error = self["error"], !error.isFalse { return true }
        return self["error_code"] != nil && self["error_msg"] != nil
    }

    /// Whether PHP would take it for false, as Facebook does.
    private var isFalse: Bool {
        switch self {
        case .null: true
        case .bool(let flag): !flag
        case .number(let digits): Double(digits) == 0
        case .text(let text): text.isEmpty
        case .list(let elements): elements.isEmpty
        case .repairedText, .object, .unreadable: false
        }
    }
}
