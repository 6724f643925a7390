extension GraphError.Kind {
    /// Judges an error by its code and subcode. Texts change, and most statuses are 400, so both count only where there is
    /// no code. The exceptions have no code of their own: "reduce the amount of data", "API access blocked", and the names of
    /// refused fields and newer versions. A refusal that is not in one of Graph's forms comes from a server in between.
    ///
    /// Source: Meta's error reference, and what the large connectors retry.
    /// - Parameters:
    ///   - regain: seconds until calls are allowed again, as the usage headers say.
    ///   - retryAfter: the same, as `Retry-After` says.
    static func judge(
        _ facts: ErrorFacts,
        status: Int,
        regain: Double? = nil,
        retryAfter: Double? = nil
    ) -> GraphError.Kind {
        let message = String((facts.message ?? "").prefix(ErrorText.longest))
        let words = message.lowercased()
        let seconds = [regain, retryAfter].compactMap(\.self).max() ?? 0
        if words.contains("reduce the amount of data") { return .tooMuchData }
        guard let code = facts.code else { return judgeWithoutCode(facts, status, regain: seconds) }
        let subcode = facts.subcode ?? 0
        let isPassing = facts.isTransient || status >= 500
        switch (code, subcode) {
        case (200, 4_841_013), (613, 4_841_018):
            // Looks like a missing permission, and is a quota of the development tier that ends with the hour.
            return .rateLimited(.account, seconds: max(seconds, 3600))
        case (4, _), (17, _), (32, _), (341, _), (613, _), (80_000..<80_100, _):
            // Meta's longest block for reads is five minutes.
            return .rateLimited(quota(code, subcode), seconds: max(seconds, 300))
        case (1...2, 2_446_079):
            return .rateLimited(.account, seconds: max(seconds, 300))
        case (368, _):
            return .rateLimited(.app, seconds: max(seconds, 3600))
        case (190, _), (102, _):
            return .tokenInvalid
        case (2500, _) where words.contains("access token"):
            return .tokenInvalid
        case (101, _), (104, _):
            return isPassing ? .transient : .appRefused
        case (100, 33), (803, _):
            return .notFound
        case (100, 1_487_534):
            return .tooMuchData
        case (100, 1_504_018), (2, 1_504_038):
            return .tooSlow
        case (100, 3_191_001):
            return .permissionMissing
        case (10, _), (200..<300, _):
            if isAboutApp(words) { return .appRefused }
            let names = RefusedFields.named(in: message)
            return names.isEmpty ? .permissionMissing : .fieldRefused(names)
        case (100, 2_446_289), (100, 2_446_211), (100, 1_443_048):
            return .objectUnreadable
        case (2642, _):
            return .cursorInvalid
        case (2635, _):
            return .versionExpired(version(in: message))
        case (3, _), (12, _):
            return isAboutApp(words) ? .appRefused : .fieldRefused(RefusedFields.named(in: message))
        case (-3, _):
            // Of a report: "too large". The other two are internal failures of Facebook, also of reports.
            return .tooMuchData
        case (-1, _), (-2, _):
            return .transient
        case (1, 2_853_001), (2, 1_504_041), (2, 1_504_042), (3018, _):
            return .rejected
        case (1, _), (2, _), (960, _):
            return .transient
        case (100, _):
            if message.contains("After Cursor") { return .cursorInvalid }
            if message.contains("Cannot include") && message.contains("in summary param") { return .transient }
            if words.contains("appsecret_proof") { return .appRefused }
            let names = RefusedFields.named(in: message)
            if !names.isEmpty { return .fieldRefused(names) }
            return isPassing ? .transient : .rejected
        case (2500, _):
            return isPassing ? .transient : .rejected
        default:
            return isPassing ? .transient : .unknown
        }
    }

    private static func judgeWithoutCode(_ facts: ErrorFacts, _ status: Int, regain: Double) -> GraphError.Kind {
        switch (facts.subcode, facts.type) {
        case (458, _), (459, _), (460, _), (463, _), (464, _), (467, _), (492, _), (_, "invalid_token"):
            return .tokenInvalid
        case (2_446_079, _), (1_487_742, _):
            return .rateLimited(.account, seconds: max(regain, 300))
        case (_, "insufficient_scope"):
            return .permissionMissing
        default:
            break
        }
        switch ErrorText.meaning(of: facts.message ?? "") {
        case .tokenInvalid: return .tokenInvalid
        case .appLimit: return .rateLimited(.app, seconds: max(regain, 300))
        case .accountLimit: return .rateLimited(.account, seconds: max(regain, 300))
        case nil: break
        }
        if facts.isGraph, status < 500 {
            let message = facts.message ?? ""
            if isAboutApp(message.lowercased()) { return .appRefused }
            let names = RefusedFields.named(in: message)
            if !names.isEmpty { return .fieldRefused(names) }
        }
        switch status {
        case 401: return .tokenInvalid
        case 403 where facts.isGraph: return .permissionMissing
        case 429: return .rateLimited(.account, seconds: regain > 0 ? regain : 300)
        case 200, 408, 421, 425, 500...: return .transient
        case 300..<400: return .rejected
        // These come from a server in front of the API, which says nothing of the request.
        case 400 where !facts.isGraph, 403: return .transient
        default: return facts.isTransient ? .transient : .unknown
        }
    }

    /// "API access blocked.", "API access deactivated.", "Error validating application": no token of the app works.
    private static func isAboutApp(_ words: String) -> Bool {
        words.contains("api access blocked") || words.contains("api access deactivated")
            || words.contains("error validating application") || words.contains("application has been deleted")
            || words.contains("application has been disabled") || words.contains("developers of this application")
    }

    /// The calls that a refusal stops.
    private static func quota(_ code: Int, _ subcode: Int) -> Quota {
        switch (code, subcode) {
        case (4, 1_504_022), (4, 1_504_039): .appInsights
        case (4, _), (341, _): .app
        case (80_000, _): .insights
        case (80_004, _): .management
        default: .account
        }
    }

    /// `… Please update to the latest version: v25.0`
    private static func version(in message: String) -> String? {
        message.matches(of: #/v[0-9]{1,3}\.[0-9]{1,2}/#).last.map { String($0.output) }
    }
}
