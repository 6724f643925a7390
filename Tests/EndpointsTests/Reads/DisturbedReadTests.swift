import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// Reads during faults that the reader did not cause.
@Suite struct DisturbedReadTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    @Test("a time zone that PostgreSQL does not know fails no read")
    func unknownZone() throws {
        try bench.sample.store.note(
            AccountFacts(name: "A", currency: "USD", timeZone: "Mars/Olympus", status: nil),
            of: bench.sample.account
        )
        for path in tablePaths + ["/api/insights", "/api/changes", "/api/sync/status", "/api/ad-accounts"] {
            #expect(bench.get(path).status == 200, "\(path)")
        }
    }

    @Test("after a database hang, requests get their error at once for a second")
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
