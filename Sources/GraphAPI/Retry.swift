/// What to do after a call that failed.
enum Retry: Equatable {
    case again(afterSeconds: Double)
    /// The same page again, with half as many objects on it.
    case smallerPage
    case giveUp

    /// - Parameters:
    ///   - attempt: how many times this very call has failed, from 1.
    ///   - jitter: 0 ..< 1, so that many children do not come back at the same moment.
    static func decide(_ kind: GraphError.Kind, attempt: Int, pageSize: Int?, jitter: Double) -> Retry {
        switch kind {
        case .transient where attempt <= 4:
            .again(afterSeconds: Double(1 << (attempt - 1)) * (0.5 + jitter))
        case .tooMuchData where (pageSize ?? 1) > 1:
            .smallerPage
        case .tooMuchData where attempt <= 4:
            .again(afterSeconds: Double(1 << (attempt - 1)) * (0.5 + jitter))
        default:
            .giveUp
        }
    }
}
