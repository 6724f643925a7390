import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// Which days of a range are stored. A day that is not stored is never zero.
@Suite struct CoverageTests {
    let bench: Bench
    private static let metrics = ["spent", "impressions", "clicks", "ctr", "conversions"]

    /// One campaign with an ad in March 2026. The account's days 2 to 9 are known. The ad's days are stored for the 4th
    /// (complete), the 5th (partial), the 7th and the 8th (complete, the 8th without results).
    init() throws {
        bench = try Bench()
        try bench.sql(
            """
            UPDATE ad_accounts SET time_zone = 'America/Los_Angeles';
            DELETE FROM insights_daily; DELETE FROM insights_days; DELETE FROM creatives; DELETE FROM ad_groups; DELETE FROM campaigns;
            INSERT INTO campaigns (facebook_campaign_id, ad_account_id, name, status, effective_status, created_at)
                SELECT n, id, 'C' || n, 'ACTIVE', 'ACTIVE', now() FROM ad_accounts, (VALUES ('1'), ('2')) c (n);
            INSERT INTO creatives (facebook_ad_id, ad_account_id, facebook_ad_set_id, facebook_campaign_id, name, status,
                                   effective_status, created_at)
                SELECT '111', id, '11', '1', 'A', 'ACTIVE', 'ACTIVE', now() FROM ad_accounts;
            INSERT INTO insights_days (ad_account_id, day, spent, impressions, clicks, engagement, conversions,
                                       conversion_value, state, basis)
                SELECT id, ('2026-03-0' || n)::date, 2, 10, 1, 0, 1, 4,
                       CASE WHEN n IN (4, 7, 8) THEN 'complete' WHEN n IN (5, 6) THEN 'partial' END,
                       CASE WHEN n IN (4, 5, 7) THEN 'read' END
                FROM ad_accounts, generate_series(2, 9) n;
            INSERT INTO insights_daily (ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id, spent,
                                        impressions, clicks, engagement, conversions, conversion_value, fetched_at)
                SELECT id, ('2026-03-0' || n)::date, '111', '11', '1', 2, 10, 1, 0, 1, 4, now()
                FROM ad_accounts, (VALUES (4), (5), (7)) d (n);
            """
        )
    }

    private func answer(_ path: String, _ from: Int, _ to: Int, _ more: String = "") -> HTTPResponse {
        bench.get(path, "adAccountId=\(bench.id)&from=\(day(from))&to=\(day(to))\(more)")
    }

    private func day(_ number: Int) -> String { "2026-03-\(number < 10 ? "0" : "")\(number)" }

    @Test(
        "a table reports which days are stored, and whether all are complete",
        arguments: [
            (1, 10, 4, 8, false), (4, 4, 4, 4, true), (4, 5, 4, 5, false), (5, 5, 5, 5, false), (7, 8, 7, 8, true),
            (4, 8, 4, 8, false), (6, 9, 7, 8, false), (8, 10, 8, 8, false),
        ]
    )
    func held(_ from: Int, _ to: Int, _ first: Int, _ last: Int, _ isComplete: Bool) {
        for path in tablePaths {
            let coverage = answer(path, from, to).json["coverage"]
            #expect(coverage["from"].string == day(first) && coverage["to"].string == day(last))
            #expect(coverage["complete"].boolean == isComplete)
        }
        let series = answer("/api/insights", from, to, "&level=ad&id=111").json["coverage"]
        #expect(series["from"].string == day(first) && series["complete"].boolean == isComplete)
    }

    @Test("without a stored day every metric is null, in JSON and CSV", arguments: [(1, 3), (9, 9), (6, 6), (20, 31)])
    func nothingHeld(_ from: Int, _ to: Int) {
        for path in tablePaths {
            let response = answer(path, from, to)
            #expect(response.json["coverage"]["from"].isNull && response.json["coverage"]["to"].isNull)
            #expect(response.json["coverage"]["complete"].boolean == false)
        }
        for row in answer("/api/campaigns", from, to).json["campaigns"].list {
            for name in Self.metrics { #expect(row[name].isNull, "\(name)") }
        }
        let csv = answer("/api/campaigns", from, to, "&format=csv&sort=id")
        #expect(csv.headers["X-Coverage"] == #"{"from":null,"to":null,"complete":false,"whole_to":null}"#)
        #expect(csv.text.split(separator: "\r\n").dropFirst().allSatisfy { $0.contains(",,,,,,,,,,") })
    }

    @Test("an object without results on stored days has zeros")
    func zeros() {
        let rows = answer("/api/campaigns", 1, 10, "&sort=id").json["campaigns"].list
        #expect(rows.map { $0["spent"].number } == [6, 0])
        #expect(rows.map { $0["impressions"].integer } == [30, 0])
        let csv = answer("/api/campaigns", 7, 8, "&format=csv")
        #expect(
            csv.headers["X-Coverage"]
                == #"{"from":"2026-03-07","to":"2026-03-08","complete":true,"whole_to":"2026-03-08"}"#
        )
    }

