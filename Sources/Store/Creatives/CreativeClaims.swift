package import Model
internal import Postgres

// Creatives and their pictures are read after a run, like history: one account at a time, under the account's lock.

extension Store {
    /// Claims an account whose creatives are to be read, or pictures stored, now. The account has no waiting run and no hold.
    /// - Returns: `nil` if there is none, or other children have all of them.
    package func claimCreatives(of account: AdAccount.ID? = nil) throws -> ClaimedRun? {
        let candidates: Query = """
            SELECT \(raw: Self.candidateColumns)
            FROM ad_accounts a JOIN history_backlogs b ON b.ad_account_id = a.id
            LEFT JOIN creative_queues q ON q.ad_account_id = a.id \(raw: SyncStateColumns.join)
            WHERE r.id IS NULL AND (\(raw: SyncStateColumns.heldReason)) IS NULL
              AND (\(account)::uuid IS NULL OR a.id = \(account)::uuid)
              AND (q.ads_version IS DISTINCT FROM a.creatives_version
                   OR EXISTS (SELECT FROM ad_creatives k WHERE k.ad_account_id = a.id AND k.due_at <= now()))
            ORDER BY q.served_at NULLS FIRST
            LIMIT \(raw: Self.mostCandidates)
            """
        return try claimAccount(among: candidates, begin: beginCreatives)
    }

    /// The claim is in the row of the account's history, because only one of the two is read at a time.
    private func beginCreatives(of account: AdAccount.ID) throws -> String? {
        try connection.firstRow(
            """
            UPDATE history_backlogs SET claim = gen_random_uuid(), heartbeat_at = now()
            WHERE ad_account_id = \(account)::uuid AND NOT EXISTS (
                SELECT FROM sync_runs WHERE ad_account_id = \(account)::uuid AND finished_at IS NULL
                    AND started_at IS NOT NULL)
            RETURNING claim
            """
        ) { try $0.text(0) }
    }

    /// Gives an account back after work on its creatives, and counts the calls.
    package func leaveCreatives(_ work: ClaimedRun, _ summary: RunSummary) throws {
        try connection.transaction {
            try countHistory(work, summary)
            try connection.execute(
                """
                UPDATE history_backlogs SET claim = NULL WHERE ad_account_id = \(work.account.id)::uuid
                  AND claim = \(work.id)::uuid
                """
            )
            try connection.execute(
                "UPDATE creative_queues SET served_at = now() WHERE ad_account_id = \(work.account.id)::uuid"
            )
        }
    }

    /// Puts new creatives of the account's ads into its queue.
    /// - Returns: Whether ads had changed.
    package func queueCreatives(of account: AdAccount.ID) throws -> Bool {
        try connection.transaction {
            let isKnown = try connection.firstRow(
                """
                SELECT q.ads_version IS NOT DISTINCT FROM a.creatives_version FROM ad_accounts a
                LEFT JOIN creative_queues q ON q.ad_account_id = a.id WHERE a.id = \(account)::uuid
                """
            ) { try $0.boolean(0) }
            guard isKnown == false else { return false }
            try joinBySets()
            try connection.execute(
                """
                INSERT INTO ad_creatives (ad_account_id, facebook_creative_id)
                SELECT DISTINCT t.ad_account_id, t.facebook_creative_id FROM creatives t
                WHERE t.ad_account_id = \(account)::uuid AND t.facebook_creative_id IS NOT NULL AND t.gone_at IS NULL
                  AND NOT EXISTS (SELECT FROM ad_creatives k WHERE k.ad_account_id = \(account)::uuid
                                  AND k.facebook_creative_id = t.facebook_creative_id)
                ON CONFLICT DO NOTHING
                """
            )
            try noteQueued(account)
            return true
        }
    }

    private func noteQueued(_ account: AdAccount.ID) throws {
        try connection.execute(
            """
            INSERT INTO creative_queues (ad_account_id, ads_version)
            SELECT id, creatives_version FROM ad_accounts WHERE id = \(account)::uuid
            ON CONFLICT (ad_account_id) DO UPDATE SET ads_version = excluded.ads_version
            """
        )
    }

    /// Answers about ads have more to show now. What the queue knows of the ads stays true.
    func raiseCreatives(_ account: AdAccount.ID) throws {
        try connection.execute(
            """
            WITH before AS (
                SELECT a.id, q.ads_version = a.creatives_version AS is_known FROM ad_accounts a
                LEFT JOIN creative_queues q ON q.ad_account_id = a.id WHERE a.id = \(account)::uuid
            ), raised AS (
                UPDATE ad_accounts a SET creatives_version = \(raw: DataVersion.raised("creatives_version"))
                FROM before WHERE a.id = before.id RETURNING a.creatives_version, before.is_known
            )
            UPDATE creative_queues q SET ads_version = raised.creatives_version FROM raised
            WHERE q.ad_account_id = \(account)::uuid AND raised.is_known
            """
        )
    }
}
