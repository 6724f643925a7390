/// One setting: its name, meaning and default. README's table has the same.
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

    package static let port = Setting("PORT", "port on 127.0.0.1 where nginx listens for plain HTTP", standard: "8080")
    package static let databaseURL = Setting("DATABASE_URL", "libpq connection string or URI; several hosts allowed")
    package static let databaseReadURL = Setting(
        "DATABASE_READ_URL",
        "database for the rows of reads, such as a replica"
    )
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
        "base URL of Facebook's login dialog; https://www.facebook.com, or FACEBOOK_GRAPH_URL if that is not Facebook's"
    )
    package static let publicURL = Setting(
        "PUBLIC_URL",
        "address of AdMirror for browsers: the target of Facebook's login dialog, and with https: of redirects from plain HTTP"
    )
    package static let cronSecret = Setting(
        "CRON_SECRET",
        "secret of the cron URL, at least 32 characters; without it the cron URL is closed",
        isSecret: true
    )
    package static let tokenEncryptionKey = Setting(
        "TOKEN_ENCRYPTION_KEY",
        "32 bytes as 64 hex digits; encrypts Facebook tokens at rest",
        isSecret: true
    )
    package static let tokenEncryptionOldKey = Setting(
        "TOKEN_ENCRYPTION_OLD_KEY",
        "previous key, until `admirror account rotate-keys` has replaced it",
        isSecret: true
    )
    package static let syncIntervalSeconds = Setting(
        "SYNC_INTERVAL_SECONDS",
        "age after which data is stale",
        standard: "600"
    )
    package static let syncMaxChildren = Setting(
        "SYNC_MAX_CHILDREN",
        "concurrent sync children per host",
        standard: "4"
    )
    package static let syncListingSeconds = Setting(
        "SYNC_LISTING_SECONDS",
        "age after which a sync lists all objects, not only updated ones",
        standard: "21600"
    )
    package static let insightsHistoryDays = Setting(
        "INSIGHTS_HISTORY_DAYS",
        "how many days of per-ad results to keep in sync, today included",
        standard: "90"
    )
    package static let reachCallsPerDay = Setting(
        "REACH_CALLS_PER_DAY",
        "most calls a day and account for reach, frequency and unique clicks of periods; 0 for none",
        standard: "60"
    )
    package static let picturesMB = Setting(
        "PICTURES_MB",
        "megabytes of pictures of ads to keep for each account; 0 for none",
        standard: "200"
    )
    package static let changesRetentionDays = Setting(
        "CHANGES_RETENTION_DAYS",
        "days to keep changes of names, statuses, budgets, bids and schedules",
        standard: "90"
    )
    package static let auditRetentionDays = Setting(
        "AUDIT_RETENTION_DAYS",
        "days of the audit log that `admirror prune` keeps; at least 90",
        standard: "400"
    )
    package static let insightsRetentionDays = Setting(
        "INSIGHTS_RETENTION_DAYS",
        "days of results that `admirror prune` keeps, today included; at least INSIGHTS_HISTORY_DAYS",
        standard: "1150"
    )
    package static let syncRunsRetentionDays = Setting(
        "SYNC_RUNS_RETENTION_DAYS",
        "days of sync runs that `admirror prune` keeps",
        standard: "90"
    )
    package static let nginxConfiguration = Setting(
        "NGINX_CONFIGURATION",
        "nginx's configuration file, which `admirror doctor` checks",
        standard: "/etc/nginx/nginx.conf"
    )
    package static let nginxAccessLog = Setting(
        "NGINX_ACCESS_LOG",
        "nginx's access log, from which /metrics counts cache hits"
    )
    package static let trustedProxies = Setting(
        "TRUSTED_PROXIES",
        "addresses or networks of proxies in front, comma-separated"
    )
    package static let trustedUserHeader = Setting(
        "TRUSTED_USER_HEADER",
        "header with the user that a trusted proxy signed in"
    )
    package static let clientConcurrency = Setting(
        "CLIENT_CONCURRENCY",
        "concurrent requests per client address (per /64 in IPv6); more get 429",
        standard: "100"
    )
    package static let allowedOrigins = Setting(
        "ALLOWED_ORIGINS",
        "origins of other sites whose pages may call the API with a token, comma-separated"
    )
    package static let clientCacheControl = Setting(
        "CLIENT_CACHE_CONTROL",
        "Cache-Control of cached responses for clients: the default, or no-cache so that they revalidate each time",
        standard: "public, s-maxage=300, stale-while-revalidate=600"
    )
    package static let tlsCertificate = Setting("TLS_CERTIFICATE", "PEM file of the certificate; nginx then serves TLS")
    package static let tlsCertificateKey = Setting("TLS_CERTIFICATE_KEY", "PEM file of the certificate's key")
    package static let httpsPort = Setting("HTTPS_PORT", "port on which nginx listens for TLS")
    package static let httpsAddresses = Setting(
        "HTTPS_ADDRESSES",
        "addresses for TLS, comma-separated",
        standard: "127.0.0.1"
    )
    package static let responders = Setting("RESPONDERS", "responder processes; by default 2 × cores, at least 4")
    package static let syncLog = Setting("SYNC_LOG", "file to which sync children append their log")

    package static let all: [Setting] = [
        .port, .databaseURL, .databaseReadURL, .facebookAppID, .facebookAppSecret, .facebookAPIVersion,
        .facebookGraphURL, .facebookDialogURL, .publicURL, .cronSecret, .tokenEncryptionKey, .tokenEncryptionOldKey,
        .syncIntervalSeconds,
        .syncListingSeconds,
        .insightsHistoryDays, .reachCallsPerDay, .picturesMB, .insightsRetentionDays, .changesRetentionDays,
        .syncRunsRetentionDays,
        .auditRetentionDays,
        .syncMaxChildren, .responders, .syncLog, .nginxConfiguration, .nginxAccessLog, .trustedProxies,
        .trustedUserHeader, .clientConcurrency, .allowedOrigins, .clientCacheControl, .tlsCertificate,
        .tlsCertificateKey, .httpsPort,
        .httpsAddresses,
    ]

    /// The part of a value that may be shown: nothing of a secret, and no password of a connection string.
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
