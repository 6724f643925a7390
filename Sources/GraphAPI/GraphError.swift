/// What the Graph API answered instead of data. Secrets of ours are cut out of its message.
package struct GraphError: Error, CustomStringConvertible {
    /// What there is to do about it.
    package enum Kind: Sendable, Equatable {
        /// Passes by itself: try again after a while.
        case transient
        /// The answer would be too large: ask for less.
        case tooMuchData
        /// Reckoning the answer takes too long: ask for less, or for a report that is made in the background.
        case tooSlow
        /// Facebook holds us off: no further call of this quota before so many seconds have passed.
        case rateLimited(Quota, seconds: Double)
        /// The token is dead: only another one helps.
        case tokenInvalid
        /// The token may not see this.
        case permissionMissing
        /// The account or object is not there for this token.
        case notFound
        /// The cursor of a page is forgotten: the list has to be read from its start.
        case cursorInvalid
        /// One field fails the whole call; its name, where Facebook tells it.
        case fieldRefused(String?)
        /// The version of the API is past its end of life; the one to use, where Facebook names it.
        case versionExpired(String?)
        /// A list leads from page to page and never ends. Asking for the same page again changes nothing.
        case endless
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

    /// An answer with status 200 that is not what was asked for: taken for a passing fault of Facebook's.
    static func unreadable(_ message: String) -> GraphError {
        GraphError(kind: .transient, status: 200, message: message)
    }

    package var description: String {
        code == 0 ? message : "\(message) (code \(code)\(subcode == 0 ? "" : ", subcode \(subcode)"))"
    }
}

extension GraphError.Kind {
    /// Judges by code and subcode: texts change, and most statuses are 400. The texts that count are "reduce the amount
    /// of data", which has no code of its own, and the names of refused fields and newer versions.
    /// Source: Meta's error reference, and what the large connectors retry.
    static func judge(
        status: Int,
        code: Int,
        subcode: Int,
        isTransient: Bool,
        message: String,
        regain: Double?
    ) -> GraphError.Kind {
        if message.lowercased().contains("reduce the amount of data") { return .tooMuchData }
        switch (code, subcode) {
        case (200, 4_841_013), (613, 4_841_018):
            // Looks like a missing permission, and is a quota of the development tier that ends with the hour.
            return .rateLimited(.account, seconds: max(regain ?? 0, 3600))
        case (4, _), (17, _), (32, _), (341, _), (613, _), (80_000..<80_100, _):
            // Meta sends no Retry-After. Its longest block for reads is five minutes.
            return .rateLimited(quota(code, subcode), seconds: max(regain ?? 0, 300))
        case (368, _):
            return .rateLimited(.app, seconds: 3600)
        case (190, _), (102, _):
            return .tokenInvalid
        case (100, 33), (803, _):
            return .notFound
        case (100, 1_487_534):
            return .tooMuchData
        case (100, 1_504_018), (2, 1_504_038):
            return .tooSlow
        case (100, 3_191_001), (10, _), (200..<300, _):
            return .permissionMissing
        case (100, 2_446_289), (100, 2_446_211), (100, 1_443_048):
            // A single creative that cannot be read fails the page of ads that it stands on.
            return .fieldRefused("creative")
        case (2642, _):
            return .cursorInvalid
        case (2635, _):
            return .versionExpired(version(in: message))
        case (3, _):
            return .fieldRefused(nil)
        case (-3, _):
            // Of a report: "too large". The other two are failures inside Facebook, of reports as well.
            return .tooMuchData
        case (-1, _), (-2, _):
            return .transient
        case (1, 2_853_001), (2, 1_504_041), (2, 1_504_042):
            return .rejected
        case (1, _), (2, _), (960, _):
            return .transient
        case (100, _):
            if message.contains("After Cursor") { return .cursorInvalid }
            if message.contains("Cannot include") && message.contains("in summary param") { return .transient }
            if let field = refusedField(in: message) { return .fieldRefused(field) }
            return isTransient || status >= 500 ? .transient : .rejected
        default:
            return isTransient || status >= 500 ? .transient : .rejected
        }
    }

    /// Whose calls a refusal stops.
    private static func quota(_ code: Int, _ subcode: Int) -> Quota {
        switch (code, subcode) {
        case (4, 1_504_022), (4, 1_504_039): .appInsights
        case (4, _), (341, _): .app
        case (80_000, _): .insights
        case (80_004, _): .management
        default: .account
        }
    }

    /// `… nonexisting field (x) on node type …`, or `x is not valid for fields param …`.
    private static func refusedField(in message: String) -> String? {
        if let match = message.firstMatch(of: #/nonexisting field \((?<field>[a-z0-9_]+)\)/#) {
            return String(match.output.field)
        }
        return message.firstMatch(of: #/(?<field>[a-z0-9_]+) is not valid for fields param/#).map {
            String($0.output.field)
        }
    }

    /// `… Please update to the latest version: v25.0`
    private static func version(in message: String) -> String? {
        message.matches(of: #/v[0-9]{1,3}\.[0-9]{1,2}/#).last.map { String($0.output) }
    }
}
