package import Model
internal import Postgres

/// What is known of the periods of an account in which people are counted.
package struct PeriodMemory: Sendable, Equatable {
    /// A period of a level's objects that was read, or could not be read.
    package struct Reading: Sendable, Equatable {
        package var level: Level
        package var days: DayRange
        /// For how many seconds it has been unreadable; `nil` if it is stored.
        package var failureAge: Double?
        /// How many seconds ago it was read.
        package var age: Double
        /// Whether some of its rows could not be used.
        package var lacksRows: Bool

        package init(
            level: Level,
            days: DayRange,
            failureAge: Double? = nil,
            age: Double = 0,
            lacksRows: Bool = false
        ) {
            self.level = level
            self.days = days
            self.failureAge = failureAge
            self.age = age
            self.lacksRows = lacksRows
        }
    }

    /// The levels that somebody looked at lately, the last look first.
    package var levels: [Level]
    package var readings: [Reading]
    /// How many calls were made on the day.
    package var calls: Int

    package init(levels: [Level] = [], readings: [Reading] = [], calls: Int = 0) {
        self.levels = levels
        self.readings = readings
        self.calls = calls
    }
}

/// Counts of people in a period.
package struct ReadPeriod {
    package let level: Level
    package let days: DayRange
    /// One for each object with delivery.
    package var objects: [ObjectTotals] = []
    /// Whether some rows could not be used.
    package var lacksRows = false

    package init(level: Level, days: DayRange) {
        self.level = level
        self.days = days
    }
}

extension Store {
    /// - Parameter today: the day whose calls count.
    package func periodMemory(of account: AdAccount.ID, on today: Day) throws -> PeriodMemory {
        let levels = try lookedAt(account)
        guard !levels.isEmpty else { return PeriodMemory() }
        let readings = try connection.rows(
            """
            SELECT level, since, until, extract(epoch FROM now() - failed_at),
                   coalesce(extract(epoch FROM now() - read_at), 0), lacks_rows
            FROM period_readings
            WHERE ad_account_id = \(account)::uuid
            """
        ) { row -> PeriodMemory.Reading? in
            guard let level = Level(rawValue: try row.text(0)), let since = Day(try row.text(1)),
                let until = Day(try row.text(2))
            else { return nil }
            return PeriodMemory.Reading(
                level: level,
                days: DayRange(since: since, until: until),
                failureAge: row.optionalDouble(3),
                age: row.optionalDouble(4) ?? 0,
                lacksRows: try row.boolean(5)
            )
        }
        let calls = try connection.firstRow(
            "SELECT calls FROM period_calls WHERE ad_account_id = \(account)::uuid AND day = \(today)::date"
        ) { try $0.integer(0) }
        return PeriodMemory(levels: levels, readings: readings.compactMap(\.self), calls: calls ?? 0)
    }

    /// Counts calls that reading periods has cost.
    package func countPeriodCalls(_ calls: Int, on today: Day, of account: AdAccount.ID) throws {
        try connection.execute(
            """
            INSERT INTO period_calls AS c (ad_account_id, day, calls)
            VALUES (\(account)::uuid, \(today)::date, \(calls)::int)
            ON CONFLICT (ad_account_id) DO UPDATE SET day = excluded.day,
                calls = excluded.calls + CASE WHEN c.day = excluded.day THEN c.calls ELSE 0 END
            """
        )
    }

