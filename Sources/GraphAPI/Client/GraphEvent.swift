/// Events other than plain responses.
package enum GraphEvent: Sendable {
    case retrying(GraphError, afterSeconds: Double)
    /// The form of a call has changed.
    case adapted(String, Adaptation, GraphError)
    /// A call was made later than it could have been, to stay clear of a limit.
    case slowedDown(seconds: Double)
    /// Something that operators should know, once for each text.
    case warned(String)
}

extension Quota {
    /// For "Facebook's rate limit for …".
    package var words: String {
        switch self {
        case .app: "all calls of the app"
        case .appInsights: "all insights calls of the app"
        case .account: "calls to this ad account"
        case .management: "calls for this ad account's objects"
        case .insights: "calls for this ad account's insights"
        }
    }
}
