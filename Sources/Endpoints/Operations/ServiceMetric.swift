/// A metric with its name, by Prometheus' conventions (https://prometheus.io/docs/practices/naming/), and its meaning.
/// README's table has the same.
package struct ServiceMetric: Sendable {
    package enum Kind: String, Sendable {
        case counter
        case gauge
        /// A sum and a count.
        case summary
    }

    package let name: String
    package let kind: Kind
    package let help: String

    private init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = "admirror_" + name
        self.kind = kind
        self.help = help
    }

    static let databaseUp = ServiceMetric(
        "database_up",
        .gauge,
        "1 if the database responds with the schema of this program."
    )
    static let databaseSize = ServiceMetric("database_size_bytes", .gauge, "Size of the database on disk.")
    static let databaseConnections = ServiceMetric(
        "database_connections",
        .gauge,
        "All connections to the database."
    )
    static let responders = ServiceMetric("responders", .gauge, "Responder processes on this host.")
    static let cacheAnswers = ServiceMetric(
        "nginx_recent_answers",
        .gauge,
        "Responses of nginx in the last five minutes, or in the last 4 MiB of its log, by cache status."
    )
    static let accounts = ServiceMetric("ad_accounts", .gauge, "Ad accounts, by age of their data.")
    static let accountsFailed = ServiceMetric("ad_accounts_failed", .gauge, "Ad accounts whose last sync failed.")
    static let accountsHeld = ServiceMetric(
        "ad_accounts_held",
        .gauge,
        "Ad accounts that do not sync automatically, by reason."
    )
    static let oldestData = ServiceMetric(
        "oldest_data_age_seconds",
        .gauge,
        "Age of the data of the account that was synced longest ago."
    )
    static let syncRuns = ServiceMetric("sync_runs_total", .counter, "Finished syncs, by trigger and outcome.")
    static let syncDuration = ServiceMetric(
        "sync_run_duration_seconds",
        .summary,
        "Duration of syncs, by trigger and outcome."
    )
    static let syncUnfinished = ServiceMetric("sync_runs_unfinished", .gauge, "Unfinished syncs, by state.")
    static let apiCalls = ServiceMetric("facebook_calls_total", .counter, "Graph API calls of finished syncs.")
    static let retries = ServiceMetric("facebook_retries_total", .counter, "Calls repeated after an error.")
    static let waits = ServiceMetric("facebook_waits_total", .counter, "Calls delayed to stay clear of a limit.")
    static let waitSeconds = ServiceMetric("facebook_wait_seconds_total", .counter, "Total delay of these calls.")
    static let rowsChanged = ServiceMetric("sync_rows_changed_total", .counter, "Rows that syncs found changed.")
    static let creatives = ServiceMetric(
        "creatives",
        .gauge,
        "Creatives of ads, by what is left to be done about them."
    )
    static let picturesSize = ServiceMetric("pictures_bytes", .gauge, "Size of all stored pictures of ads.")
    static let damagedValues = ServiceMetric(
        "unreadable_values_total",
        .counter,
        "Values in Facebook's responses that were repaired, unknown, or in rows that were left out, by kind."
    )
    static let quotaUsed = ServiceMetric(
        "facebook_quota_used_ratio",
        .gauge,
        "Use of a quota by the ad account that uses most of it."
    )
    static let quotasHeld = ServiceMetric(
        "facebook_quota_holds",
        .gauge,
        "Ad accounts, or the app, at Facebook's rate limit."
    )
    static let tokensMissing = ServiceMetric("facebook_tokens_missing", .gauge, "Ad accounts without an access token.")
    static let tokenProblems = ServiceMetric(
        "facebook_token_problems",
        .gauge,
        "Ad accounts whose access token expires within 14 days, is refused, or lacks a permission."
    )
    static let tokenEnd = ServiceMetric(
        "facebook_token_remaining_seconds",
        .gauge,
        "Time until the first access token expires."
    )
    static let graphVersion = ServiceMetric(
        "graph_version_info",
        .gauge,
        "1 for the Graph API version in use, next to the configured one."
    )
    static let graphVersionEnd = ServiceMetric(
        "graph_version_remaining_seconds",
        .gauge,
        "Time until the Graph API version in use ends; missing if Meta has no date."
    )
    static let cronAge = ServiceMetric(
        "cron_last_call_age_seconds",
        .gauge,
        "Time since the last call of the cron URL or --due."
    )
    static let cronRefused = ServiceMetric(
        "cron_refused_calls_total",
        .counter,
        "Calls of the cron URL with a wrong or missing secret."
    )

    /// In the order of the output.
    package static let all = [
        databaseUp, databaseSize, databaseConnections, responders, cacheAnswers, accounts, accountsFailed, accountsHeld,
        oldestData, syncRuns, syncDuration, syncUnfinished, apiCalls, retries, waits, waitSeconds, rowsChanged,
        damagedValues, creatives, picturesSize,
        quotaUsed,
        quotasHeld, tokensMissing, tokenProblems, tokenEnd, graphVersion, graphVersionEnd, cronAge, cronRefused,
    ]
}
