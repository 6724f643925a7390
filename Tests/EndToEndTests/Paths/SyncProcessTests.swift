import Foundation
import HTTPMessages
import Postgres
import Synchronization
import Testing

/// Sync children that are stopped, frozen, killed or on hold.
@Suite(.serialized)
struct SyncProcessTests {
    private static let shared = Result { try Stack() }
    private let stack: Stack

    init() throws {
        stack = try Self.shared.get()
        _ = try stack.send("DELETE", "/simulator/_control")
        for account in [Stack.dollars, Stack.yen, Stack.euros] { try stack.waitForSync(account) }
        try stack.waitForChildren()
    }

    private var children: [Int32] { Command.processes(named: "admirror-sync", with: stack.state.path) }

    private func status(_ account: String) throws -> [String: Any] {
        try stack.send("GET", "/api/sync/status?adAccountId=\(account)").json()
    }

    /// Starts a forced sync with calls so slow that it is still reading when this returns.
    private func startSlowSync(_ account: String, milliseconds: Int = 700) throws {
        try stack.order(#"{"fault":"latency","value":\#(milliseconds),"account":"\#(account)"}"#)
        #expect(try stack.postSync(account).json()["status"] as? String == "started")
        try eventually("the child reads") { try !children.isEmpty && staged(account) > 0 }
    }

    private func staged(_ account: String) throws -> Int {
        try stack.number(
            """
            SELECT count(*) FROM staged_lists l JOIN ad_accounts a ON a.id = l.ad_account_id
            WHERE a.facebook_account_id = \(account) AND l.list <> 'history'
            """
        )
    }

    private func lastOutcome(_ account: String) throws -> String? {
        try stack.database().firstRow(
            """
            SELECT r.outcome FROM sync_runs r JOIN ad_accounts a ON a.id = r.ad_account_id
            WHERE a.facebook_account_id = \(account) ORDER BY r.requested_at DESC LIMIT 1
            """
        ) { $0.optionalText(0) } ?? nil
    }

    @Test("SIGTERM interrupts a child within a page, and the next run continues from its pages")
    func terminated() throws {
        try startSlowSync(Stack.dollars)
        let pages = try staged(Stack.dollars)
        for child in children { kill(child, SIGTERM) }
        try eventually("the child ends", seconds: 5) { children.isEmpty }
        #expect(try lastOutcome(Stack.dollars) == "interrupted")
        #expect(try staged(Stack.dollars) >= pages)
        let word = try status(Stack.dollars)["syncStatus"] as? String
        #expect(word == "idle")

        _ = try stack.send("DELETE", "/simulator/_control")
        _ = try stack.send("DELETE", "/simulator/_control/calls")
        #expect(try stack.postSync(Stack.dollars).status == 202)
        try stack.waitForSync(Stack.dollars)
        #expect(try lastOutcome(Stack.dollars) == "done")
        let calls = try #require(try stack.send("GET", "/simulator/_control").json()["calls"] as? [String: Int])
        // Five pages from the start, and three calls for later changes: without the stored pages it would be eight.
        let lists = ["GET act/campaigns", "GET act/adsets", "GET act/ads"].reduce(0) { $0 + (calls[$1] ?? 0) }
        #expect(lists < 8, "\(calls)")
    }

    @Test("SIGTERM ends a child that waits for a response that does not come")
    func terminatedWhileWaiting() throws {
        try stack.order(#"{"fault":"hang","value":120,"account":"\#(Stack.yen)"}"#)
        #expect(try stack.postSync(Stack.yen).status == 202)
        try eventually("the child waits") {
            try stack.number("SELECT count(*) FROM sync_runs WHERE finished_at IS NULL AND phase = 'campaigns'") == 1
        }
        for child in children { kill(child, SIGTERM) }
        try eventually("the child ends", seconds: 5) { children.isEmpty }
        #expect(try lastOutcome(Stack.yen) == "interrupted")
        _ = try stack.send("DELETE", "/simulator/_control")
    }

    @Test(
        "repeatedly killed during reads: reads stay consistent, each next request starts at once, nothing is lost"
    )
    func killed() throws {
        let account = Stack.euros
        let targets = ["campaigns", "ad-sets", "ads"].map { "/api/\($0)?adAccountId=act_\(account)" }
        let isOver = Atomic<Bool>(false)
        let reads = Atomic<Int>(0)
        let problems = Atomic<Int>(0)
        let readers = (0..<2).map { number in
            let reader = Thread { [stack] in
                var bodies: [String: [UInt8]] = [:]
                var turn = number
                while !isOver.load(ordering: .relaxed) {
                    turn += 1
                    guard let answer = try? stack.send("GET", targets[turn % 3]), answer.status == 200,
                        let tag = answer.headers["ETag"], (try? answer.json()) != nil,
                        bodies[tag] == nil || bodies[tag] == answer.body
                    else {
                        problems.add(1, ordering: .relaxed)
                        continue
                    }
                    bodies[tag] = answer.body
                    reads.add(1, ordering: .relaxed)
                }
            }
            reader.start()
            return reader
        }
        defer {
            isOver.store(true, ordering: .relaxed)
            for reader in readers { while !reader.isFinished { usleep(10_000) } }
        }
        var random = SystemRandomNumberGenerator()
        let ads = try stack.send("GET", targets[2]).json()["ads"] as? [[String: Any]] ?? []
        for round in 0..<6 {
            let ad = try #require(ads[round]["id"] as? String)
            try stack.order(#"{"fault":"rename","id":"\#(ad)","name":"Round \#(round)"}"#)
            try stack.order(#"{"fault":"latency","value":30,"account":"\#(account)"}"#)
            // The database notices within half a second that its client was killed in the middle of a statement.
            try eventually("a request starts the next run", seconds: 5) {
                let answer = try stack.postSync(account)
                #expect(answer.status == 202)
                return try answer.json()["status"] as? String == "started"
            }
            // A child killed before it began its run counts as dead only after ten seconds.
            try eventually("the child runs") {
                try !children.isEmpty
                    && stack.number(
                        "SELECT count(*) FROM sync_runs WHERE finished_at IS NULL AND started_at IS NOT NULL"
                    ) == 1
            }
            usleep(UInt32.random(in: 0..<500_000, using: &random))
            for child in children { kill(child, SIGKILL) }
            try eventually("it is gone", seconds: 5) { children.isEmpty }
        }
        _ = try stack.send("DELETE", "/simulator/_control")
        try eventually("a request starts the last run", seconds: 5) {
            try stack.postSync(account).json()["status"] as? String == "started"
        }
        try stack.waitForSync(account)
        #expect(try lastOutcome(account) == "done")
        for round in 0..<6 {
            #expect(try stack.number("SELECT count(*) FROM creatives WHERE name = \("Round \(round)")") == 1)
        }
        #expect(reads.load(ordering: .relaxed) > 20)
        #expect(problems.load(ordering: .relaxed) == 0)
        #expect(try staged(account) == 0)
    }

    @Test("history resumes after its child was killed without a second report order, and a read takes precedence")
    func historyKilled() throws {
        try stack.database().execute(
            """
            UPDATE insights_days d SET state = NULL, basis = NULL, read_at = NULL FROM ad_accounts a
            WHERE a.id = d.ad_account_id AND a.facebook_account_id = \(Stack.dollars)
            """
        )
        try stack.order(#"{"fault":"report_slow","value":6,"account":"\#(Stack.dollars)"}"#)
        _ = try stack.send("DELETE", "/simulator/_control/calls")
        #expect(try stack.postSync(Stack.dollars).status == 202)
        try eventually("Facebook makes a report of older days") {
            try stack.number("SELECT count(*) FROM report_runs WHERE list = 'history'") == 1
        }
        #expect(try lastOutcome(Stack.dollars) == "done")
        for child in children { kill(child, SIGKILL) }
        try eventually("they are gone", seconds: 5) { children.isEmpty }

        try stack.makeStale(Stack.yen)
        #expect(
            try stack.send("GET", "/api/campaigns?adAccountId=\(Stack.yen)&q=\(UInt32.random(in: 0...999_999))").status
                == 200
        )
        try eventually("the read's sync ends") {
            try stack.number(
                """
                SELECT count(*) FROM ad_accounts
                WHERE facebook_account_id = \(Stack.yen) AND last_synced_at > now() - interval '1 minute'
                """
            ) == 1
        }
        // The child that came for the read continues with the other account's history.
        try eventually("all days are complete", seconds: 60) {
            try stack.number(
                """
                SELECT count(*) FROM insights_days d JOIN ad_accounts a ON a.id = d.ad_account_id
                WHERE a.facebook_account_id = \(Stack.dollars) AND d.state IS DISTINCT FROM 'complete'
                """
            ) == 0
        }
        let calls = try #require(try stack.send("GET", "/simulator/_control").json()["calls"] as? [String: Int])
        #expect(calls["POST act/insights"] == 1, "\(calls)")
        _ = try stack.send("DELETE", "/simulator/_control")
    }

    @Test("a hanging child that holds the lock is replaced after long silence and does no harm later")
    func frozen() throws {
        try startSlowSync(Stack.dollars)
        let frozen = try freezeChildren()
        defer { for child in frozen { kill(child, SIGKILL) } }
        #expect(try stack.postSync(Stack.dollars).json()["status"] as? String == "running")
        try stack.database().execute(
            "UPDATE sync_runs SET heartbeat_at = now() - interval '16 minutes' WHERE finished_at IS NULL"
        )
        _ = try stack.send("DELETE", "/simulator/_control")
        #expect(try status(Stack.dollars)["syncStatus"] as? String != "syncing")
        #expect(try stack.postSync(Stack.dollars).json()["status"] as? String == "started")
        try stack.waitForSync(Stack.dollars)
        #expect(try lastOutcome(Stack.dollars) == "done")
        for child in frozen { kill(child, SIGCONT) }
        try eventually("the frozen child ends") { children.allSatisfy { !frozen.contains($0) } }
        #expect(try lastOutcome(Stack.dollars) == "done")
        #expect(try status(Stack.dollars)["syncStatus"] as? String == "idle")
    }

    /// Stops the children outside their transactions: in one of them, they would hold locks that others wait for.
    private func freezeChildren() throws -> [Int32] {
        let frozen = children
        try eventually("no child is stopped in a transaction") {
            for child in frozen { kill(child, SIGSTOP) }
            let open = try stack.number(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE application_name = 'admirror-sync' AND xact_start IS NOT NULL
                """
            )
            if open > 0 { for child in frozen { kill(child, SIGCONT) } }
            return open == 0
        }
        return frozen
    }

    @Test("an app-wide hold that one child meets stops the calls of every other child")
    func heldByOther() throws {
        try startSlowSync(Stack.dollars, milliseconds: 1_000)
        try stack.order(
            #"{"fault":"error","status":400,"code":4,"message":"limit","minutes":5,"account":"\#(Stack.yen)"}"#
        )
        #expect(try stack.postSync(Stack.yen).status == 202)
        try stack.waitForSync(Stack.yen)
        #expect(try lastOutcome(Stack.yen) == "failed")
        // Calls under way at that time still complete; no other call is made.
        let calls = try stack.send("GET", "/simulator/_control").json()["total"] as? Int
        try stack.waitForSync(Stack.dollars)
        #expect(try lastOutcome(Stack.dollars) == "failed")
        #expect(try stack.send("GET", "/simulator/_control").json()["total"] as? Int == calls)
        for account in [Stack.dollars, Stack.yen] {
            #expect(try status(account)["hold"] as? String == "RATE_LIMITED")
        }
        _ = try stack.send("DELETE", "/simulator/_control")
        try stack.database().execute("UPDATE ad_accounts SET held_until = NULL, held_reason = NULL")
        try stack.database().execute("UPDATE api_usage SET held_until = NULL, percent = 0")
    }

    @Test("while Facebook holds an account off, its status reports until when, and no child starts for it")
    func held() throws {
        try stack.order(
            #"{"fault":"error","status":400,"code":17,"subcode":2446079,"message":"limit","minutes":9,"account":"\#(Stack.yen)"}"#
        )
        #expect(try stack.postSync(Stack.yen).status == 202)
        try stack.waitForSync(Stack.yen)
        _ = try stack.send("DELETE", "/simulator/_control")
        _ = try stack.send("DELETE", "/simulator/_control/calls")

        let held = try status(Stack.yen)
        #expect(held["hold"] as? String == "RATE_LIMITED")
        #expect(held["nextSyncAt"] as? String != nil)
        #expect((held["syncError"] as? String)?.contains("limit") == true)
        let refused = try stack.postSync(Stack.yen)
        #expect(refused.status == 429)
        let seconds = refused.headers["Retry-After"].flatMap { Int($0) } ?? 0
        #expect(seconds > 480 && seconds <= 540)
        try stack.makeStale(Stack.yen)
        #expect(try stack.send("GET", "/api/campaigns?adAccountId=\(Stack.yen)").status == 200)
        let cron = try stack.send("GET", "/api/sync?secret=\(try stack.secret("cron_secret"))", token: .some(nil))
            .json()
        let skipped = cron["skipped"] as? [[String: Any]] ?? []
        #expect(skipped.contains { $0["reason"] as? String == "rate_limited" })
        let calls = try #require(try stack.send("GET", "/simulator/_control").json()["total"] as? Int)
        #expect(calls == 0)
        // Syncing resumes by itself when the hold is over.
        try stack.database().execute(
            "UPDATE ad_accounts SET held_until = now() - interval '1 second' WHERE held_until IS NOT NULL"
        )
        try stack.database().execute("UPDATE api_usage SET held_until = NULL, percent = 0")
        try eventually("a read starts it", seconds: 10) {
            _ = try stack.send("GET", "/api/campaigns?adAccountId=\(Stack.yen)")
            return try lastOutcome(Stack.yen) == "done" || !children.isEmpty
        }
        try stack.waitForSync(Stack.yen)
        #expect(try lastOutcome(Stack.yen) == "done")
    }
}
