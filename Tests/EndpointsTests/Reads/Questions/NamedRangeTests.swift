import Endpoints
import HTTPMessages
import Model
import Postgres
import TestSupport
import Testing

/// `range` and `includeToday`, beside the days that PostgreSQL computes in the account's time zone.
@Suite struct NamedRangeTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
        try setZone("America/Los_Angeles")
    }

    private func setZone(_ name: String) throws { try bench.sql("UPDATE ad_accounts SET time_zone = '\(name)'") }

    private func key(_ path: String, _ query: String) -> String? {
        bench.get("/_authorize\(path)", "adAccountId=\(bench.id)&\(query)").headers["X-Cache-Key"]
    }

    /// The first and the last day of a range as SQL about `today` and the last day `done` that counts.
    private static let ranges = [
        ("today", "today", "today"), ("yesterday", "today - 1", "today - 1"), ("last_7d", "done - 6", "done"),
        ("last_14d", "done - 13", "done"), ("last_30d", "done - 29", "done"), ("last_90d", "done - 89", "done"),
        ("this_week", "date_trunc('week', today)", "done"),
        ("last_week", "date_trunc('week', today) - interval '7 days'", "date_trunc('week', today) - interval '1 day'"),
        ("this_month", "date_trunc('month', today)", "done"),
        (
            "last_month", "date_trunc('month', today) - interval '1 month'",
            "date_trunc('month', today) - interval '1 day'"
        ),
        ("this_quarter", "date_trunc('quarter', today)", "done"),
    ]

    private func days(_ since: String, _ until: String, includesToday: Bool) throws -> (String, String) {
        try #require(
            try bench.sample.database.connect().firstRow(
                """
                SELECT (\(raw: since))::date, greatest((\(raw: since))::date, (\(raw: until))::date)
                FROM (SELECT today, today - CASE WHEN \(includesToday) THEN 0 ELSE 1 END AS done
                      FROM (SELECT (now() AT TIME ZONE time_zone)::date AS today FROM ad_accounts) t) t
                """
            ) { (try $0.text(0), try $0.text(1)) }
        )
    }

    @Test("a named range has the same answer and the same cache key as its days", arguments: [false, true])
    func named(includesToday: Bool) throws {
        let more = includesToday ? "&includeToday=true" : ""
        for (name, since, until) in Self.ranges {
            let (first, last) = try days(since, until, includesToday: includesToday)
            for path in tablePaths + ["/api/insights"] {
                let days = "from=\(first)&to=\(last)"
                let wanted = try #require(key(path, days))
                #expect(key(path, "range=\(name)\(more)") == wanted, "\(path) \(name)")
                #expect(key(path, "includeToday=\(includesToday)&x=1&range=\(name)") == wanted)
                let answer = bench.get(path, "adAccountId=\(bench.id)&range=\(name)\(more)")
                #expect(answer.status == 200 && answer.body == bench.get(path, "adAccountId=\(bench.id)&\(days)").body)
                #expect(answer.json["coverage"].names == ["from", "to", "complete", "whole_to"])
            }
            let csv = bench.get(
                "/api/ads",
                "adAccountId=\(bench.id)&range=\(name)\(more)&format=csv&fields=date_start,date_end"
            )
            #expect(csv.text.split(separator: "\r\n").dropFirst().allSatisfy { $0.hasSuffix(",\(first),\(last)") })
        }
    }

    @Test("includeToday without a range, and for a range that is over, changes nothing")
    func withoutEffect() throws {
        for path in tablePaths + ["/api/insights"] {
            for query in ["", "from=2026-03-01&to=2026-03-02", "range=last_month", "range=yesterday", "range=today"] {
                let own = try #require(key(path, query))
                for value in ["true", "false", ""] {
                    #expect(key(path, "\(query)&includeToday=\(value)") == own, "\(query)")
                }
            }
        }
    }

    @Test("a range beside from or to, and what is no range, is refused")
    func refused() {
        for path in tablePaths + ["/api/insights"] {
            for query in [
                "range=last_7d&from=2026-03-01", "range=today&to=2026-03-01", "range=today&from=2026-03-01T00:00:00Z",
            ] {
                let response = bench.get(path, "adAccountId=\(bench.id)&\(query)")
                #expect(isError(response, 400, "RANGE_INVALID"))
                #expect(response.json["hint"].string?.contains("range") == true)
                #expect(key(path, query) == nil)
            }
            for query in ["range=last_8d", "range=TODAY", "range=last_7d&includeToday=yes", "includeToday=1"] {
                let response = bench.get(path, "adAccountId=\(bench.id)&\(query)")
                #expect(isError(response, 400, "PARAMETER_INVALID"), "\(query)")
            }
            #expect(
                isError(bench.get(path, "adAccountId=\(bench.id)&range=today&range=today"), 400, "PARAMETER_REPEATED")
            )
            // A parameter without a value counts as left out.
            #expect(key(path, "range=&from=2026-03-01&to=2026-03-02") == key(path, "from=2026-03-01&to=2026-03-02"))
        }
    }

    /// Two zones between which there is one day, whatever the time.
    private static let (before, after) = ("Etc/GMT+11", "Etc/GMT-13")

    @Test("after midnight in the account's time zone a named range is another question", arguments: ranges.map(\.0))
    func midnight(_ name: String) throws {
        let calendar = { (zone: String) in
            try self.setZone(zone)
            return try self.bench.sample.database.connect().text(
                "SELECT (now() AT TIME ZONE time_zone)::date FROM ad_accounts"
            )
        }
        let query = "range=\(name)&includeToday=true"
        let today = try #require(try calendar(Self.before))
        let first = (
            key: try #require(key("/api/ads", query)), answer: bench.get("/api/ads", "adAccountId=\(bench.id)&\(query)")
        )
        let tomorrow = try #require(try calendar(Self.after))
        #expect(today < tomorrow)
        let next = bench.get("/api/ads", "adAccountId=\(bench.id)&\(query)")
        // Weeks and months that are over change on one day of many.
        guard !["last_week", "last_month"].contains(name) else { return }
        #expect(key("/api/ads", query) != first.key)
        #expect(next.headers["ETag"] != first.answer.headers["ETag"])
        #expect(next.json["ads"][0]["date_end"].string != first.answer.json["ads"][0]["date_end"].string)
    }

    @Test("cursors belong to the days, however they are named, and keep them after midnight")
    func cursors() throws {
        try setZone(Self.before)
        let (first, last) = try days("today - 7", "today - 1", includesToday: false)
        let base = "adAccountId=\(bench.id)&limit=20&status=ALL&sort=-spend"
        let cursor = try #require(bench.get("/api/ads", "\(base)&range=last_7d").json["paging"]["next"].string)
        let second = bench.get("/api/ads", "\(base)&from=\(first)&to=\(last)&cursor=\(cursor)")
        #expect(second.status == 200 && second.json["ads"].list.count == 20)
        #expect(bench.get("/api/ads", "\(base)&range=last_7d&cursor=\(cursor)").body == second.body)
        try setZone(Self.after)
        let later = bench.get("/api/ads", "\(base)&range=last_7d&cursor=\(cursor)")
        #expect(later.json["ads"].list.map { $0["id"].string } == second.json["ads"].list.map { $0["id"].string })
        #expect(later.json["ads"][0]["date_end"].string == last)
        let third = try #require(later.json["paging"]["next"].string)
        #expect(bench.get("/api/ads", "\(base)&range=last_7d&cursor=\(third)").json["ads"].list.count == 20)
        for other in ["range=last_14d", "range=last_30d", "", "range=last_7d&includeToday=true"] {
            #expect(
                isError(bench.get("/api/ads", "\(base)&\(other)&cursor=\(cursor)"), 400, "CURSOR_INVALID"),
                "\(other)"
            )
        }
    }
}
