/// The action after a failed call.
enum Retry: Equatable {
    case again(afterSeconds: Double)
    /// The same call, asking for less.
    case adapted(Adaptation)
    /// Look for the field that makes the call fail.
    case searchField
    /// The same call of another version of the API: the one that Facebook names, if any.
    case version(String?)
    case giveUp

    /// Possible changes to a call.
    struct Options: Equatable {
        /// Whether the call itself names the fields; the rows of a report have those with which it was ordered.
        var namesFields = true
        /// Rows on a page; `nil` when the call is for a single object.
        var pageSize: Int?
        /// The fields without which a row is of no use.
        var neededFields: [String] = []
        /// The other requested fields, with their parameters in braces.
        var optionalFields: [String] = []
        /// Whether it continues from a cursor, and may still restart.
        var canRestart = false
        /// Whether that cursor is from an earlier run, so that the cursor may cause the error.
        var isResumed = false
        /// Whether a background report can replace it.
        var canBeReport = false
        /// Whether it is a part of a question that was too much. If a small page of it fails, it is given up at once: the
        /// caller divides it, or records it as missing.
        var isPart = false
        /// Whether it orders a report.
        var isOrder = false
        /// Whether it asks how far a report is.
        var isReport = false
        /// Whether it asks for something of a report, which may not exist yet, or no longer.
        var canBeLost = false
        /// Whether the caller reads one object after the other if one of them cannot be read.
        var isReadSingly = false
    }

    var leavesFieldsOut: Bool {
        if case .adapted(.withoutFields) = self { true } else { false }
    }

    /// The longest wait that Facebook may ask for in the middle of a run, in seconds.
    static let longestWait = 60.0

    /// - Parameters:
    ///   - attempt: how many times this very call has failed, from 1.
    ///   - jitter: 0 ..< 1, so that many children do not come back at the same moment.
    static func decide(_ error: GraphError, attempt: Int, _ options: Options, jitter: Double) -> Retry {
        let pageSize = options.pageSize ?? 1
        switch error.kind {
        // An unknown error that comes back, with HTTP 500, is now and then a page that is too large.
        case .transient where error.code == 1 && error.status == 500 && attempt == 3 && pageSize > 25:
            return .adapted(.smallerPage)
        case .transient where attempt <= 4 && error.retryAfter ?? 0 <= longestWait:
            return backoff(attempt, jitter, atLeast: error.retryAfter)
        case .unknown where attempt == 1:
            return backoff(attempt, jitter, atLeast: error.retryAfter)
        case .tokenInvalid where error.isBareStatus && attempt == 1,
            .permissionMissing where error.isBareStatus && attempt == 1:
            return backoff(attempt, jitter, atLeast: error.retryAfter)
        case .tooSlow where options.canBeReport:
            return .adapted(.report)
        case .tooMuchData where options.canBeReport && pageSize <= 50:
            return .adapted(.report)
        case .tooMuchData where options.isReport, .tooSlow where options.isReport:
            // The report itself has failed, and fails again however often it is requested.
            return .giveUp
        case .tooMuchData where options.isOrder, .tooSlow where options.isOrder:
            return .adapted(.smallerPage)
        case .tooMuchData where options.isPart && pageSize <= 50, .tooSlow where options.isPart && pageSize <= 50:
            return .giveUp
        case .tooMuchData where pageSize > 1, .tooSlow where pageSize > 1:
            return .adapted(.smallerPage)
        case .tooMuchData where attempt <= 4, .tooSlow where attempt <= 4:
            return backoff(attempt, jitter, atLeast: nil)
        case .notFound where options.canBeLost:
            return attempt <= 3 ? backoff(attempt, jitter, atLeast: nil) : .adapted(.report)
        case .rejected where options.isResumed && options.canRestart,
            .unknown where options.isResumed && options.canRestart,
            .cursorInvalid where options.canRestart:
            return .adapted(.restart)
        case .objectUnreadable where options.isReadSingly:
            return .giveUp
        case .fieldRefused, .objectUnreadable, .permissionMissing, .rejected, .unknown:
            return withoutFields(error, options)
        case .versionExpired(let version):
            return .version(version)
        default:
            return .giveUp
        }
    }

    /// Omits the fields that the refusal names or mentions, or searches for them.
    private static func withoutFields(_ error: GraphError, _ options: Options) -> Retry {
        let optional = { (names: [String]) in
            Set(
                options.optionalFields.filter { !GraphList.members(of: $0).isDisjoint(with: names) }.map(GraphList.name)
            )
        }
        if case .fieldRefused(let names) = error.kind {
            guard options.neededFields.allSatisfy({ GraphList.members(of: $0).isDisjoint(with: names) }) else {
                return .giveUp
            }
            let refused = optional(names)
            if !refused.isEmpty { return .adapted(.withoutFields(refused)) }
        }
        if error.kind == .objectUnreadable, let story = optional(["creative", "object_story_spec"]).first {
            return .adapted(.withoutFields([story]))
        }
        let mentioned = optional(error.mentionedNames)
        if !mentioned.isEmpty { return .adapted(.withoutFields(mentioned)) }
        let isAboutCall = error.code != 0 || error.isGraphs
        return options.optionalFields.isEmpty || !options.namesFields || !isAboutCall ? .giveUp : .searchField
    }

    /// One second, two, four, eight, each give or take a half.
    private static func backoff(_ attempt: Int, _ jitter: Double, atLeast seconds: Double?) -> Retry {
        .again(afterSeconds: max(Double(1 << (attempt - 1)) * (0.5 + jitter), seconds ?? 0))
    }
}

/// Changes to a call that may make it succeed.
package enum Adaptation: Sendable, Equatable {
    /// Half as many rows on a page.
    case smallerPage
    case withoutFields(Set<String>)
    /// From the list's start.
    case restart
    /// As a background report; as a new report if it already is one.
    case report
}
