internal import HTTPMessages

/// The version that one client calls, and whether Facebook is known to accept it.
struct VersionUse {
    let configured: String
    private var choice: VersionChoice?
    private(set) var isKnown: Bool

    init(_ credentials: GraphClient.Credentials) {
        configured = credentials.version
        choice = credentials.versions
        isKnown = credentials.isVersionKnown
    }

    var current: String { choice?.current?.description ?? configured }

    /// The error of a client that has no version left to call; `nil` while there is one.
    var exhaustion: GraphError? {
        guard let choice, choice.current == nil else { return nil }
        let names = choice.refused.sorted().map(\.description).joined(separator: ", ")
        return GraphError(
            kind: .versionExpired(nil),
            status: 0,
            message: "in the last day Facebook refused every version of the API that AdMirror knows: \(names)"
        )
    }

    /// Takes from an answer's headers with which version Facebook answered. It refuses a version that is past its end, or answers
    /// with a newer one and a warning; that one is called from then on.
    /// - Returns: a warning for operators.
    mutating func note(_ headers: HTTPHeaders, called: String) -> String? {
        let warning = headers["x-ad-api-version-warning"]
        var answering = headers["facebook-api-version"].flatMap { APIVersion($0) }
        if let warning, warning.contains("has been deprecated"), let named = warning.firstMatch(of: #/v[0-9]+\.[0-9]+/#)
        {
            answering = [answering, APIVersion(named.output)].compactMap(\.self).max()
        }
        guard let answering, called == current, choice?.upgrade(to: answering) == true else { return warning }
        isKnown = false
        return "Facebook responds to calls of \(called) with \(answering); AdMirror calls \(answering) from now on"
    }

    /// Takes that Facebook answered a call of a version.
    /// - Returns: what other processes should know.
    mutating func accept(_ version: String) -> VersionLesson? {
        guard !isKnown, version == current, let choice, let accepted = choice.current else { return nil }
        isKnown = true
        return .accepted(accepted, choice.reason)
    }

    /// Takes that Facebook refused a version.
    /// - Returns: whether another one is left to call.
    mutating func refuse(_ version: String, naming named: String?) -> Bool {
        guard let refused = APIVersion(version) else { return false }
        if refused == choice?.current { isKnown = false }
        return choice?.refuse(refused, naming: named.flatMap { APIVersion($0) }) ?? false
    }
}
