package import Model
internal import Postgres

// What runs leave for later ones.

extension Store {
    package func syncMemory(of account: AdAccount.ID) throws -> SyncMemory {
        var memory = SyncMemory()
        try connection.forEachRow(
            """
            SELECT extract(epoch FROM now() - checked_at), damaged_readings > 0 AND damaged_readings < \(
                SyncMemory.mostDamagedReadings)::int
            FROM ad_accounts WHERE id = \(account)::uuid
            """
        ) { row in
            memory.accountAge = row.optionalDouble(0)
            memory.isAccountDamaged = try row.boolean(1)
        }
        memory.lists = try listMemories(of: account)
        try readDamage(of: account, into: &memory)
        try readStagedLists(of: account, into: &memory)
        try connection.forEachRow(
            """
            SELECT day, basis, extract(epoch FROM now() - read_at), coalesce(state = 'complete', false), attempts,
                   CASE WHEN error IS NOT NULL THEN extract(epoch FROM now() - tried_at) END, is_damaged
            FROM insights_days WHERE ad_account_id = \(account)::uuid
            """
        ) { row in
            guard let day = Day(try row.text(0)) else { return }
            memory.days[day] = DayRecord(
                basis: row.optionalText(1),
                age: row.optionalDouble(2),
                isComplete: try row.boolean(3),
                attempts: try row.integer(4),
                failureAge: row.optionalDouble(5),
                isDamaged: try row.boolean(6)
            )
        }
        return memory
    }

    /// What is remembered about each list; objects that came damaged are not among it.
    package func listMemories(of account: AdAccount.ID) throws -> [SyncList: SyncMemory.List] {
        var lists: [SyncList: SyncMemory.List] = [:]
        try connection.forEachRow(
            """
            SELECT list, extract(epoch FROM watermark)::bigint, extract(epoch FROM now() - listed_at),
                   is_listing_wanted, page_size, array_to_string(refused_fields, ','),
                   extract(epoch FROM now() - adapted_at), doubtful_readings,
                   failures, extract(epoch FROM now() - failed_at),
                   since, until, basis, attempts, extract(epoch FROM now() - synced_at), is_damaged,
                   doubt IS NOT NULL
            FROM sync_lists WHERE ad_account_id = \(account)::uuid
            """
        ) { row in
            guard let name = SyncList(rawValue: try row.text(0)) else { return }
            var list = SyncMemory.List()
            list.watermark = row.optionalInteger(1).map { Timestamp(seconds: $0) }
            list.listingAge = row.optionalDouble(2)
            list.isListingWanted = try row.boolean(3)
            list.pageSize = row.optionalInteger(4)
            list.refusedFields = Set(try row.text(5).split(separator: ",").map(String.init))
            list.adaptationAge = row.optionalDouble(6)
            list.doubtfulReadings = try row.integer(7)
            list.failures = try row.integer(8)
            list.failureAge = row.optionalDouble(9)
            if let since = row.optionalText(10).flatMap({ Day($0) }),
                let until = row.optionalText(11).flatMap({ Day($0) })
            {
                list.range = DayRange(since: since, until: until)
            }
            list.basis = row.optionalText(12)
            list.attempts = try row.integer(13)
            list.age = row.optionalDouble(14)
            list.isDamaged = try row.boolean(15)
            list.isDoubtful = try row.boolean(16)
            lists[name] = list
        }
        return lists
    }

    private func readStagedLists(of account: AdAccount.ID, into memory: inout SyncMemory) throws {
        try connection.forEachRow(
            """
            SELECT list, request, basis, extract(epoch FROM began_at)::bigint, cursor, rows, total, is_complete,
                   extract(epoch FROM latest_update)::bigint, extract(epoch FROM now() - touched_at), left_out, damaged
            FROM staged_lists WHERE ad_account_id = \(account)::uuid
            """
        ) { row in
            guard let list = SyncList(rawValue: try row.text(0)) else { return }
            memory.staged[list] = SyncMemory.Staged(
                request: try row.text(1),
                basis: row.optionalText(2),
                beganAt: Timestamp(seconds: try row.integer(3)),
                cursor: row.optionalText(4),
                rows: try row.integer(5),
                total: row.optionalInteger(6),
                isComplete: try row.boolean(7),
                latestUpdate: row.optionalInteger(8).map { Timestamp(seconds: $0) },
                leftOut: try row.integer(10),
                damaged: try row.integer(11),
                age: row.optionalDouble(9) ?? 0
            )
        }
    }

