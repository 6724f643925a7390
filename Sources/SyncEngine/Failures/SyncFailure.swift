internal import GraphAPI
internal import Model

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
        message = "\(advice.cause)\(place): \(error)".withFullStop + " \(advice.remedy)"
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

    static func concernsToken(_ error: any Error) -> Bool {
        switch (error as? GraphError)?.kind {
        case .tokenInvalid, .permissionMissing: true
        default: false
        }
    }
}

extension String {
    fileprivate var withFullStop: String { hasSuffix(".") || hasSuffix("!") || hasSuffix("?") ? self : self + "." }
}
