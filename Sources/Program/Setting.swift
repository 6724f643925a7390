/// One setting: its name, what it means, and what holds when nobody sets it. README's table says the same.
package struct Setting: Sendable {
    package let name: String
    package let meaning: String
    package let standard: String?
    package let isSecret: Bool

    private init(_ name: String, _ meaning: String, standard: String? = nil, isSecret: Bool = false) {
        self.name = name
        self.meaning = meaning
        self.standard = standard
        self.isSecret = isSecret
    }

    package static let port = Setting("PORT", "where nginx listens for plain HTTP, on 127.0.0.1", standard: "8080")
    package static let databaseURL = Setting("DATABASE_URL", "libpq connection string or URI; several hosts allowed")
    package static let databaseReadURL = Setting("DATABASE_READ_URL", "where reads go, such as a replica")
    package static let facebookAppID = Setting("FACEBOOK_APP_ID", "the Facebook app")
    package static let facebookAppSecret = Setting(
        "FACEBOOK_APP_SECRET",
        "signs every call to the Graph API (appsecret_proof)",
        isSecret: true
    )
    package static let facebookAPIVersion = Setting("FACEBOOK_API_VERSION", "Graph API version", standard: "v23.0")
    package static let facebookGraphURL = Setting(
        "FACEBOOK_GRAPH_URL",
        "base URL of the Graph API; plain http only for a loopback address",
        standard: "https://graph.facebook.com"
    )
    package static let facebookDialogURL = Setting(
        "FACEBOOK_DIALOG_URL",
        "where Facebook's login dialog is; https://www.facebook.com, or FACEBOOK_GRAPH_URL if that is another"
    )
    package static let publicURL = Setting(
        "PUBLIC_URL",
        "where browsers find AdMirror: Facebook's login dialog sends them back to it, and with https: plain HTTP does, too"
    )
    package static let cronSecret = Setting(
        "CRON_SECRET",
        "secret of the cron URL, 32 characters or more; without one the cron URL is closed",
        isSecret: true
    )
    package static let tokenEncryptionKey = Setting(
        "TOKEN_ENCRYPTION_KEY",
        "32 bytes as 64 hex digits; encrypts Facebook tokens at rest",
        isSecret: true
    )
    package static let tokenEncryptionOldKey = Setting(
        "TOKEN_ENCRYPTION_OLD_KEY",
        "the key before, while `admirror account rotate-keys` has not yet replaced it",
        isSecret: true
    )
    package static let syncIntervalSeconds = Setting(
        "SYNC_INTERVAL_SECONDS",
        "age after which data is stale",
        standard: "600"
    )
    package static let syncMaxChildren = Setting(
        "SYNC_MAX_CHILDREN",
        "sync children at once on one host",
        standard: "4"
    )
    package static let syncListingSeconds = Setting(
        "SYNC_LISTING_SECONDS",
        "age after which a sync lists all objects again, and not only those that were updated",
        standard: "21600"
    )
    package static let insightsHistoryDays = Setting(
        "INSIGHTS_HISTORY_DAYS",
        "days of which the results of each ad are kept up, today included",
        standard: "90"
    )
    package static let changesRetentionDays = Setting(
        "CHANGES_RETENTION_DAYS",
        "days for which changes of names, statuses, budgets, bids and schedules are kept",
        standard: "90"
    )
    package static let auditRetentionDays = Setting(
        "AUDIT_RETENTION_DAYS",
        "days for which `admirror prune` leaves what is known of who did what, 90 or more",
        standard: "400"
    )
    package static let insightsRetentionDays = Setting(
        "INSIGHTS_RETENTION_DAYS",
        "days of results that `admirror prune` leaves, today included; at least INSIGHTS_HISTORY_DAYS",
        standard: "1150"
    )
    package static let syncRunsRetentionDays = Setting(
        "SYNC_RUNS_RETENTION_DAYS",
        "days for which `admirror prune` leaves what is known of each sync",
        standard: "90"
    )
    package static let nginxConfiguration = Setting(
        "NGINX_CONFIGURATION",
        "nginx's configuration file, which `admirror doctor` looks into",
        standard: "/etc/nginx/nginx.conf"
    )
    package static let nginxAccessLog = Setting(
        "NGINX_ACCESS_LOG",
        "nginx's access log, from whose end /metrics tells how many answers came from the cache"
    )
    package static let trustedProxies = Setting(
        "TRUSTED_PROXIES",
        "networks, with commas, of proxies whose word on the client's address and on TLS is taken"
    )
    package static let trustedUserHeader = Setting(
        "TRUSTED_USER_HEADER",
        "header in which these proxies name the person whom they have signed in"
    )
    package static let clientConcurrency = Setting(
        "CLIENT_CONCURRENCY",
        "requests that one client address, or IPv6 /64, may have in progress at once; more get 429",
        standard: "100"
    )
    package static let allowedOrigins = Setting(
        "ALLOWED_ORIGINS",
        "other sites, with commas, whose pages may read the API with a token"
    )
    package static let clientCacheControl = Setting(
        "CLIENT_CACHE_CONTROL",
        "Cache-Control of cached answers for clients: the default, or no-cache to have them ask each time",
        standard: "public, s-maxage=300, stale-while-revalidate=600"
    )
    package static let tlsCertificate = Setting("TLS_CERTIFICATE", "PEM file; with it nginx speaks TLS")
    package static let tlsCertificateKey = Setting("TLS_CERTIFICATE_KEY", "PEM file of the certificate's key")
    package static let httpsPort = Setting("HTTPS_PORT", "port on which nginx listens for TLS")
    package static let httpsAddresses = Setting(
        "HTTPS_ADDRESSES",
        "addresses, with commas, on which nginx listens for TLS",
        standard: "127.0.0.1"
    )
    package static let responders = Setting("RESPONDERS", "responder processes; 2 × cores, at least 4, unless set")
    package static let syncLog = Setting("SYNC_LOG", "file to which sync children append their log")

    package static let all: [Setting] = [
        .port, .databaseURL, .databaseReadURL, .facebookAppID, .facebookAppSecret, .facebookAPIVersion,
        .facebookGraphURL, .facebookDialogURL, .publicURL, .cronSecret, .tokenEncryptionKey, .tokenEncryptionOldKey,
        .syncIntervalSeconds,
        .syncListingSeconds,
        .insightsHistoryDays, .insightsRetentionDays, .changesRetentionDays, .syncRunsRetentionDays,
        .auditRetentionDays,
        .syncMaxChildren, .responders, .syncLog, .nginxConfiguration, .nginxAccessLog, .trustedProxies,
        .trustedUserHeader, .clientConcurrency, .allowedOrigins, .clientCacheControl, .tlsCertificate,
        .tlsCertificateKey, .httpsPort,
        .httpsAddresses,
    ]

    /// What may be shown of a value: nothing of a secret, and of a connection string not its password.
    package func shown(_ value: String) -> String {
        if isSecret { return "(set, not shown)" }
        guard name.hasSuffix("_URL") else { return value }
        return
            value
            .replacing(#/(?<scheme>[a-z]+://[^:/@]*):[^@/]*@/#) { "\($0.output.scheme):***@" }
            .replacing(passwordWord(value), with: "password=***")
    }

    /// `password=…` of a URI ends at the next parameter; of a connection string at a blank that has no backslash before it.
    private func passwordWord(_ value: String) -> Regex<AnyRegexOutput> {
        value.contains("://")
            ? Regex(#/password\s*=\s*[^\s&]+/#.ignoresCase())
            : Regex(#/password\s*=\s*('(\\.|[^'])*'|(\\.|[^\s\\])+)/#.ignoresCase())
    }
}
