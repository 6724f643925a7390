internal import HTTPMessages

/// The contents of a body: an object, or an error, which may also come with status 200.
enum Answer {
    /// - Parameters:
    ///   - secrets: Texts to remove if Facebook repeats them.
    ///   - account: Facebook's id. Headers about other accounts are ignored.
    /// - Returns: The object.
    static func read(
        _ response: HTTPResponse,
        hiding secrets: [String],
        account: String
    ) throws(GraphError) -> WireValue {
        guard response.status == 200 else { throw GraphError(response, hiding: secrets, account: account) }
        if let document = WireValue(parsing: response.body), document.isObject {
            guard document.isError else { return document }
            throw GraphError(response, hiding: secrets, account: account)
        }
        // The error may be the only readable part.
        let error = GraphError(response, hiding: secrets, account: account)
        throw error.code == 0 ? .unreadable("Facebook's response cannot be read") : error
    }
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