    @Test("a series has null on days that are not stored, and zero on stored days without results")
    func series() {
        let account = answer("/api/insights", 1, 10)
        #expect(account.json["insights"].list.map { $0["spend"].number } == [nil, 2, 2, 2, 2, 2, 2, 2, 2, nil])
        #expect(account.json["coverage"]["from"].string == day(2) && account.json["coverage"]["to"].string == day(9))
        #expect(account.json["coverage"]["complete"].boolean == false)
        #expect(answer("/api/insights", 2, 9).json["coverage"]["complete"].boolean == true)
        let campaign = answer("/api/insights", 3, 9, "&level=campaign&id=1").json["insights"].list
        #expect(campaign.map { $0["clicks"].integer } == [nil, 1, 1, nil, 1, 0, nil])
        let none = answer("/api/insights", 20, 21).json
        #expect(none["coverage"]["from"].isNull && none["insights"].list.allSatisfy { $0["impressions"].isNull })
    }

    @Test("the overview of accounts has each account's coverage")
    func accounts() {
        let totals = { (from: Int, to: Int) in
            answer("/api/ad-accounts", from, to).json["adAccounts"][0]["totals"]
        }
        #expect(totals(1, 10)["spend"].number == 16)
        #expect(totals(1, 10)["coverage"]["from"].string == day(2))
        #expect(totals(1, 10)["coverage"]["complete"].boolean == false)
        #expect(totals(2, 9)["coverage"]["complete"].boolean == true)
        let none = totals(20, 21)
        #expect(none["coverage"]["to"].isNull && none["spend"].isNull && none["conversions"].isNull)
    }

    /// The day of March 2026 on which the account's days were last read.
    private func readAccount(on number: Int) throws {
        try bench.sql("UPDATE sync_lists SET until = '\(day(number))' WHERE list = 'account_days'")
    }

    @Test(
        "a day is complete if it was read after it had ended, and a range if all its days are",
        arguments: [
            (10, 7, 8, true, 8), (9, 7, 8, true, 8), (8, 7, 8, false, 7), (7, 7, 8, false, nil), (8, 7, 7, true, 7),
        ] as [(Int, Int, Int, Bool, Int?)]
    )
    func whole(readOn: Int, _ from: Int, _ to: Int, _ isComplete: Bool, _ wholeTo: Int?) throws {
        try readAccount(on: readOn)
        let totals = answer("/api/ad-accounts", from, to).json["adAccounts"][0]["totals"]["coverage"]
        for coverage in tablePaths.map({ answer($0, from, to).json["coverage"] }) + [
            answer("/api/insights", from, to).json["coverage"],
            answer("/api/insights", from, to, "&level=ad&id=111").json["coverage"], totals,
        ] {
            #expect(coverage["complete"].boolean == isComplete)
            #expect(coverage["whole_to"].string == wholeTo.map(day))
            #expect(coverage["to"].string == day(to))
        }
    }

    @Test(
        "a day with numbers from an earlier reading is incomplete, and a day without numbers counts as not stored"
    )
    func unconfirmed() throws {
        try bench.sql(
            """
            UPDATE insights_days SET is_unconfirmed = true WHERE day = '2026-03-08';
            UPDATE insights_days SET spent = NULL, impressions = NULL, clicks = NULL WHERE day = '2026-03-09'
            """
        )
        for coverage in [
            answer("/api/insights", 7, 9).json["coverage"],
            answer("/api/ad-accounts", 7, 9).json["adAccounts"][0]["totals"]["coverage"],
        ] {
            #expect(coverage["to"].string == day(8) && coverage["whole_to"].string == day(7))
            #expect(coverage["complete"].boolean == false)
        }
        #expect(answer("/api/insights", 7, 9).json["insights"].list.map { $0["spend"].number } == [2, 2, nil])
        #expect(answer("/api/ad-accounts", 7, 9).json["adAccounts"][0]["totals"]["spend"].number == 4)
        #expect(answer("/api/campaigns", 7, 8).json["coverage"]["complete"].boolean == false)
    }

