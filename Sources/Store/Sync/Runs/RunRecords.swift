package import Model
internal import Postgres

// What a process records about its work.

extension Store {
    /// Records how far the work is, and that its process lives.
    /// - Parameter progressed: something came from Facebook.
    package func note(
        _ progress: SyncProgress,
        _ summary: RunSummary,
        of work: ClaimedRun,
        progressed: Bool
    ) throws {
        if work.isHistory {
            try recordHistory(work, progressed: progressed)
        } else {
            try note(progress, summary, of: work.id)
        }
    }

    /// Records how far a run is, and that its process lives.
    package func note(_ progress: SyncProgress, _ summary: RunSummary, of run: SyncRun.ID) throws {
        var values = Values()
        let sql = """
            UPDATE sync_runs SET heartbeat_at = now(), phase = \(values.add(progress.phase.rawValue, "text")),
                phase_done = \(values.add(progress.done, "int")),
                phase_total = \(values.add(min(progress.total, Int(Int32.max)), "int")),
                percent = \(values.add(progress.percent, "int")),
                \(try RunSummaryColumns.assignments(summary, &values))
            WHERE id = \(values.add(run, "uuid"))
            """
        try connection.execute(Query(raw: sql, values.all))
    }

    /// Records that a run has done all that it could.
    /// - Parameter error: Why some parts could not be read. The run then counts as failed, but the account does not
    ///   pause: the other parts are stored.
    package func finish(_ run: ClaimedRun, error: String? = nil, _ summary: RunSummary) throws {
        let outcome: SyncRun.Outcome = error == nil ? .done : .failed
        try connection.transaction {
            try note(SyncProgress(phase: .saving, percent: 100), summary, of: run.id)
            try connection.execute(
                """
                UPDATE sync_runs SET finished_at = now(), outcome = \(outcome.rawValue), error = \(error)
                WHERE id = \(run.id)::uuid AND finished_at IS NULL
                """
            )
        }
    }

    /// Puts the account on hold without an error, because its data is complete.
    package func hold(_ hold: Hold, _ account: AdAccount.ID) throws {
        try connection.execute(
            """
            UPDATE ad_accounts SET held_reason = \(hold.reason.rawValue),
                held_until = now() + \("\(hold.secondsLeft)")::float8 * interval '1 second'
            WHERE id = \(account)::uuid
            """
        )
    }

    /// Records what went wrong, on the run and on the account, which then rests for a while.
    /// - Parameters:
    ///   - error: for people; without secrets.
    ///   - hold: what Facebook wants; without one, the pause doubles with each failure, from a minute to an hour.
    package func fail(_ run: ClaimedRun, error: String, hold: Hold?, _ summary: RunSummary) throws {
        try connection.transaction {
            try lockRow(of: run.account.id)
            guard try end(run, .failed, error, summary) else { return }
            let seconds = (hold?.secondsLeft).map { $0.isFinite ? "\($0)" : "Infinity" }
            try connection.execute(
                """
                UPDATE ad_accounts SET sync_status = 'error', sync_error = \(error), failures = failures + 1,
                    held_reason = \((hold?.reason ?? .retryLater).rawValue),
                    held_until = CASE
                        WHEN \(seconds) = 'Infinity' THEN 'infinity'
                        ELSE now() + coalesce(\(seconds)::float8, least(60 * 2 ^ least(failures, 10), 3600))
                            * interval '1 second' END
                WHERE id = \(run.account.id)::uuid
                """
            )
        }
    }

    /// Records that a run received a request to stop. The account keeps its data, and its pause does not grow.
    package func interrupt(_ run: ClaimedRun, _ summary: RunSummary) throws {
        try connection.transaction {
            try lockRow(of: run.account.id)
            guard try end(run, .interrupted, "the sync received a request to stop", summary) else { return }
            try connection.execute(
                """
                UPDATE ad_accounts SET sync_status = CASE WHEN sync_error IS NULL THEN 'idle' ELSE 'error' END
                WHERE id = \(run.account.id)::uuid
                """
            )
        }
    }

    /// - Returns: `false` when another process has closed the run.
    private func end(
        _ run: ClaimedRun,
        _ outcome: SyncRun.Outcome,
        _ error: String,
        _ summary: RunSummary
    ) throws -> Bool {
        var values = Values()
        let sql = """
            UPDATE sync_runs SET finished_at = now(), outcome = \(values.add(outcome.rawValue, "text")),
                error = \(values.add(error, "text")), \(try RunSummaryColumns.assignments(summary, &values))
            WHERE id = \(values.add(run.id, "uuid")) AND finished_at IS NULL
            """
        return try connection.execute(Query(raw: sql, values.all)) == 1
    }

    /// Writes down which app's quota the account's calls count against.
    package func noteApp(_ app: String, of account: AdAccount.ID) throws {
        try connection.execute(
            """
            UPDATE ad_accounts SET facebook_app_id = \(app)
            WHERE id = \(account)::uuid AND facebook_app_id <> \(app)
            """
        )
    }
}
