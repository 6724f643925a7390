import Endpoints
import HTTPMessages
import Postgres
import Store
import TestSupport
import Testing

/// Responders while the database hangs, or while nginx's caches have no room.
@Suite struct ResourceTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    /// Stands in for the mark that all responders of a host share.
    final class Mark {
        var holder: String?

        func of(_ name: String) -> DatabaseMark {
            DatabaseMark(
                isSet: { self.holder != nil && self.holder != name },
                set: {
                    if self.holder == nil { self.holder = name }
                    return self.holder == name
                },
                clear: { if self.holder == name { self.holder = nil } }
            )
        }
    }

    private var request: HTTPRequest {
        HTTPRequest(path: "/api/ads", query: "adAccountId=\(bench.id)", headers: bench.bearer)
    }

    @Test("one responder waits for a hung database, and the others refuse at once until it responds")
    func hang() throws {
        var options = bench.sample.database.options
        options.responseTimeout = 300
        let mark = Mark()
        let first = bench.makeEndpoints(Store(options), databaseMark: mark.of("first"))
        let second = bench.makeEndpoints(Store(options), databaseMark: mark.of("second"))
        for endpoints in [first, second] { #expect(endpoints.answer(request).status == 200) }

        let holder = bench.sample.database.connect()
        try holder.execute("BEGIN")
        try holder.execute("LOCK TABLE access_tokens IN ACCESS EXCLUSIVE MODE")
        #expect(first.answer(request).status == 503)
        let logged = bench.logs.count
        // Much later, after the first one's own pause.
        bench.now = 100
        for endpoints in [first, second] { #expect(isError(endpoints.answer(request), 503, "DATABASE_UNAVAILABLE")) }
        #expect(bench.logs.count == logged, "somebody waited for the database")
        #expect(second.answer(HTTPRequest(path: "/healthz")).status == 200)

        // The second responder never waits for it.
        second.awaitDatabase { true }
        #expect(mark.holder == "first")
        var tries = 0
        first.awaitDatabase {
            tries += 1
            return tries < 3
        }
        #expect(mark.holder == nil)
        try holder.execute("ROLLBACK")
        bench.now = 200
        for endpoints in [first, second] { #expect(endpoints.answer(request).status == 200) }
    }

    @Test("a response without room in the cache is not stored, and is otherwise the same")
    func noRoom() {
        let cramped = bench.makeEndpoints(
            bench.sample.store,
            hasRoom: { bytes, folder, user in
                folder != "/full" && bytes <= 100_000 && user != 33
            }
        )
        for path in tablePaths {
            for prefix in ["", "/_authorize"] {
                var request = HTTPRequest(path: prefix + path, query: "adAccountId=\(bench.id)", headers: bench.bearer)
                let usual = cramped.answer(request)
                request[.cacheFolder] = "/elsewhere"
                #expect(cramped.answer(request).headers["X-Accel-Expires"] == usual.headers["X-Accel-Expires"])
                for (folder, user) in [("/full", nil), ("/elsewhere", 33 as UInt32?)] {
                    request[.cacheFolder] = folder
                    request.serverUser = user
                    let past = cramped.answer(request)
                    #expect(past.headers["X-Accel-Expires"] == "0")
                    #expect(past.body == usual.body && past.headers["Cache-Control"] == usual.headers["Cache-Control"])
                    #expect(past.headers["X-Cache-Key"] == usual.headers["X-Cache-Key"])
                }
            }
        }
    }

    @Test("the header with the longest age of an authorization precedes the one that ends it within the second")
    func grace() {
        let fields = bench.get("/_authorize/api/ads").headers.fields
            .filter { ["Cache-Control", "X-Accel-Expires"].contains($0.name) }
        let lines = fields.map { "\($0.name): \($0.value)" }
        #expect(lines == ["Cache-Control: stale-if-error=20", "X-Accel-Expires: @0"])
    }
}
