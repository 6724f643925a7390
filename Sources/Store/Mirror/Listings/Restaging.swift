package import Model
internal import Postgres

extension Store {
    /// Stages objects that were read again, replacing the staged ones.
    package func restage(_ objects: [MirroredObject], of level: Level, _ account: AdAccount.ID) throws {
        let rows = StagedRows.objects(level, objects)
        try connection.transaction {
            try connection.execute("SET LOCAL synchronous_commit = off")
            try unstage(objects.map(\.id), of: level, account)
            try stageGaps(rows.gaps, .objects(level), account)
            try copy(rows, account)
        }
    }

    /// Removes staged rows: of two readings of an object the later one counts.
    func unstage(_ ids: [String], of level: Level, _ account: AdAccount.ID) throws {
        try connection.execute(
            """
            DELETE FROM staged_gaps WHERE ad_account_id = \(account)::uuid AND list = \(SyncList.objects(level).rawValue)
                AND id = ANY (\(TextArray(ids))::text[])
            """
        )
        try connection.execute(
            """
            DELETE FROM \(raw: Mirror.of(level).staging)
            WHERE ad_account_id = \(account)::uuid AND id = ANY (\(TextArray(ids))::text[])
            """
        )
    }
}
