internal import GraphAPI
internal import Model
internal import Store

/// Why a run failed, in words that say what to do, and how long the account rests.
struct SyncFailure: Error {
    let message: String
    var hold: Hold?

    init(_ message: String) {
        self.message = message
    }

    init(_ error: any Error) {
        guard let error = error as? GraphError else {
            message = (error as? SyncFailure)?.message ?? "The sync failed: \(error)"
            return
        }
        let advice = Advice.on(error)
        let place = error.path.map { ", at \($0)" } ?? ""
        let details = error.description == advice.cause ? "" : ": \(error)"
        message = "\(advice.cause)\(place)\(details)".withFullStop + " \(advice.remedy)"
        hold = Self.hold(error)
    }

    /// Calls that are refused count against the app's access tier, so an account that is refused rests. A person may try
    /// sooner.
    private static func hold(_ error: GraphError) -> Hold? {
        switch error.kind {
        case .tokenInvalid: Hold(reason: .tokenExpired, secondsLeft: .infinity)
        case .permissionMissing, .notFound, .appRefused, .versionExpired: Hold(reason: .retryLater, secondsLeft: 3600)
        case .rateLimited(_, let seconds): Hold(reason: .rateLimited, secondsLeft: seconds)
        default: error.retryAfter.map { Hold(reason: .retryLater, secondsLeft: max(60, $0)) }
        }
    }

    /// Some parts could not be read.
    init(_ failed: [SyncList: GraphError]) {
        message = Self.groups(failed).map(\.sentence).joined(separator: " ")
        // Without its objects and its days an account cannot go on; the other parts rest by themselves.
        hold =
            (ReadParts.objectLists + [.accountDays]).compactMap { failed[$0].flatMap { SyncFailure($0).hold } }.first
    }

    /// The parts that failed for the same reason, with a sentence that names them.
    static func groups(_ failed: [SyncList: GraphError]) -> [(lists: [SyncList], sentence: String)] {
        var groups: [(reason: String, lists: [SyncList])] = []
        for list in SyncList.allCases {
            guard let reason = failed[list].map({ SyncFailure($0).message }) else { continue }
            if let place = groups.firstIndex(where: { $0.reason == reason }) {
                groups[place].lists.append(list)
            } else {
                groups.append((reason, [list]))
            }
        }
        return groups.map { group in
            let names = group.lists.map(\.words)
            let listed =
                names.count < 2
                ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
            return (
                group.lists, "\(listed.capitalizedFirst) could not be read. \(group.reason)"
            )
        }
    }

    static func concernsToken(_ error: any Error) -> Bool {
        switch (error as? GraphError)?.kind {
        case .tokenInvalid, .permissionMissing: true
        default: false
        }
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
    fileprivate var withFullStop: String { hasSuffix(".") || hasSuffix("!") || hasSuffix("?") ? self : self + "." }
}

extension SyncList {
    /// For people.
    var words: String {
        switch self {
        case .campaigns: Level.campaign.plural
        case .adSets: Level.adSet.plural
        case .ads: Level.ad.plural
        case .campaignTotals: "totals of \(Level.campaign.plural)"
        case .adSetTotals: "totals of \(Level.adSet.plural)"
        case .adTotals: "totals of \(Level.ad.plural)"
        case .accountDays: "the account's days"
        case .recentDays: "the last days of ads"
        case .history: "older days of ads"
        }
    }
}
