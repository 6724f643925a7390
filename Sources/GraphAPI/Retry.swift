/// What to do after a call that failed.
enum Retry: Equatable {
    case again(afterSeconds: Double)
    /// The same call, asking for less.
    case adapted(Adaptation)
    /// The same call of another version of the API.
    case version(String)
    case giveUp

    /// What there is to change about a call.
    struct Options: Equatable {
        /// Rows on a page; `nil` when the call is for a single object.
        var pageSize: Int?
        /// The fields asked for that one could do without, with what is asked of them in braces.
        var optionalFields: [String] = []
        /// Whether it goes on from a cursor, and may still begin anew.
        var canRestart = false
        /// Whether that cursor is from an earlier run: whatever is wrong may be wrong with it.
        var isResumed = false
        /// Whether a report can be made of it in the background.
        var canBeReport = false
        /// Whether it orders a report.
        var isOrder = false
        /// Whether it asks how far a report is.
        var isReport = false
        /// Whether it asks for something of a report, which may not be there yet, or not any more.
        var canBeLost = false
    }

    /// - Parameters:
    ///   - attempt: how many times this very call has failed, from 1.
    ///   - jitter: 0 ..< 1, so that many children do not come back at the same moment.
    static func decide(_ error: GraphError, attempt: Int, _ options: Options, jitter: Double) -> Retry {
        let pageSize = options.pageSize ?? 1
        switch error.kind {
        // An unknown error that comes back, with HTTP 500, is now and then a page that is too large.
        case .transient where error.code == 1 && error.status == 500 && attempt == 3 && pageSize > 25:
            return .adapted(.smallerPage)
        case .transient where attempt <= 4:
            return backoff(attempt, jitter)
        case .tooSlow where options.canBeReport:
            return .adapted(.report)
        case .tooMuchData where options.canBeReport && pageSize <= 50:
            return .adapted(.report)
        case .tooMuchData where options.isReport, .tooSlow where options.isReport:
            // The report itself has failed, and does so however often it is asked for.
            return .giveUp
        case .tooMuchData where options.isOrder, .tooSlow where options.isOrder:
            return .adapted(.smallerPage)
        case .tooMuchData where pageSize > 1, .tooSlow where pageSize > 1:
            return .adapted(.smallerPage)
        case .tooMuchData where attempt <= 4, .tooSlow where attempt <= 4:
            return backoff(attempt, jitter)
        case .notFound where options.canBeLost:
            return attempt <= 3 ? backoff(attempt, jitter) : .adapted(.report)
        case .rejected where options.isResumed && options.canRestart, .cursorInvalid where options.canRestart:
            return .adapted(.restart)
        case .fieldRefused(let name):
            // Without a name it may be any of them: the last first, which is the least needed.
            let field = options.optionalFields.last { name == nil || GraphList.members(of: $0).contains(name ?? "") }
            return field.map { .adapted(.withoutField(GraphList.name(of: $0))) } ?? .giveUp
        case .versionExpired(let version?):
            return .version(version)
        default:
            return .giveUp
        }
    }

    /// One second, two, four, eight, each give or take a half.
    private static func backoff(_ attempt: Int, _ jitter: Double) -> Retry {
        .again(afterSeconds: Double(1 << (attempt - 1)) * (0.5 + jitter))
    }
}

/// What can be changed about a call to make it succeed.
package enum Adaptation: Sendable, Equatable {
    /// Half as many rows on a page.
    case smallerPage
    case withoutField(String)
    /// From the list's start.
    case restart
    /// As a report that Facebook makes in the background; as another one where it is one.
    case report
}
