internal import ASCII

/// The settings, read once from the environment and checked together.
package struct Settings: Sendable {
    /// libpq connection string or URI.
    package var databaseURL = ""
    /// Where reads go; the same as `databaseURL` unless a replica is named.
    package var databaseReadURL = ""
    package var facebookAppID: String?
    package var facebookAppSecret: String?
    /// `v23.0`
    package var facebookAPIVersion = ""
    /// Without a slash at its end.
    package var facebookGraphURL = ""
    /// Where Facebook's login dialog is, without a slash at its end.
    package var facebookDialogURL = ""
    /// Where browsers find us: `https://ads.example.com`.
    package var publicURL = ""
    /// `nil` closes the cron URL.
    package var cronSecret: String?
    /// 32 bytes.
    package var tokenEncryptionKey: [UInt8]?
    /// The one before, 32 bytes.
    package var tokenEncryptionOldKey: [UInt8]?
    /// Seconds after which data is stale.
    package var syncInterval = 0
    /// Seconds after which a sync lists all objects again.
    package var syncListing = 0
    /// How many days of per-ad results to keep in sync, today included.
    package var insightsHistory = 0
    package var reachCalls = 0
    /// Megabytes of pictures to keep for an account.
    package var picturesMB = 0
    /// Days for which changes of objects are kept.
    package var changesRetention = 0
    /// Days of results that are left when the operator prunes, today included.
    package var insightsRetention = 0
    /// The same for sync runs and for the audit log.
    package var syncRunsRetention = 0
    package var auditRetention = 0
    /// Sync children at once on one host.
    package var syncMaxChildren = 0
    /// Where sync children write their log; `nil` for where their parent writes its own.
    package var syncLog: String?
    /// nginx's, as far as they are known.
    package var nginxConfiguration = ""
    package var nginxAccessLog: String?
    /// Where nginx listens on this host for plain HTTP.
    package var port = 0
    /// The number of responders; `nil` for the starter's default.
    package var responders: Int?

    package var site = SiteSettings()

    /// Settings that a program requires.
    package enum Requirement: Sendable {
        case database
        case tokenEncryptionKey
    }

    /// - Parameters:
    ///   - environment: `X` or `X_FILE` for each setting `X`.
    ///   - requirements: settings that have no default but must be there.
    /// - Throws: all problems in one error.
    package init(environment: [String: String], requiring requirements: [Requirement]) throws(SettingsError) {
        var reader = SettingsReader(environment: environment)
        databaseURL = reader.text(.databaseURL) ?? ""
        databaseReadURL = reader.text(.databaseReadURL) ?? databaseURL
        facebookAppID = reader.text(.facebookAppID)
        facebookAppSecret = reader.text(.facebookAppSecret)
        facebookAPIVersion = reader.text(.facebookAPIVersion) ?? ""
        facebookGraphURL = reader.text(.facebookGraphURL) ?? ""
        facebookDialogURL =
            reader.text(.facebookDialogURL)
            ?? (facebookGraphURL == Setting.facebookGraphURL.standard ? "https://www.facebook.com" : facebookGraphURL)
        cronSecret = reader.text(.cronSecret)
        tokenEncryptionKey = reader.key(.tokenEncryptionKey)
        tokenEncryptionOldKey = reader.key(.tokenEncryptionOldKey)
        syncInterval = reader.number(.syncIntervalSeconds, in: 1...86_400)
        syncListing = reader.number(.syncListingSeconds, in: 60...604_800)
        // Facebook keeps 37 months; the tables show 30 days.
        insightsHistory = reader.number(.insightsHistoryDays, in: 30...1100)
        reachCalls = reader.number(.reachCallsPerDay, in: 0...1000)
        picturesMB = reader.number(.picturesMB, in: 0...100_000)
        changesRetention = reader.number(.changesRetentionDays, in: 1...3650)
        // From and to of a read may be that far apart.
        insightsRetention = reader.number(.insightsRetentionDays, in: insightsHistory...36_500)
        syncRunsRetention = reader.number(.syncRunsRetentionDays, in: 1...36_500)
        // The table protects rows that are younger.
        auditRetention = reader.number(.auditRetentionDays, in: 90...36_500)
        syncMaxChildren = reader.number(.syncMaxChildren, in: 1...64)
        syncLog = reader.text(.syncLog)
        site = SiteSettings(&reader)
        port = reader.number(.port, in: 1...65_535)
        publicURL = site.publicURL ?? "http://127.0.0.1:\(port)"
        responders = reader.optionalNumber(.responders, in: 1...256)
        nginxConfiguration = reader.text(.nginxConfiguration) ?? ""
        nginxAccessLog = reader.text(.nginxAccessLog)

        check(&reader)
        for requirement in requirements {
            switch requirement {
            case .database where databaseURL.isEmpty && !reader.isGiven(.databaseURL):
                reader.note("DATABASE_URL is not set: set it to a libpq connection string or URI")
            case .tokenEncryptionKey where tokenEncryptionKey == nil && !reader.isGiven(.tokenEncryptionKey):
                reader.note(
                    "TOKEN_ENCRYPTION_KEY is not set: set it to 64 hex digits, such as the output of `openssl rand -hex 32`"
                )
            default:
                break
            }
        }
        guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
    }

    private func check(_ reader: inout SettingsReader) {
        if let cronSecret, cronSecret.utf8.count < 32 {
            reader.note("CRON_SECRET is shorter than 32 characters: use the output of `openssl rand -hex 32`")
        }
        if let cronSecret,
            !cronSecret.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) || cronSecret.hasPrefix(" ")
                || cronSecret.hasSuffix(" ")
        {
            reader.note(
                "CRON_SECRET has characters that headers cannot contain: use ASCII letters, digits and punctuation, "
                    + "without a space at either end, such as the output of `openssl rand -hex 32`"
            )
        }
        if reader.isGiven(.facebookAppID) != reader.isGiven(.facebookAppSecret) {
            reader.note("FACEBOOK_APP_ID and FACEBOOK_APP_SECRET belong together: set both or neither")
        }
        if !isAPIVersion(facebookAPIVersion) {
            reader.note("FACEBOOK_API_VERSION is not of the form v23.0")
        }
        if let problem = BaseURL.problem(facebookGraphURL) {
            reader.note("FACEBOOK_GRAPH_URL \(problem)")
        }
        // The dialog gives codes to the address that is named to it.
        if let problem = BaseURL.problem(facebookDialogURL), facebookDialogURL != facebookGraphURL {
            reader.note("FACEBOOK_DIALOG_URL \(problem)")
        }
    }

    private func isAPIVersion(_ text: String) -> Bool {
        let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        return text.hasPrefix("v") && parts.count == 2
            && parts.allSatisfy { (1...3).contains($0.utf8.count) && $0.utf8.areDigits }
    }
}

/// Settings that no program can start with.
package struct SettingsError: Error, CustomStringConvertible {
    package let problems: [String]

    package var description: String {
        (["bad settings:"] + problems.map { "  \($0)" }).joined(separator: "\n")
    }
}