    /// Stores what a period had, and removes the periods that are over.
    /// - Parameter current: the periods of today.
    package func commit(_ period: ReadPeriod, current: [DayRange], of run: ClaimedRun) throws {
        let account = run.account.id
        try connection.transaction {
            try requireOpen(run)
            try removePeriods(except: current, of: account)
            let lackedRows = try connection.firstRow(
                """
                SELECT lacks_rows FROM period_readings WHERE ad_account_id = \(account)::uuid
                    AND level = \(period.level.rawValue) AND since = \(period.days.since)::date
                    AND until = \(period.days.until)::date AND read_at IS NOT NULL
                """
            ) { try $0.boolean(0) }
            let gone = try connection.execute(
                """
                DELETE FROM period_results WHERE ad_account_id = \(account)::uuid AND level = \(period.level.rawValue)
                    AND since = \(period.days.since)::date AND until = \(period.days.until)::date
                    AND object_id <> ALL (\(TextArray(period.objects.map(\.objectID)))::text[])
                """
            )
            let changed = try gone + connection.execute(Self.storeResults(of: period, account))
            try connection.execute(
                """
                INSERT INTO period_readings (ad_account_id, level, since, until, read_at, lacks_rows)
                VALUES (\(account)::uuid, \(period.level.rawValue)::text, \(period.days.since)::date,
                        \(period.days.until)::date, now(), \(period.lacksRows)::boolean)
                ON CONFLICT (ad_account_id, level, since, until) DO UPDATE
                SET read_at = excluded.read_at, failed_at = NULL, error = NULL, lacks_rows = excluded.lacks_rows
                """
            )
            // Answers are the same as before, so caches may keep them.
            guard changed > 0 || lackedRows != period.lacksRows else { return }
            let counter = AnswerTable.of(period.level).kind.counter
            try connection.execute(
                """
                UPDATE ad_accounts SET \(raw: counter) = \(raw: DataVersion.raised(counter)),
                    insights_version = \(raw: DataVersion.raised("insights_version"))
                WHERE id = \(account)::uuid
                """
            )
        }
    }

    /// Records why a period could not be read.
    package func recordFailure(of period: ReadPeriod, _ error: String, _ account: AdAccount.ID) throws {
        try connection.execute(
            """
            INSERT INTO period_readings (ad_account_id, level, since, until, failed_at, error)
            VALUES (\(account)::uuid, \(period.level.rawValue)::text, \(period.days.since)::date,
                    \(period.days.until)::date, now(), \(error)::text)
            ON CONFLICT (ad_account_id, level, since, until) DO UPDATE
            SET failed_at = excluded.failed_at, error = excluded.error
            """
        )
    }

    private func removePeriods(except current: [DayRange], of account: AdAccount.ID) throws {
        let first = TextArray(current.map(\.since.description))
        let last = TextArray(current.map(\.until.description))
        for table in ["period_results", "period_readings"] {
            try connection.execute(
                """
                DELETE FROM \(raw: table) p WHERE p.ad_account_id = \(account)::uuid AND NOT EXISTS (
                    SELECT FROM unnest(\(first)::date[], \(last)::date[]) AS c (since, until)
                    WHERE c.since = p.since AND c.until = p.until)
                """
            )
        }
    }

    private static func storeResults(of period: ReadPeriod, _ account: AdAccount.ID) -> Query {
        var values = Values()
        let key = [
            values.add(account, "uuid"), values.add(period.level.rawValue, "text"),
            values.add(period.days.since, "date"), values.add(period.days.until, "date"),
        ]
        let lists =
            [values.add(TextArray(period.objects.map(\.objectID)), "text[]")]
            + Metric.ofPeople.map { metric in
                values.add(TextArray(period.objects.map { $0.results[metric]?.description }), "\(metric.type)[]")
            }
        let columns = Metric.ofPeople.columns()
        return Query(
            raw: """
                INSERT INTO period_results AS r (ad_account_id, level, since, until, object_id, \(columns))
                SELECT \(key.joined(separator: ", ")), t.*
                FROM unnest(\(lists.joined(separator: ", "))) AS t (object_id, \(columns))
                ON CONFLICT (ad_account_id, level, since, until, object_id) DO UPDATE
                SET \(Metric.ofPeople.map { "\($0.column) = excluded.\($0.column)" }.joined(separator: ", "))
                WHERE (\(Metric.ofPeople.columns("r"))) IS DISTINCT FROM (\(Metric.ofPeople.columns("excluded")))
                """,
            values.all
        )
    }
}
