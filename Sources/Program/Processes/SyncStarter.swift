package import Model

/// Starts `admirror-sync` in the background: for responders, for the command line, and for a sync child that needs
/// others.
package struct SyncStarter {
    private let settings: Settings
    private let environment: [String: String]
    private let inheritsErrorOutput: Bool

    /// - Parameter inheritsErrorOutput: Whether children may write to this process's standard error if no `SYNC_LOG` is
    ///   set. A plain CGI program's standard error may be a pipe that its server reads to the end, and the child would
    ///   keep it open.
    package init(_ settings: Settings, environment: [String: String], inheritsErrorOutput: Bool) {
        self.settings = settings
        self.environment = environment
        self.inheritsErrorOutput = inheritsErrorOutput
    }

    /// Starts a child, or one for each waiting run, but at most `SYNC_MAX_CHILDREN`.
    package func start(_ target: SyncTarget) throws {
        switch target {
        case .account(let account):
            try start(["--account", account.rawValue])
        case .connection(let id):
            try start(["--connection", id])
        case .waitingRuns(let count):
            for _ in 0..<min(count, settings.syncMaxChildren) { try start(["--waiting"]) }
        }
    }

    /// - Parameter arguments: Never a secret.
    private func start(_ arguments: [String]) throws {
        try DetachedProcess(
            program: "admirror-sync",
            arguments: arguments + ["--detached"],
            environment: Self.neededEnvironment(environment, request: RequestID.current),
            errorLog: settings.syncLog ?? (inheritsErrorOutput ? nil : "/dev/null")
        ).start()
    }

    /// What a sync needs, and nothing more: not the cron secret, and not a CGI program's request.
    /// - Parameter request: The request that starts it.
    static func neededEnvironment(_ environment: [String: String], request: String) -> [String: String] {
        let settings: [Setting] = [
            .databaseURL, .facebookAppID, .facebookAppSecret, .facebookAPIVersion, .facebookGraphURL,
            .tokenEncryptionKey, .tokenEncryptionOldKey, .syncIntervalSeconds, .syncListingSeconds,
            .insightsHistoryDays, .reachCallsPerDay, .picturesMB, .changesRetentionDays,
            .syncMaxChildren, .syncLog,
        ]
        let names = Set(
            settings.flatMap { [$0.name, "\($0.name)_FILE"] }
                + ["PATH", "HOME", "LANG", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR"]
                // libcurl's proxy variables.
                + ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
                + ["ADMIRROR_STATE_DIR"]
        )
        // PG…: what libpq reads besides the URL, such as PGPASSFILE and PGSSLROOTCERT.
        var needed = environment.filter { names.contains($0.key) || $0.key.hasPrefix("PG") }
        if !request.isEmpty { needed[RequestID.variable] = request }
        return needed
    }
}