    /// Stores how a list must be requested.
    package func remember(pageSize: Int, refusedFields: Set<String>, of list: SyncList, _ account: AdAccount.ID) throws
    {
        try connection.execute(
            """
            INSERT INTO sync_lists AS l (ad_account_id, list, page_size, refused_fields, adapted_at, refused_since)
            VALUES (\(account)::uuid, \(list.rawValue), \(pageSize)::int,
                    string_to_array(\(refusedFields.sorted().joined(separator: ",")), ','), now(),
                    CASE WHEN \(!refusedFields.isEmpty)::boolean THEN now() END)
            ON CONFLICT (ad_account_id, list) DO UPDATE SET page_size = excluded.page_size,
                refused_fields = excluded.refused_fields, adapted_at = now(),
                refused_since = CASE WHEN excluded.refused_since IS NOT NULL
                    THEN coalesce(l.refused_since, excluded.refused_since) END
            """
        )
    }

    /// Forgets how far lists were read, and that days were: budgets are in another currency now, or days in another zone.
    package func forgetReadings(of account: AdAccount.ID) throws {
        try connection.transaction {
            for list in SyncList.allCases { try deleteStaged(list, of: account) }
            try connection.execute(
                """
                UPDATE sync_lists SET watermark = NULL, listed_at = NULL, basis = NULL
                WHERE ad_account_id = \(account)::uuid
                """
            )
            try connection.execute("DELETE FROM early_totals WHERE ad_account_id = \(account)::uuid")
            try connection.execute("DELETE FROM report_runs WHERE ad_account_id = \(account)::uuid")
            try connection.execute(
                """
                UPDATE insights_days SET basis = NULL, read_at = NULL, state = NULL, attempts = 0, tried_at = NULL,
                    error = NULL, missing_campaigns = '{}'
                WHERE ad_account_id = \(account)::uuid
                """
            )
        }
    }

    /// Remembers how far a list of objects has been read, in the transaction that commits it. Only a complete listing ends
    /// a doubt.
    func rememberReading(of list: SyncList, _ reading: ReadObjects, _ account: AdAccount.ID) throws {
        let doubt = reading.doubt
        try connection.execute(
            """
            INSERT INTO sync_lists AS l (ad_account_id, list, watermark, listed_at, is_listing_wanted, unlisted,
                                         unconfirmed, doubtful_readings)
            VALUES (\(account)::uuid, \(list.rawValue), \(reading.watermark?.description)::timestamptz,
                    \(reading.listedAt?.description)::timestamptz, \(reading.isListingWanted || doubt?.wantsListing == true)::boolean,
                    \(doubt?.unlisted ?? 0)::int, \(doubt?.unconfirmed ?? 0)::int, \(doubt?.readings ?? 0)::int)
            ON CONFLICT (ad_account_id, list) DO UPDATE SET
                watermark = greatest(l.watermark, excluded.watermark),
                listed_at = coalesce(excluded.listed_at, l.listed_at),
                is_listing_wanted = excluded.is_listing_wanted,
                (unlisted, unconfirmed, doubtful_readings) = (
                    SELECT excluded.unlisted, excluded.unconfirmed, excluded.doubtful_readings
                    WHERE excluded.listed_at IS NOT NULL OR excluded.doubtful_readings > 0
                    UNION ALL
                    SELECT l.unlisted, l.unconfirmed, l.doubtful_readings
                    WHERE excluded.listed_at IS NULL AND excluded.doubtful_readings = 0
                )
            """
        )
    }
}