    /// Spend and CTR of each campaign in the order of the ids, and the sum of all.
    private func spent(_ from: Int, _ to: Int) -> [Double?] {
        let answer = answer("/api/campaigns", from, to, "&sort=id&totals=true").json
        #expect(answer["campaigns"].list.allSatisfy { $0["spent"].isNull == $0["impressions"].isNull })
        #expect(answer["campaigns"].list.allSatisfy { !$0["spent"].isNull || $0["ctr"].isNull })
        return answer["campaigns"].list.map { $0["spent"].number } + [answer["totals"]["spent"].number]
    }

    private func series(_ campaign: String, _ from: Int, _ to: Int) -> [Double?] {
        answer("/api/insights", from, to, "&level=campaign&id=\(campaign)").json["insights"].list.map {
            $0["spend"].number
        }
    }

    @Test("a campaign that Facebook did not return for a day has no number for it, neither 0 nor a partial one")
    func missingCampaign() throws {
        try bench.sql(
            "UPDATE insights_days SET state = 'partial', missing_campaigns = '{2}' WHERE day = '2026-03-07'"
        )
        #expect(spent(4, 8) == [6, nil, nil])
        #expect(spent(8, 8) == [0, 0, 0])
        #expect(series("2", 4, 8) == [0, 0, nil, nil, 0] && series("1", 7, 8) == [2, 0])
        // The stored part may be an older number.
        try bench.sql("UPDATE insights_days SET missing_campaigns = '{1}' WHERE day = '2026-03-07'")
        #expect(spent(4, 8) == [nil, 0, nil])
        #expect(series("1", 4, 8) == [2, 2, nil, nil, 0])
    }

    @Test("on a day with missing rows, an object without a row is unknown")
    func lackingRows() throws {
        let tag = answer("/api/campaigns", 4, 8).headers["ETag"]
        try bench.sql("UPDATE insights_days SET state = 'partial', lacks_rows = true WHERE day = '2026-03-07'")
        #expect(spent(4, 8) == [6, nil, nil])
        #expect(spent(4, 5) == [4, 0, 4])
        #expect(series("2", 4, 8) == [0, 0, nil, nil, 0] && series("1", 7, 8) == [2, 0])
        #expect(answer("/api/campaigns", 4, 8).headers["ETag"] != tag)
        try bench.sql("UPDATE insights_days SET lacks_rows = true WHERE day = '2026-03-08'")
        #expect(spent(4, 8) == [nil, nil, nil])
        #expect(series("1", 7, 8) == [2, nil])
    }

    @Test("on a day with unreadable rows, a sum of several ads is unknown and an ad with a row is known")
    func unreadableRows() throws {
        try bench.sql("UPDATE insights_days SET state = 'partial', lacks_rows = true WHERE day = '2026-03-07'")
        let tag = answer("/api/campaigns", 4, 8).headers["ETag"]
        try bench.sql("UPDATE insights_days SET is_damaged = true WHERE day = '2026-03-07'")
        #expect(answer("/api/campaigns", 4, 8).headers["ETag"] != tag)
        #expect(spent(4, 8) == [nil, nil, nil])
        #expect(spent(4, 5) == [4, 0, 4])
        #expect(series("1", 7, 8) == [nil, 0])
        #expect(answer("/api/ads", 4, 8).json["ads"].list.map { $0["spend"].number } == [6])
        let days = answer("/api/insights", 7, 8, "&level=ad&id=111").json["insights"].list
        #expect(days.map { $0["spend"].number } == [2, 0])
    }

    @Test("a response without a range has no coverage")
    func noRange() {
        for path in tablePaths + ["/api/changes"] { #expect(bench.get(path).json["coverage"].isMissing) }
        #expect(bench.get("/api/campaigns", "adAccountId=\(bench.id)&format=csv").headers["X-Coverage"] == nil)
    }

    @Test("a day that becomes stored or complete makes a new version of the responses, and an unchanged day does not")
    func versions() throws {
        let tag = { (bench: Bench) in
            bench.get("/api/ads", "adAccountId=\(bench.id)&from=2026-03-01&to=2026-03-10").headers["ETag"]
        }
        let first = tag(bench)
        try bench.sql("UPDATE insights_days SET read_at = now(), attempts = attempts + 1, state = state")
        #expect(tag(bench) == first)
        try bench.sql("UPDATE insights_days SET state = 'complete' WHERE day = '2026-03-05'")
        let second = tag(bench)
        #expect(second != first)
        try bench.sql("UPDATE insights_days SET basis = 'read' WHERE day = '2026-03-06'")
        #expect(tag(bench) != second)
    }
}
