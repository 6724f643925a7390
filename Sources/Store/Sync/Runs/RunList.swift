package import Model
internal import Postgres

extension Store {
    /// Seconds since a run began; `nil` when it has not, or is not there.
    package func secondsSinceStart(of run: SyncRun.ID) throws -> Double? {
        try connection.firstRow(
            "SELECT extract(epoch FROM now() - started_at) FROM sync_runs WHERE id = \(run)::uuid"
        ) { $0.optionalDouble(0) } ?? nil
    }

    /// The last runs of an account, newest first, including a running one.
    package func syncRuns(of account: AdAccount.ID, limit: Int) throws -> [SyncStatus.Run] {
        try connection.rows(
            """
            SELECT id, trigger, requested_at, started_at, finished_at, outcome, error, phase, phase_done, phase_total, percent,
                   \(raw: RunSummaryColumns.run.names)
            FROM sync_runs WHERE ad_account_id = \(account)::uuid ORDER BY requested_at DESC LIMIT \(limit)::int
            """
        ) { row in
            SyncStatus.Run(
                id: try row.text(0),
                trigger: try row.text(1),
                requestedAt: row.optionalTimestamp(2),
                startedAt: row.optionalTimestamp(3),
                finishedAt: row.optionalTimestamp(4),
                outcome: row.optionalText(5),
                error: row.optionalText(6),
                phase: row.optionalText(7),
                phaseDone: row.optionalInteger(8) ?? 0,
                phaseTotal: row.optionalInteger(9) ?? 0,
                percent: row.optionalInteger(10) ?? 0,
                summary: try RunSummaryColumns.run.decode(row, from: 11)
            )
        }
    }
}
