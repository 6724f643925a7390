import Foundation
import HTTPMessages
import Postgres
import Testing

/// Responses with more rows than a responder holds, through nginx.
@Suite(.serialized)
struct LongAnswerTests {
    private static let count = 40_000
    private static let account = "4711"
    private static let target = "/api/ads?adAccountId=\(account)"

    /// A stack with one large account.
    private static let shared = Result {
        let stack = try Stack()
        try stack.database().runScript(
            """
            INSERT INTO ad_accounts (facebook_account_id, name, last_synced_at) VALUES ('\(account)', 'Large', now() + interval '1 day');
            INSERT INTO account_access (user_id, ad_account_id, role)
                SELECT u.id, a.id, 'viewer' FROM users u, ad_accounts a WHERE a.facebook_account_id = '\(account)';
            INSERT INTO creatives (facebook_ad_id, ad_account_id, facebook_ad_set_id, facebook_campaign_id, name, status,
                                   effective_status, created_at)
                SELECT 1000000 + n, a.id, '1', '1', md5(n::text), 'ACTIVE', 'ACTIVE', now() - n * interval '1 second'
                FROM ad_accounts a, generate_series(1, \(count)) n WHERE a.facebook_account_id = '\(account)'
            """
        )
        return stack
    }
    private let stack: Stack

    init() throws {
        stack = try Self.shared.get()
    }

    /// Invalidates all cached responses, and waits until nginx has forgotten the authorizations from before.
    private func raiseVersion() throws {
        let before = try stack.send("HEAD", "\(Self.target)&limit=1").headers["ETag"]
        try stack.database().execute("UPDATE ad_accounts SET creatives_version = creatives_version + 1")
        try eventually("the new version", seconds: 5) {
            try stack.send("HEAD", "\(Self.target)&limit=1").headers["ETag"] != before
        }
    }

    /// A read by another process that the test can watch.
    private struct Reader {
        let folder: URL

        init(_ stack: Stack) throws {
            folder = stack.state.appending(path: "reader-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("header = \"Authorization: Bearer \(stack.token)\"".utf8).write(
                to: folder.appending(path: "config")
            )
            let script = """
                (curl -q -s --noproxy '*' --compressed -K config -o body \
                  'http://127.0.0.1:\(stack.port)\(LongAnswerTests.target)'; echo $? >done.new; mv done.new done) &
                """
            _ = try Command.run("/bin/sh", ["-c", "cd '\(folder.path)'\n\(script)"])
        }

        /// Whether a part of the response has arrived.
        var hasBegun: Bool {
            let size =
                try? FileManager.default.attributesOfItem(atPath: folder.appending(path: "body").path)[.size] as? Int
            return size ?? 0 > 0
        }

        /// curl's exit code once it has ended.
        var code: Int? {
            (try? String(contentsOf: folder.appending(path: "done"), encoding: .utf8)).flatMap { Int($0.trimmed) }
        }
    }

    private func ids(_ response: HTTPResponse) throws -> Int {
        Set((try response.json()["ads"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }).count
    }

    @Test("a long response is complete, plain and gzipped, from the database and from the cache")
    func complete() throws {
        try raiseVersion()
        for _ in 0..<2 {
            let response = try stack.send("GET", Self.target)
            #expect(response.status == 200)
            #expect(try ids(response) == Self.count)
        }
        try eventually("it is kept", seconds: 5) { try stack.send("GET", Self.target).headers["X-Cache"] == "HIT" }
        let head = try stack.send("HEAD", Self.target)
        #expect(head.status == 200 && head.body.isEmpty)
        let csv = try stack.send("GET", "\(Self.target)&format=csv")
        #expect(csv.text.split(separator: "\r\n").count == Self.count + 1)
    }

    @Test(
        "a response that breaks off reaches no reader as complete and is not cached",
        arguments: ["responder", "database"]
    )
    func broken(what: String) throws {
        try raiseVersion()
        let reader = try Reader(stack)
        // The server shows the first 1,023 bytes of a statement, which end before the tables of its rows.
        let rows = """
            FROM pg_stat_activity
            WHERE application_name = 'admirror-responder' AND state = 'active' AND query LIKE '%SELECT concat(a.creatives_version%'
            """
        // The first statement also has rows on their way before anything is sent. A failure at that point gives a
        // complete 503.
        try eventually("the rows are being read", seconds: 20) {
            try reader.hasBegun && stack.number("SELECT count(*) \(raw: rows) AND wait_event = 'ClientWrite'") > 0
        }
        if what == "responder" {
            for process in Command.processes(named: "admirror-responder", with: stack.state.path) {
                kill(process, SIGKILL)
            }
        } else {
            #expect(try stack.number("SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) \(raw: rows)") > 0)
        }
        try eventually("the reader ends", seconds: 20) { reader.code != nil }
        #expect(reader.code != 0)
        try eventually("reads work again", seconds: 10) { try stack.send("GET", Self.target).status == 200 }
        #expect(try ids(stack.send("GET", Self.target)) == Self.count)
    }
}
