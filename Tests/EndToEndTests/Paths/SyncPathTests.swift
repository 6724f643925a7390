import Foundation
import HTTPMessages
import Postgres
import Synchronization
import TestSupport
import Testing

/// Syncs started by reads, people and cron services.
@Suite(.serialized)
struct SyncPathTests {
    private static let shared = Result { try Stack() }
    private let stack: Stack

    init() throws {
        stack = try Self.shared.get()
    }

    @Test("200 simultaneous reads of stale data are all answered and start one child")
    func oneChild() throws {
        let target = "/api/ads?adAccountId=\(Stack.dollars)"
        try stack.makeStale(Stack.dollars)
        let runs = try stack.number("SELECT count(*) FROM sync_runs")
        let answered = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 200) { _ in
            if (try? stack.send("GET", target))?.status == 200 { answered.add(1, ordering: .relaxed) }
        }
        #expect(answered.load(ordering: .relaxed) == 200)
        try stack.waitForSync(Stack.dollars)
        #expect(try stack.number("SELECT count(*) FROM sync_runs") == runs + 1)
        let journal = try String(contentsOf: stack.state.appending(path: "log/sync.log"), encoding: .utf8)
        let started = journal.split(separator: "\n").filter {
            $0.contains("sync started") && $0.contains("trigger=read")
        }
        #expect(started.count == 1)
        #expect(zombies().isEmpty)
    }

    @Test("a stale cache hit also starts a sync, because the authorization before the cache checks the age")
    func staleHit() throws {
        let target = "/api/campaigns?adAccountId=\(Stack.yen)"
        _ = try stack.send("GET", target)
        try stack.makeStale(Stack.yen)
        var hit = try stack.send("GET", target)
        // The authorization of the read before may be valid for one more second.
        try eventually("a run of the read", seconds: 5) {
            hit = try stack.send("GET", target)
            return try stack.number(
                """
                SELECT count(*) FROM sync_runs r JOIN ad_accounts a ON a.id = r.ad_account_id
                WHERE a.facebook_account_id = \(Stack.yen) AND r.trigger = 'read'
                """
            ) == 1
        }
        #expect(hit.status == 200)
        try stack.waitForSync(Stack.yen)
    }

    @Test("the child has its own session, three descriptors and no cron secret, and outlives the responders")
    func detachment() throws {
        try stack.waitForChildren()
        try stack.order(#"{"fault":"latency","value":400}"#)
        let started = try stack.postSync(Stack.euros)
        #expect(started.status == 202)
        var children: [Int32] = []
        try eventually("the child runs") {
            children = Command.processes(named: "admirror-sync", with: stack.state.path)
            return try children.count == 1
                && FileManager.default.contentsOfDirectory(atPath: "/proc/\(children[0])/fd").count >= 3
                && stack.number("SELECT count(*) FROM sync_runs WHERE finished_at IS NULL AND phase = 'campaigns'") == 1
        }
        let child = children[0]
        #expect(getsid(child) == child)
        // 0, 1 and 2, its connection to the database, and the one to Facebook: none of the responder's.
        let targets = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(child)/fd").map {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(child)/fd/\($0)")) ?? ""
        }
        #expect(targets.filter { $0 == "/dev/null" }.count == 2)
        #expect(targets.filter { $0.hasSuffix("/log/sync.log") }.count == 1)
        let environment = String(
            decoding: FileManager.default.contents(atPath: "/proc/\(child)/environ") ?? Data(),
            as: UTF8.self
        )
        #expect(!environment.contains("CRON_SECRET"))
        let arguments = String(
            decoding: FileManager.default.contents(atPath: "/proc/\(child)/cmdline") ?? Data(),
            as: UTF8.self
        )
        #expect(!arguments.contains("Token"))

        try Command.killAndWait(Command.processes(named: "admirror-responder", with: stack.state.path))
        try stack.order(#"{"fault":"latency","value":1}"#)
        try stack.waitForSync(Stack.euros)
        let status = try stack.send("GET", "/api/sync/status?adAccountId=\(Stack.euros)").json()
        #expect((status["run"] as? [String: Any])?["outcome"] as? String == "done")
        _ = try stack.send("DELETE", "/simulator/_control")
    }

    @Test("a manual sync is accepted at once and shows its progress, and its changes are in the next read")
    func manualSync() throws {
        let target = "/api/campaigns?adAccountId=\(Stack.euros)"
        let before = try stack.send("GET", target)
        let campaigns = try #require(try before.json()["campaigns"] as? [[String: Any]])
        let id = try #require(campaigns.first?["id"] as? String)
        try stack.order(#"{"fault":"rename","id":"\#(id)","name":"Renamed \"<b>\" 🌻"}"#)
        try stack.order(#"{"fault":"latency","value":150}"#)

        let started = try stack.postSync(Stack.euros).json()
        #expect(started["status"] as? String == "started")
        let again = try stack.postSync(Stack.euros).json()
        #expect(again["status"] as? String == "running")
        #expect(again["syncRunId"] as? String == started["syncRunId"] as? String)

        let statusURL = try #require(started["statusUrl"] as? String)
        var phases: Set<String> = []
        try eventually("the sync ends") {
            let status = try stack.send("GET", statusURL).json()
            if let progress = status["progress"] as? [String: Any] {
                phases.insert(progress["phase"] as? String ?? "")
                #expect(status["syncStatus"] as? String == "syncing")
            }
            return status["syncStatus"] as? String == "idle"
        }
        #expect(phases.contains("ads"))
        _ = try stack.send("DELETE", "/simulator/_control")

        // The authorization of an earlier read may be valid for a second.
        var after = try stack.send("GET", target)
        try eventually("the new data", seconds: 5) {
            after = try stack.send("GET", target)
            return after.headers["ETag"] != before.headers["ETag"]
        }
        let renamed = try #require(try after.json()["campaigns"] as? [[String: Any]]).first {
            $0["id"] as? String == id
        }
        #expect(renamed?["name"] as? String == "Renamed \"<b>\" 🌻")
    }

    @Test("after a kill -9 the status is not stuck, and the next request syncs at once")
    func killedChild() throws {
        try stack.order(#"{"fault":"latency","value":500}"#)
        let first = try stack.postSync(Stack.dollars).json()["syncRunId"] as? String
        try eventually("the child syncs") {
            try stack.number("SELECT count(*) FROM sync_runs WHERE finished_at IS NULL AND phase = 'campaigns'") == 1
        }
        for child in Command.processes(named: "admirror-sync", with: stack.state.path) { kill(child, SIGKILL) }
        _ = try stack.send("DELETE", "/simulator/_control")
        let statusTarget = "/api/sync/status?adAccountId=\(Stack.dollars)"
        try eventually("the status notices", seconds: 5) {
            try stack.send("GET", statusTarget).json()["syncStatus"] as? String == "idle"
        }
        let second = try stack.postSync(Stack.dollars).json()
        #expect(second["status"] as? String == "started")
        #expect(second["syncRunId"] as? String != first)
        try stack.waitForSync(Stack.dollars)
        #expect(try stack.send("GET", statusTarget).json()["fresh"] as? Bool == true)
        #expect(
            try stack.number("SELECT count(*) FROM sync_runs WHERE id::text = \(first) AND outcome = 'interrupted'")
                == 1
        )
    }

    @Test("cron starts due accounts, by query and by header, and its secret is in no log")
    func cron() throws {
        let secret = try stack.secret("cron_secret")
        try stack.makeStale(Stack.yen)
        let response = try stack.send("GET", "/api/sync?secret=\(secret)", token: .some(nil))
        #expect(response.status == 202)
        let body = try response.json()
        #expect(body["due"] as? Int == 1)
        #expect((body["started"] as? [String])?.count == 1)
        #expect((body["skipped"] as? [[String: Any]])?.count == 2)
        #expect(body["message"] as? String == "Started 1 ad account sync")
        try stack.waitForSync(Stack.yen)
        #expect(try stack.send("GET", "/api/sync", token: secret).status == 202)
        #expect(try stack.send("HEAD", "/api/sync", token: secret).status == 200)
        #expect(try stack.send("GET", "/api/sync?secret=\(secret)x", token: .some(nil)).status == 401)
        _ = try stack.send("GET", "/api/sync/?x=1&secret=\(secret)", token: .some(nil))
        _ = try stack.send("GET", "/nowhere?s%65cret=\(secret)", token: .some(nil))

        let logs = stack.state.appending(path: "log")
        for name in try FileManager.default.contentsOfDirectory(atPath: logs.path) {
            let text = String(decoding: try Data(contentsOf: logs.appending(path: name)), as: UTF8.self)
            for hidden in [secret, stack.token, try stack.secret("token_encryption_key"), "EAASimulatorDemoToken"] {
                #expect(!text.contains(hidden), "\(name)")
            }
        }
    }

    @Test("simultaneous cron calls, timers and reads sync each account once")
    func overlapping() throws {
        for account in [Stack.dollars, Stack.yen, Stack.euros] { try stack.waitForSync(account) }
        try stack.database().execute("CREATE TABLE runs_before AS SELECT id FROM sync_runs")
        defer { _ = try? stack.database().execute("DROP TABLE runs_before") }
        for account in [Stack.dollars, Stack.yen, Stack.euros] { try stack.makeStale(account) }
        let secret = try stack.secret("cron_secret")
        let settings = stack.state.appending(path: "settings").path
        let stack = stack
        let statuses = try inThreads(9) { number in
            switch number {
            case 0..<4: try stack.send("GET", "/api/sync", token: secret).status
            case 4..<6:
                Int(
                    try Command.run(
                        "/bin/sh",
                        ["-c", ". '\(settings)'; exec \"$ADMIRROR_BIN_DIR/admirror-sync\" --due"]
                    ).status
                )
            default: try stack.send("GET", "/api/campaigns?adAccountId=\(Stack.yen)&limit=\(number)").status
            }
        }
        #expect(statuses[0..<4].allSatisfy { $0 == 202 } && statuses[6...].allSatisfy { $0 == 200 })
        #expect(statuses[4..<6].allSatisfy { $0 == 0 || $0 == 75 })  // done, or the limit of children was reached
        for account in [Stack.dollars, Stack.yen, Stack.euros] { try stack.waitForSync(account) }
        let runs = try stack.database().rows(
            "SELECT count(*) FROM sync_runs WHERE id NOT IN (SELECT id FROM runs_before) GROUP BY ad_account_id"
        ) { try $0.integer(0) }
        #expect(runs == [1, 1, 1])
    }

    @Test("a refused token stops the account until another is set, and the status reports it")
    func expiredToken() throws {
        try stack.order(#"{"fault":"token_expired","account":"\#(Stack.euros)"}"#)
        _ = try stack.postSync(Stack.euros)
        try stack.waitForSync(Stack.euros)
        _ = try stack.send("DELETE", "/simulator/_control")
        let refused = try stack.postSync(Stack.euros)
        #expect(refused.status == 409)
        #expect(refused.code == "TOKEN_EXPIRED")
        #expect(try stack.send("GET", "/api/campaigns?adAccountId=\(Stack.euros)").status == 200)

        let token = try Command.run("\(try stack.setting("ADMIRROR_BIN_DIR"))/admirror-simulator", ["--print-token"])
        #expect(try stack.admirror("account", "set-token", Stack.euros, input: token.output).status == 0)
        #expect(try stack.postSync(Stack.euros).status == 202)
        try stack.waitForSync(Stack.euros)
    }

    private func zombies() -> [Int32] {
        let responders = Command.processes(named: "admirror-responder", with: stack.state.path)
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.filter { process in
            guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let end = stat.range(of: ") ", options: .backwards)
            else { return false }
            let fields = stat[end.upperBound...].split(separator: " ")
            return fields.first == "Z" && fields.count > 1 && responders.contains(Int32(fields[1]) ?? 0)
        }
    }
}
