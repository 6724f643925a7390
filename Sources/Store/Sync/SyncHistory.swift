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
                   campaigns, ad_sets, ads, insights, api_calls, rows_changed, rows_gone, retries, waits,
                   array_to_string(warnings, E'\n'), repaired_texts, unknown_fields, left_out_rows
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
                campaigns: try row.integer(11),
                adSets: try row.integer(12),
                ads: try row.integer(13),
                insights: try row.integer(14),
                apiCalls: try row.integer(15),
                rowsChanged: try row.integer(16),
                rowsGone: try row.integer(17),
                retries: try row.integer(18),
                waits: try row.integer(19),
                defects: DefectCounts(
                    repaired: try row.integer(21),
                    unknown: try row.integer(22),
                    leftOut: try row.integer(23)
                ),
                warnings: try row.text(20).split(separator: "\n").map(String.init)
            )
        }
    }
}
