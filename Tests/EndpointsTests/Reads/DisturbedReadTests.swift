import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// Reads while something is wrong that is not the reader's fault.
@Suite struct DisturbedReadTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    @Test("a time zone that PostgreSQL does not know stops nobody")
    func unknownZone() throws {
        try bench.sample.store.note(
            AccountFacts(name: "A", currency: "USD", timeZone: "Mars/Olympus", status: nil),
            of: bench.sample.account
        )
        for path in tablePaths + ["/api/insights", "/api/changes", "/api/sync/status", "/api/ad-accounts"] {
            #expect(bench.get(path).status == 200, "\(path)")
        }
    }

    @Test("a database that hung is left alone for a second, and requests get their error at once")
    func hangingDatabase() throws {
        var options = bench.sample.database.options
        options.responseTimeout = 300
        let endpoints = bench.makeEndpoints(Store(options))
        let request = HTTPRequest(path: "/api/ads", query: "adAccountId=\(bench.id)", headers: bench.bearer)
        #expect(endpoints.answer(request).status == 200)
        let holder = bench.sample.database.connect()
        try holder.execute("BEGIN")
        try holder.execute("LOCK TABLE access_tokens IN ACCESS EXCLUSIVE MODE")
        #expect(endpoints.answer(request).status == 503)
        for _ in 0..<20 { #expect(isError(endpoints.answer(request), 503, "DATABASE_UNAVAILABLE")) }
        #expect(bench.logs.count == 1, "somebody else waited")
        #expect(endpoints.answer(HTTPRequest(path: "/healthz")).status == 200)
        try holder.execute("ROLLBACK")
        bench.now = 1
        #expect(endpoints.answer(request).status == 200)
    }
}
