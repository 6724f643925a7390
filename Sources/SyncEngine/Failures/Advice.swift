package import GraphAPI

/// The cause of a Facebook error in plain words, and what people can do about it.
///
/// Source: Meta, Graph API, "Handling errors"; Marketing API, "Error reference".
package struct Advice: Sendable, Equatable {
    /// A sentence without its full stop.
    package let cause: String
    /// Sentences.
    package let remedy: String

    private init(_ cause: String, _ remedy: String) {
        self.cause = cause
        self.remedy = remedy
    }

    /// Returns the advice for an error, chosen by its kind and codes.
    package static func on(_ error: GraphError) -> Advice {
        switch error.kind {
        case .tokenInvalid: onToken(error)
        case .appRefused: onApp(error)
        case .permissionMissing: onPermission(error)
        case .rateLimited(let quota, _): onLimit(error, quota)
        case .fieldRefused(let names): onFields(names)
        default: onTheRest(error)
        }
    }

    // MARK: Tokens

    private static let connectAgain =
        "Reconnect the account on the Settings page of the dashboard, or set another token with "
        + "`admirror account set-token`."

    private static func onToken(_ error: GraphError) -> Advice {
        if error.words.contains("application") && error.words.contains("validating") { return appIsGone }
        let refused = "Facebook no longer accepts the access token"
        return switch error.subcode {
        case 458: Advice("\(refused): its user has removed the app", connectAgain)
        case 459:
            Advice(
                "\(refused): Facebook wants its user to confirm who they are",
                "Let that person sign in at https://www.facebook.com and follow the steps there. " + connectAgain
            )
        case 460: Advice("\(refused): its user has changed the password", connectAgain)
        case 463: Advice("\(refused): it has expired", connectAgain)
        case 464:
            Advice(
                "\(refused): the Facebook account of its user is not confirmed",
                "Let that person sign in at https://www.facebook.com and confirm the account. " + connectAgain
            )
        case 467: Advice("\(refused): it was revoked", connectAgain)
        case 492:
            Advice(
                "\(refused): its user no longer has a role on the page or business",
                "Give that person or system user the role back in Business Settings. " + connectAgain
            )
        default: Advice(refused, connectAgain)
        }
    }

    // MARK: The app

    private static let dashboard = "https://developers.facebook.com/apps"
    private static let appIsGone = Advice(
        "Facebook does not know the app, or the app was deleted or disabled",
        "Check the app at \(dashboard), and FACEBOOK_APP_ID and FACEBOOK_APP_SECRET. Another token of the same app does "
            + "not help."
    )

    private static func onApp(_ error: GraphError) -> Advice {
        if error.words.contains("access token is required") {
            return Advice("Facebook received no access token", "Check that no proxy removes the Authorization header.")
        }
        if error.code == 104 || error.words.contains("appsecret_proof") {
            return Advice(
                "Facebook refuses the proof of the app's secret",
                "Check FACEBOOK_APP_SECRET: it must be the secret of the app that the access token was made for."
            )
        }
        if error.words.contains("api access") {
            return Advice(
                "Facebook has blocked the app's access to the API",
                "Read the app's alerts at \(dashboard) and ask Meta for a review there. Another token of the same app does "
                    + "not help."
            )
        }
        return appIsGone
    }

    // MARK: Permissions

    private static let permissions = [
        "ads_read", "ads_management", "business_management", "read_insights", "pages_read_engagement",
        "pages_show_list", "leads_retrieval", "catalog_management", "instagram_basic",
    ]

    private static func onPermission(_ error: GraphError) -> Advice {
        let again = "or set another token with `admirror account set-token`."
        var named = permissions.filter { error.words.contains($0) }
        // The smaller permission is enough for reading.
        if named.contains("ads_read") { named.removeAll { $0 == "ads_management" } }
        switch (error.code, error.subcode) {
        case (100, 3_191_001):
            return Advice(
                "The access token may not read the results of this ad account",
                "Give its user the task \"View performance\" on the ad account in Business Settings, " + again
            )
        case (272, _):
            return Advice(
                "The user of the access token has no role on this ad account",
                "Assign the ad account to that person or system user in Business Settings, " + again
            )
        case (294, _) where named.isEmpty:
            named = ["ads_management"]
        default:
            break
        }
        let list = named.isEmpty ? "ads_read" : named.joined(separator: " and ")
        return Advice(
            "The access token lacks the permission \(list)",
            "Grant \(list) on this ad account in Business Settings and allow it when you connect the account, " + again
        )
    }

    // MARK: Limits, fields, the rest

    private static func onLimit(_ error: GraphError, _ quota: Quota) -> Advice {
        error.code == 368
            ? Advice(
                "Facebook has blocked the app or the user of the token for a while, for breaking its policies",
                "See https://www.facebook.com/accountquality. The next sync tries again."
            )
            : Advice("Facebook's rate limit for \(quota.words) is reached", "Syncing resumes automatically.")
    }

    private static func onFields(_ names: [String]) -> Advice {
        let refused =
            names.isEmpty
            ? "Facebook refuses a field"
            : "Facebook refuses \(names.joined(separator: ", ")), which AdMirror cannot do without"
        return Advice(refused, "Install a newer AdMirror, or set FACEBOOK_API_VERSION to a version that has the field.")
    }

    private static func onTheRest(_ error: GraphError) -> Advice {
        switch (error.kind, error.code) {
        case (.versionExpired, _):
            Advice(
                "Facebook no longer serves this version of the API",
                "Set FACEBOOK_API_VERSION to a version that Meta still serves."
            )
        case (.notFound, _):
            Advice(
                "Facebook does not show this ad account to the access token",
                "Check that the account still exists and is assigned to the token's user in Business Settings, or remove it "
                    + "with `admirror account remove`."
            )
        case (.objectUnreadable, _) where error.path?.hasSuffix("/ads") == true:
            Advice("Facebook cannot load the creative of an ad", "The next sync tries again.")
        case (.objectUnreadable, _):
            Advice("Facebook cannot load one of the requested objects", "The next sync tries again.")
        case (.endless, _):
            Advice("Facebook's response is unusable", "The next sync reads the list again.")
        case (.rejected, 3018):
            Advice(
                "Facebook no longer has results of these days",
                "Lower INSIGHTS_HISTORY_DAYS: Facebook keeps 37 months."
            )
        case (.transient, _) where error.status == 0:
            Advice(
                "Facebook cannot be reached",
                "Check the network, proxies and firewalls of this host, and https://metastatus.com."
            )
        case (.transient, 0) where error.status == 200:
            Advice("Facebook's response is unusable", "The next sync tries again.")
        case (.transient, 0) where (400..<500).contains(error.status):
            Advice(
                "A request was refused without a reason, by Facebook or by a server in between",
                "Syncs try again by themselves. If this stays, check the proxies and firewalls of this host."
            )
        case (.transient, _), (.tooMuchData, _), (.tooSlow, _), (.cursorInvalid, _):
            Advice("Facebook isn't responding", "The next sync tries again.")
        default:
            Advice(
                "Facebook refused a request",
                "The next sync tries again. If this stays, look up the code in Meta's error reference."
            )
        }
    }
}

extension GraphError {
    fileprivate var words: String { message.lowercased() }
}
