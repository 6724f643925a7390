import Foundation
import HTTPMessages
import Testing

/// The responses that clients may cache, and for how long.
@Suite(.serialized)
struct ClientCacheTests {
    private static let shared = Result {
        try Stack(["CLIENT_CACHE_CONTROL": "no-cache", "ALLOWED_ORIGINS": "https://dashboard.example.com"])
    }
    private let stack: Stack
    private let target = "/api/campaigns?adAccountId=\(Stack.dollars)"

    init() throws {
        stack = try Self.shared.get()
        // A child that still reads history makes new versions of the answers.
        try stack.waitForChildren()
    }

    @Test("with no-cache, clients revalidate every response, and nginx answers them from its cache")
    func noCache() throws {
        let miss = try stack.send("GET", target)
        let hit = try stack.hit(target)
        let tag = try #require(hit.headers["ETag"])
        let condition = ("If-None-Match", tag)
        let csv = "/api/campaigns?adAccountId=\(Stack.dollars)&format=csv"
        _ = try stack.hit(csv)
        let foreign = ("Origin", "https://dashboard.example.com")
        let answers: [(String, HTTPResponse, Int)] = [
            ("miss", miss, 200), ("hit", hit, 200), ("304", try stack.send("GET", target, headers: [condition]), 304),
            ("HEAD", try stack.send("HEAD", target), 200),
            ("HEAD, 304", try stack.send("HEAD", target, headers: [condition]), 304),
            ("CSV", try stack.send("GET", csv), 200),
            ("another site", try stack.send("GET", target, headers: [foreign]), 200),
            ("another site, 304", try stack.send("GET", target, headers: [foreign, condition]), 304),
            ("no rows", try stack.send("GET", "\(target)&q=no-such-name"), 200),
        ]
        for (name, answer, status) in answers {
            #expect(answer.status == status, "\(name)")
            #expect(answer.headers.all("Cache-Control") == ["private, no-cache"], "\(name)")
            #expect(answer.headers["ETag"] != nil, "\(name)")
            if status == 304 { #expect(answer.body.isEmpty && answer.headers["X-Cache"] == "HIT", "\(name)") }
            #expect((answer.headers["Access-Control-Allow-Origin"] != nil) == name.hasPrefix("another site"), "\(name)")
        }
        #expect(hit.headers["ETag"] == miss.headers["ETag"])
    }

    @Test("errors are never cached by clients")
    func errors() throws {
        let refusals: [(String, HTTPResponse, Int)] = [
            ("nobody", try stack.send("GET", target, token: .some(nil)), 401),
            ("unknown account", try stack.send("GET", "/api/ads?adAccountId=1"), 404),
            ("bad value", try stack.send("GET", "\(target)&limit=0"), 400),
            ("bad method", try stack.send("PUT", target), 405),
        ]
        for (name, answer, status) in refusals {
            #expect(answer.status == status, "\(name)")
            #expect(answer.headers.all("Cache-Control") == ["no-store"], "\(name)")
        }
    }

    @Test("right after a sync, a request with the old tag gets the new response")
    func afterSync() throws {
        let before = try stack.hit(target)
        let rows = try #require(try before.json()["campaigns"] as? [[String: Any]])
        let id = try #require(rows.first?["id"] as? String)
        try stack.order(#"{"fault":"rename","id":"\#(id)","name":"Renamed meanwhile"}"#)
        #expect(try stack.postSync(Stack.dollars).status == 202)
        try stack.waitForSync(Stack.dollars)
        let condition = ("If-None-Match", before.headers["ETag"] ?? "")
        // A sync stores its parts one by one, so a response between them may be new and still have the old name.
        try eventually("the authorization of before ends", seconds: 5) {
            try stack.send("GET", target, headers: [condition]).text.contains("Renamed meanwhile")
        }
        let after = try stack.send("GET", target, headers: [condition])
        #expect(after.status == 200 && after.text.contains("Renamed meanwhile"))
        #expect(after.headers["Cache-Control"] == "private, no-cache")
    }
}
