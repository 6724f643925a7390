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
        switch error.kind {
        case .tokenInvalid:
            message =
                "Facebook no longer accepts the access token: \(error). Set another with `admirror account set-token`."
            hold = Hold(reason: .tokenExpired, secondsLeft: .infinity)
        case .permissionMissing:
            message = "The access token lacks a permission: \(error). It needs ads_read on this ad account."
        case .notFound:
            message = "Facebook does not show this ad account to the access token: \(error)"
        case .rateLimited(let seconds):
            message = "Facebook's rate limit is reached: \(error). Syncs go on by themselves afterwards."
            hold = Hold(reason: .rateLimited, secondsLeft: seconds)
        case .transient, .tooMuchData, .cursorInvalid:
            message = "Facebook did not answer as it should, several times: \(error)"
        case .rejected:
            message = "Facebook refused a request: \(error)"
        }
    }
}
