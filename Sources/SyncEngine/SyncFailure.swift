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
                "Facebook no longer accepts the access token\(Self.why(error.subcode)): \(error). "
                + "Connect the account again in the dashboard, or set another token with `admirror account set-token`."
            hold = Hold(reason: .tokenExpired, secondsLeft: .infinity)
        case .permissionMissing:
            message =
                "The access token lacks a permission: \(error). It needs ads_read on this ad account: grant it in "
                + "Business Settings, or set another token with `admirror account set-token`."
            // Calls that are refused count against the app; a person may try sooner.
            hold = Hold(reason: .retryLater, secondsLeft: 3600)
        case .notFound:
            message = "Facebook does not show this ad account to the access token: \(error)"
            hold = Hold(reason: .retryLater, secondsLeft: 3600)
        case .rateLimited(let quota, let seconds):
            message = "Facebook's limit for \(quota.words) is reached: \(error). Syncs go on by themselves afterwards."
            hold = Hold(reason: .rateLimited, secondsLeft: seconds)
        case .transient, .tooMuchData, .tooSlow, .cursorInvalid:
            message = "Facebook did not answer as it should, several times: \(error)"
        case .endless:
            message = "Facebook's answer is no use: \(error). The next sync reads it again."
        case .fieldRefused(let field):
            message = "Facebook refuses \(field.map { "the field \($0)" } ?? "a field") that a sync needs: \(error)"
        case .versionExpired:
            message = "Facebook no longer serves this version of the API: \(error). Set FACEBOOK_API_VERSION."
        case .rejected where error.code == 104 || error.message.contains("appsecret_proof"):
            message = "Facebook refuses the proof of the app's secret: \(error). Check FACEBOOK_APP_SECRET."
        case .rejected:
            message = "Facebook refused a request: \(error)"
        }
    }

    static func concernsToken(_ error: any Error) -> Bool {
        switch (error as? GraphError)?.kind {
        case .tokenInvalid, .permissionMissing: true
        default: false
        }
    }

    /// What became of a token, by the subcode of error 190. Source: Meta, Graph API, "Handling errors".
    private static func why(_ subcode: Int) -> String {
        switch subcode {
        case 458: " (its user has removed the app)"
        case 459: " (its user has to sign in at Facebook first)"
        case 460: " (its user has changed the password)"
        case 463: " (it has expired)"
        case 464: " (its user's account is not confirmed)"
        case 467: " (it was revoked)"
        case 492: " (its user has lost the role on the page)"
        default: ""
        }
    }
}
