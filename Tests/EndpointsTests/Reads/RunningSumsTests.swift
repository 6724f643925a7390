import Foundation
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import Synchronization
import TestSupport
import Testing

/// Ranges are sums of running sums where there are any, and of days elsewhere. Nobody can tell which.
@Suite struct RunningSumsTests {
    let bench: Bench
    private let connection: Connection
    private let today: Day
    /// Parents of ads that have days.
    private let parent: (campaign: String, adSet: String)

    /// Seventy days with all that makes a sum unknown: numbers that are, days that lack rows, and missing campaigns.
    init() throws {
        bench = try Bench(isSynced: false)
        bench.sample.settings.historyDays = 70
        bench.sample.settings.historyBudget = 3600
        try bench.sample.sync()
        connection = bench.sample.database.connect()
        today = try #require(
            Day(try connection.text("SELECT (now() AT TIME ZONE time_zone)::date FROM ad_accounts") ?? "")
        )
        parent = try #require(
            try connection.firstRow("SELECT min(facebook_campaign_id), min(facebook_ad_set_id) FROM insights_daily") {
                (campaign: try $0.text(0), adSet: try $0.text(1))
            }
        )
        try bench.sql(
            """
            UPDATE insights_daily SET leads = NULL, spent = NULL
            WHERE right(facebook_ad_id, 1) IN ('1', '4') AND day IN ('\(today + -3)', '\(today + -33)');
            UPDATE insights_daily SET video_p95 = NULL WHERE day < '\(today + -20)';
            DELETE FROM insights_daily WHERE day = '\(today + -9)' AND right(facebook_ad_id, 1) IN ('2', '5', '7');
            UPDATE insights_days SET lacks_rows = true, is_damaged = day = '\(today + -9)'
            WHERE day IN ('\(today + -9)', '\(today + -40)');
            UPDATE insights_days SET missing_campaigns = ARRAY[(SELECT min(facebook_campaign_id) FROM campaigns)]
            WHERE day = '\(today + -50)';
            UPDATE insights_daily SET (facebook_ad_set_id, facebook_campaign_id) = (
                SELECT facebook_ad_set_id, facebook_campaign_id FROM ad_groups ORDER BY facebook_ad_set_id DESC LIMIT 1)
            WHERE day = '\(today + -17)' AND right(facebook_ad_id, 1) IN ('0', '3', '8');
            DELETE FROM insights_daily WHERE day = '\(today + -14)';
            DELETE FROM insights_days WHERE day = '\(today + -14)';
            """
        )
    }

    // MARK: Reading

    private var queries: [String] {
        let ranges = [
            (0, 0), (6, 0), (7, 1), (8, 3), (29, 0), (30, 1), (20, 10), (45, 41), (39, 34), (49, 12), (60, 1), (69, 0),
            (90, 0),
        ]
        let parents = ["", "", "&campaignId=\(parent.campaign)", "&adSetId=\(parent.adSet)"]
        return ranges.enumerated().map { number, range in
            let more = range.0 % 2 == 0 ? "&compare=previous&totals=true" : "&sort=-spend"
            return "from=\(today + -range.0)&to=\(today + -range.1)\(more)\(parents[number % parents.count])"
        }
    }

    /// The bodies of all questions, with every field.
    private func answers() -> [String] {
        TableRoute.all.flatMap { route in
            let fields = bench.fields.filter { $0["levels"].list.contains { $0.string == route.level } }
            let names = fields.compactMap { $0["name"].string }.joined(separator: ",")
            return queries.map { query in
                let answer = bench.get(route.path, "adAccountId=\(bench.id)&status=ALL&fields=\(names)&\(query)")
                return answer.status == 200 ? answer.text : "\(answer.status) \(query)"
            }
        }
    }

    private func sumDays(_ most: Int = .max) throws -> Int {
        var days = 0
        while days < most, try bench.sample.store.sumDay() { days += 1 }
        return days
    }

    private func summedDays() throws -> Int {
        try connection.integer("SELECT count(*) FROM running_days") ?? 0
    }

    // MARK: Tests

    @Test("answers are the same with the running sums of no days, of some, and of all")
    func same() throws {
        #expect(try summedDays() == 0)
        let wanted = answers()
        #expect(Set(wanted).count > wanted.count / 2)
        for steps in [1, 6, 30] {
            #expect(try sumDays(steps) == steps)
            #expect(answers() == wanted, "after \(steps) more steps")
        }
        _ = try sumDays()
        #expect(answers() == wanted)
        let days = try connection.integer("SELECT count(DISTINCT day) FROM insights_daily")
        #expect(try summedDays() == days)
        #expect(try connection.integer("SELECT count(*) FROM unsummed_months") == 0)
        #expect(try connection.integer("SELECT count(*) FROM running_sums WHERE unknown IS NOT NULL") ?? 0 > 0)
    }

    @Test("sums that are there are used: a number that is changed in them alone is in the answer")
    func used() throws {
        _ = try sumDays()
        let query = "adAccountId=\(bench.id)&from=\(today + -6)&to=\(today)&totals=true&status=ALL"
        let before = bench.get("/api/ads", query).json["totals"]["clicks"].integer ?? 0
        let changed = try connection.execute(
            """
            UPDATE running_sums SET clicks = clicks + 1000 WHERE level = 'ad' AND day = (SELECT max(day) FROM running_days)
            """
        )
        let after = bench.get("/api/ads", query).json["totals"]["clicks"].integer
        #expect(changed > 0 && after == before + 1000 * changed)
    }

    @Test(
        "a changed day makes the sums of its month wrong from there on, and answers do not show them",
        arguments: [
            "UPDATE insights_daily SET clicks = clicks + 3 WHERE day = DAY",
            "DELETE FROM insights_daily d WHERE day = DAY AND facebook_ad_id = (SELECT max(facebook_ad_id) FROM insights_daily WHERE day = DAY)",
            """
            INSERT INTO insights_daily (ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id,
                                        clicks, fetched_at)
            SELECT ad_account_id, day, facebook_ad_id || '0', facebook_ad_set_id, facebook_campaign_id, 5, now()
            FROM insights_daily WHERE day = DAY
            """,
            "UPDATE insights_daily SET day = day - 1 WHERE day = DAY AND NOT EXISTS (SELECT FROM insights_daily WHERE day = DAY - 1)",
        ]
    )
    func forgotten(_ change: String) throws {
        _ = try sumDays()
        let days = try summedDays()
        // The day after the one that has no rows.
        let day = today + -13
        #expect(try connection.execute(Query(raw: change.replacing("DAY", with: "'\(day)'::date"))) > 0)
        let first = change.contains("day - 1") ? day + -1 : day
        let left = try connection.integer(
            """
            SELECT count(*) FROM running_days WHERE day < \(first.description)::date
                OR date_trunc('month', day) > date_trunc('month', \(day.description)::date)
            """
        )
        #expect(try summedDays() == left && left ?? 0 < days)
        let changed = answers()
        _ = try sumDays()
        #expect(answers() == changed)
        try connection.execute("DELETE FROM running_days")
        #expect(answers() == changed)
    }

    @Test("a change that begins before a day is summed and ends after it makes that sum wrong, too")
    func concurrent() throws {
        _ = try sumDays()
        let day = try #require(try connection.text("SELECT max(day) FROM running_days"))
        let summing = bench.sample.database.connect()
        let database = bench.sample.database
        let changing = Thread {
            let connection = database.connect()
            _ = try? connection.execute(
                "UPDATE insights_daily SET clicks = clicks + 1 WHERE day = \(day)::date"
            )
        }
        try summing.transaction {
            // As a process does that adds sums.
            try summing.execute("SELECT pg_advisory_xact_lock(1094995282, number) FROM ad_accounts")
            changing.start()
            try #require(try bench.sample.database.hasWaiter())
            try summing.execute("DELETE FROM running_days WHERE day = \(day)::date")
            try summing.execute(
                """
                INSERT INTO running_days (ad_account_id, day, has_unknown)
                SELECT id, \(day)::date, false FROM ad_accounts
                """
            )
        }
        let isThere = "SELECT count(*) FROM running_days WHERE day = '\(day)'"
        #expect(try comesTrue { try connection.integer(Query(raw: isThere)) == 0 })
        // While the change is not committed yet, nobody else adds sums of the account.
        try summing.transaction {
            try summing.execute("UPDATE insights_daily SET clicks = clicks + 1 WHERE day = \(day)::date")
            #expect(try !bench.sample.store.sumDay())
        }
        #expect(try sumDays() > 0)
    }

    @Test("an account that is removed, or whose old days are, leaves no sums behind")
    func removed() throws {
        _ = try sumDays()
        _ = try bench.sample.store.prune(Retention(insights: 30, syncRuns: 30, audit: 90))
        let old = "SELECT count(*) FROM running_sums WHERE day < '\(today + -29)'"
        #expect(try connection.integer(Query(raw: old)) == 0)
        _ = try sumDays()
        #expect(try connection.integer(Query(raw: old)) == 0)
        try bench.sample.store.removeAdAccount(bench.sample.account)
        for table in ["running_sums", "running_days", "unsummed_months"] {
            #expect(try connection.integer("SELECT count(*) FROM \(raw: table)") == 0)
        }
    }

    @Test("months whose days are still to be read or filled are left for later, but not after a run of the account")
    func unsettled() throws {
        let store = bench.sample.store
        try bench.sql("INSERT INTO unfilled_days (ad_account_id, day) SELECT id, '\(today)' FROM ad_accounts")
        #expect(try !store.sumDay())
        #expect(try store.sumDay(of: bench.sample.account))
        try bench.sql(
            """
            DELETE FROM unfilled_days;
            UPDATE insights_days SET read_at = NULL, state = 'partial' WHERE day = (SELECT max(day) FROM insights_days);
            INSERT INTO history_backlogs (ad_account_id, wanted) SELECT id, 'older_days' FROM ad_accounts
            ON CONFLICT (ad_account_id) DO UPDATE SET wanted = 'older_days';
            """
        )
        let newest = "SELECT count(*) FROM running_days WHERE day >= date_trunc('month', '\(today)'::date)"
        let before = try connection.integer(Query(raw: newest))
        _ = try sumDays()
        #expect(try connection.integer(Query(raw: newest)) == before)
        #expect(try summedDays() > 20)
        try bench.sql("UPDATE history_backlogs SET wanted = NULL")
        _ = try sumDays()
        #expect(try connection.integer("SELECT count(*) FROM unsummed_months") == 0)
    }

    @Test("removing old days waits for a sync that stores days, and the sync never for it")
    func pruned() throws {
        let database = bench.sample.database
        let storing = database.connect()
        let result = Mutex(Result<PrunedRows, any Error>?.none)
        let pruning = Thread {
            let rows = Result { try database.store().prune(Retention(insights: 30, syncRuns: 30, audit: 90)) }
            result.withLock { $0 = rows }
        }
        try storing.transaction {
            try storing.execute("UPDATE insights_daily SET clicks = clicks + 1")
            pruning.start()
            try #require(try database.hasWaiter())
            try storing.execute("UPDATE ad_accounts SET insights_version = insights_version + 1")
        }
        #expect(try comesTrue { result.withLock { $0 != nil } })
        #expect(try #require(result.withLock { $0 }).get().insights > 0)
    }

    @Test("an account that is removed meanwhile gets no sums")
    func removedMeanwhile() throws {
        let database = bench.sample.database
        let removing = database.connect()
        let result = Mutex(Result<Bool, any Error>?.none)
        let summing = Thread {
            let hasMore = Result { try database.store().sumDay() }
            result.withLock { $0 = hasMore }
        }
        try removing.transaction {
            try removing.execute("DELETE FROM ad_accounts")
            summing.start()
            try #require(try database.hasWaiter())
        }
        #expect(try comesTrue { result.withLock { $0 != nil } })
        #expect(try #require(result.withLock { $0 }).get() == false)
        #expect(try summedDays() == 0)
    }
}
