/// What the Graph API answered instead of data. Secrets of ours are cut out of its message.
package struct GraphError: Error, CustomStringConvertible {
    /// What there is to do about it.
    package enum Kind: Sendable, Equatable {
        /// Passes by itself: try again after a while.
        case transient
        /// The answer would be too large or take too long: ask for less.
        case tooMuchData
        /// Facebook holds us off: no further call before this many seconds have passed.
        case rateLimited(seconds: Double)
        /// The token is dead: only another one helps.
        case tokenInvalid
        /// The token may not see this.
        case permissionMissing
        /// The account or object is not there for this token.
        case notFound
        /// The cursor of a page is forgotten: the list has to be read from its start.
        case cursorInvalid
        /// Our request, or the app's configuration, is wrong.
        case rejected
    }

    package let kind: Kind
    /// HTTP status; 0 when there was no answer.
    package let status: Int
    /// Facebook's code and subcode; 0 when it told none.
    package let code: Int
    package let subcode: Int
    /// Facebook's own words, one line.
    package let message: String

    package init(kind: Kind, status: Int, code: Int = 0, subcode: Int = 0, message: String) {
        self.kind = kind
        self.status = status
        self.code = code
        self.subcode = subcode
        self.message = message
    }

    package var description: String {
        code == 0 ? message : "\(message) (code \(code)\(subcode == 0 ? "" : ", subcode \(subcode)"))"
    }
}

extension GraphError.Kind {
    /// Judges by code and subcode: texts change, and most statuses are 400. The one text that counts is "reduce the
    /// amount of data", which has no code of its own.
    /// Source: Meta's error reference, and what the large connectors retry.
    static func judge(
        status: Int,
        code: Int,
        subcode: Int,
        isTransient: Bool,
        message: String,
        regain: Double?
    ) -> GraphError.Kind {
        let words = message.lowercased()
        if words.contains("reduce the amount of data") { return .tooMuchData }
        switch (code, subcode) {
        case (4, _), (17, _), (32, _), (341, _), (613, _), (80_000..<80_100, _):
            // Meta sends no Retry-After. Its longest block for reads is five minutes.
            return .rateLimited(seconds: max(regain ?? 0, 300))
        case (368, _):
            return .rateLimited(seconds: 3600)
        case (190, _), (102, _):
            return .tokenInvalid
        case (100, 33), (803, _):
            return .notFound
        case (100, 1_487_534), (100, 1_504_018), (2, 1_504_038):
            return .tooMuchData
        case (2642, _):
            return .cursorInvalid
        case (10, _), (200..<300, _):
            return .permissionMissing
        case (1, 2_853_001), (2, 1_504_041), (2, 1_504_042):
            return .rejected
        case (1, _), (2, _), (960, _):
            return .transient
        default:
            return isTransient || status >= 500 ? .transient : .rejected
        }
    }
}
