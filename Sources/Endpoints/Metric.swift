/// One metric: its name, by Prometheus' conventions (https://prometheus.io/docs/practices/naming/), and what it tells. README's
/// table has the same.
package struct Metric: Sendable {
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

    static let databaseUp = Metric(
        "database_up",
        .gauge,
        "Whether the database answers, with the schema of this program."
    )
    static let databaseSize = Metric("database_size_bytes", .gauge, "Size of the database on disk.")
    static let databaseConnections = Metric(
        "database_connections",
        .gauge,
        "Connections to the database, of everybody."
    )
    static let responders = Metric("responders", .gauge, "Responder processes on this host.")
    static let cacheAnswers = Metric(
        "nginx_recent_answers",
        .gauge,
        "Answers of nginx in the last five minutes, or in the last 4 MiB of its log, by cache status."
    )
    static let accounts = Metric("ad_accounts", .gauge, "Ad accounts, by how old their data is.")
    static let accountsFailed = Metric("ad_accounts_failed", .gauge, "Ad accounts whose last sync failed.")
    static let accountsHeld = Metric("ad_accounts_held", .gauge, "Ad accounts that nothing syncs by itself, by reason.")
    static let oldestData = Metric(
        "oldest_data_age_seconds",
        .gauge,
        "Time since the last sync of the ad account that has gone longest without one."
    )
    static let syncRuns = Metric("sync_runs_total", .counter, "Syncs that have ended, by trigger and outcome.")
    static let syncDuration = Metric(
        "sync_run_duration_seconds",
        .summary,
        "How long syncs took from start to end, by trigger and outcome."
    )
    static let syncUnfinished = Metric("sync_runs_unfinished", .gauge, "Syncs that have not ended, by state.")
    static let apiCalls = Metric("facebook_calls_total", .counter, "Calls of the Graph API by syncs that have ended.")
    static let retries = Metric("facebook_retries_total", .counter, "Calls that were made again after an error.")
    static let waits = Metric("facebook_waits_total", .counter, "Calls that were put off to stay clear of a limit.")
    static let waitSeconds = Metric("facebook_wait_seconds_total", .counter, "Time by which they were put off.")
    static let rowsChanged = Metric("sync_rows_changed_total", .counter, "Rows that syncs found changed.")
    static let damagedValues = Metric(
        "unreadable_values_total",
        .counter,
        "Values in Facebook's answers that were repaired, unknown, or in rows that were left out, by kind."
    )
    static let quotaUsed = Metric(
        "facebook_quota_used_ratio",
        .gauge,
        "How much of a quota is used by the ad account that uses most of it."
    )
    static let quotasHeld = Metric("facebook_quota_holds", .gauge, "Ad accounts, or the app, that Facebook holds off.")
    static let tokensMissing = Metric("facebook_tokens_missing", .gauge, "Ad accounts without an access token.")
    static let tokenProblems = Metric(
        "facebook_token_problems",
        .gauge,
        "Ad accounts whose access token ends within 14 days, is refused, or lacks a permission."
    )
    static let tokenEnd = Metric("facebook_token_remaining_seconds", .gauge, "Time until the first access token ends.")
    static let graphVersion = Metric(
        "graph_version_info",
        .gauge,
        "1 for the version of the Graph API that is called, beside the configured one."
    )
    static let graphVersionEnd = Metric(
        "graph_version_remaining_seconds",
        .gauge,
        "Time until the version of the Graph API that is called ends; missing while Meta has given no date."
    )
    static let cronAge = Metric(
        "cron_last_call_age_seconds",
        .gauge,
        "Time since the cron URL, or --due on a host, last asked for what is due."
    )
    static let cronRefused = Metric(
        "cron_refused_calls_total",
        .counter,
        "Calls of the cron URL whose secret was wrong or missing."
    )

    /// In the order in which they are told.
    package static let all = [
        databaseUp, databaseSize, databaseConnections, responders, cacheAnswers, accounts, accountsFailed, accountsHeld,
        oldestData, syncRuns, syncDuration, syncUnfinished, apiCalls, retries, waits, waitSeconds, rowsChanged,
        damagedValues,
        quotaUsed,
        quotasHeld, tokensMissing, tokenProblems, tokenEnd, graphVersion, graphVersionEnd, cronAge, cronRefused,
    ]
}
