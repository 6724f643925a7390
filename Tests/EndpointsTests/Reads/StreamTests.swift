import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// Responses with more rows than are held in memory.
@Suite struct StreamTests {
    static let count = 12_000
    let bench: Bench

    init() throws {
        bench = try Bench(isSynced: false)
        try bench.sql(
            """
            UPDATE ad_accounts SET last_synced_at = now(), metrics_since = '2026-03-01', metrics_until = '2026-03-30';
            INSERT INTO creatives (facebook_ad_id, ad_account_id, facebook_ad_set_id, facebook_campaign_id, name, status,
                                   effective_status, created_at)
            SELECT n, id, '1', '1', 'Ad "' || n || '"', 'ACTIVE', 'ACTIVE', now() + n * interval '1 second'
            FROM ad_accounts, generate_series(1, \(Self.count)) n
            """
        )
    }

    private func request(_ query: String = "", _ headers: HTTPHeaders = [:]) -> HTTPRequest {
        var all = bench.bearer
        for field in headers.fields { all.add(field.name, field.value) }
        return HTTPRequest(path: "/api/ads", query: "adAccountId=\(bench.id)&\(query)", headers: all)
    }

    private func backends() throws -> Int? {
        try bench.sample.database.connect().integer(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()"
        )
    }

    @Test("a long response comes in pieces, complete, with the tag of a short one")
    func complete() throws {
        let reply = bench.endpoints.respond(to: request())
        #expect(reply.response.status == 200)
        #expect(reply.response.body.isEmpty)
        #expect(reply.response.headers["Content-Length"] == nil)
        var pieces: [[UInt8]] = []
        while let piece = try reply.rest?.next() { pieces.append(piece) }
        #expect(pieces.count > 10)
        #expect(pieces.allSatisfy { !$0.isEmpty && $0.count < 200_000 })
        let ads = JSON(pieces.flatMap { $0 })["ads"].list
        #expect(ads.map { $0["id"].string } == (1...Self.count).reversed().map { "\($0)" })
        #expect(ads.first?["date_end"].string == "2026-03-30")
        #expect(reply.response.headers["ETag"] == bench.get("/api/ads").headers["ETag"])
        var again = request()
        again.headers["If-None-Match"] = reply.response.headers["ETag"]
        #expect(bench.endpoints.answer(again).status == 304)
    }

    @Test("a long response is compressed as it is sent, CSV included")
    func forms() throws {
        let plain = try bench.endpoints.respond(to: request()).collected()
        let gzipped = try bench.endpoints.respond(to: request("", ["Accept-Encoding": "gzip"])).collected()
        #expect(gzipped.headers["Content-Encoding"] == "gzip")
        #expect(gzipped.body.count < plain.body.count / 4)
        #expect(gunzip(gzipped.body) == plain.body)
        let csv = try bench.endpoints.respond(to: request("format=csv&sort=created_at")).collected()
        let lines = csv.text.split(separator: "\r\n")
        #expect(lines.count == Self.count + 1)
        #expect(lines[1].hasPrefix("1,\"Ad \"\"1\"\"\","))
    }

    @Test("a long response has its coverage and totals after the list")
    func besideTheList() throws {
        try bench.sql(
            """
            INSERT INTO insights_daily (ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id, spent,
                                        impressions, clicks, engagement, conversions, conversion_value, fetched_at)
                SELECT ad_account_id, '2026-03-02', facebook_ad_id, '1', '1', 0.5, 10, 1, 0, 0, 0, now() FROM creatives;
            INSERT INTO insights_days (ad_account_id, day, spent, impressions, clicks, engagement, conversions,
                                       conversion_value, state)
                SELECT id, '2026-03-02', 6000, 120000, 12000, 0, 0, 0, 'complete' FROM ad_accounts
            """
        )
        let days = "from=2026-03-01&to=2026-03-03"
        let json = try bench.endpoints.respond(to: request("\(days)&totals=true")).collected().json
        #expect(json["ads"].list.count == Self.count)
        #expect(json["coverage"]["from"].string == "2026-03-02" && json["coverage"]["complete"].boolean == false)
        #expect(json["totals"]["spend"].number == 6000 && json["totals"]["ctr"].number == 10)
        #expect(json["hidden"]["rows"].integer == 0 && json["account"]["spend"].number == 6000)
        let csv = try bench.endpoints.respond(to: request("\(days)&format=csv")).collected()
        #expect(
            csv.headers["X-Coverage"]
                == #"{"from":"2026-03-02","to":"2026-03-02","complete":false,"whole_to":null}"#
        )
    }

    @Test("pages and short responses are complete and have a length")
    func whole() throws {
        for query in ["limit=5000", "q=99", "limit=1"] {
            #expect(bench.endpoints.respond(to: request(query)).rest == nil)
        }
        let filter = "DELETE FROM creatives WHERE facebook_ad_id::int > 5000"
        try bench.sql(filter)
        let five = bench.endpoints.respond(to: request())
        #expect(five.rest == nil)
        #expect(five.response.json["ads"].list.count == 5000)
    }

    @Test("a reader that disconnects stops the statement, and the next request is answered")
    func cancelled() throws {
        let reply = bench.endpoints.respond(to: request())
        #expect(try reply.rest?.next() != nil)
        reply.rest?.cancel()
        #expect(try comesTrue { try backends() == 0 })
        #expect(bench.endpoints.answer(request("limit=1")).status == 200)
        // A reply that is released without being cancelled also ends its statement.
        var forgotten: HTTPReply? = bench.endpoints.respond(to: request())
        #expect(try forgotten?.rest?.next() != nil)
        forgotten = nil
        #expect(bench.endpoints.answer(request("limit=1")).status == 200)
    }

    @Test("a response that breaks in the middle throws, and never looks complete")
    func broken() throws {
        let database = bench.sample.database
        let reply = bench.endpoints.respond(to: request())
        #expect(try reply.rest?.next() != nil)
        try database.terminateOthers(but: database.connect())
        #expect(throws: PostgresError.self) {
            while try reply.rest?.next() != nil {}
        }
        #expect(bench.endpoints.answer(request("limit=1")).status == 200)
    }
}
