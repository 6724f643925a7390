/// An error of the Graph API, or an answer that cannot be used. Our secrets are cut out of its texts.
package struct GraphError: Error, CustomStringConvertible {
    /// How to handle it.
    package enum Kind: Sendable, Equatable {
        /// Passes by itself: try again after a while.
        case transient
        /// A code that we do not know, or none: try once more.
        case unknown
        /// The answer would be too large: ask for less.
        case tooMuchData
        /// Facebook takes too long to compute the answer: ask for less, or for a report that is made in the background.
        case tooSlow
        /// Facebook's rate limit is reached: no further call of this quota within so many seconds.
        case rateLimited(Quota, seconds: Double)
        /// The token is dead: only another one helps.
        case tokenInvalid
        /// The token may not read this.
        case permissionMissing
        /// Facebook refuses the app itself: it is blocked, deleted, or its proof is wrong.
        case appRefused
        /// The account or object does not exist for this token.
        case notFound
        /// Facebook no longer knows the cursor of a page: the list has to be read from its start.
        case cursorInvalid
        /// Fields fail the whole call; their names, where Facebook gives them.
        case fieldRefused([String])
        /// One object on the page fails the whole page: on ads, its creative.
        case objectUnreadable
        /// The version of the API is past its end of life; the one to use, where Facebook names it.
        case versionExpired(String?)
        /// A list leads from page to page and never ends. Asking for the same page again changes nothing.
        case endless
        /// Our request is wrong.
        case rejected
    }

    package let kind: Kind
    /// HTTP status; 0 when there was no answer.
    package let status: Int
    /// Facebook's code and subcode; 0 when the answer has none.
    package let code: Int
    package let subcode: Int
    /// Facebook's own words, one line.
    package let message: String
    /// `OAuthException`, for example.
    package var type: String?
    /// Facebook's message for people, one line each, in the language of the token's user.
    package var userTitle: String?
    package var userMessage: String?
    /// The id that Meta's support needs.
    package var traceID: String?
    /// Seconds that Facebook asks us to wait.
    package var retryAfter: Double?
    /// The called path, without the version: `act_123/adsets`.
    package var path: String?
    /// Whether it has one of the Graph API's forms, so that it is about the call.
    var isGraphs = false
    /// Names that the texts mention and that may be those of fields.
    var mentionedNames: [String] = []

    package init(kind: Kind, status: Int, code: Int = 0, subcode: Int = 0, message: String) {
        self.kind = kind
        self.status = status
        self.code = code
        self.subcode = subcode
        self.message = message
    }

    /// A response with status 200 of the wrong shape counts as a transient failure.
    static func unreadable(_ message: String) -> GraphError {
        GraphError(kind: .transient, status: 200, message: message)
    }

    /// Whether only the status describes the error. It may come from a server in between, so the call is repeated; a
    /// dead token fails the second time, too.
    var isBareStatus: Bool { code == 0 && subcode == 0 && type == nil && [401, 403].contains(status) }

    /// Whether Facebook refused the call as it was, so that another one may be answered.
    var isRefusal: Bool {
        switch kind {
        case .fieldRefused, .objectUnreadable, .permissionMissing, .rejected, .unknown, .notFound: true
        default: false
        }
    }

    /// Facebook's message for people: title and text; `nil` if the response has neither.
    package var explanation: String? {
        let parts = [userTitle, userMessage].compactMap(\.self).filter { !$0.isEmpty && !message.contains($0) }
        return parts.isEmpty ? nil : parts.joined(separator: ": ")
    }

    package var description: String {
        var facts: [String] = []
        if code != 0 { facts.append("code \(code)") }
        if subcode != 0 { facts.append("subcode \(subcode)") }
        if let traceID, !facts.isEmpty { facts.append("trace \(traceID)") }
        let line = facts.isEmpty ? message : "\(message) (\(facts.joined(separator: ", ")))"
        return explanation.map { "\(line). Facebook explains: \($0)" } ?? line
    }
}
