import Foundation
import HTTPMessages
import Postgres
import Testing

/// Reads while parts of the stack are gone, and the recovery of the stack.
@Suite(.serialized)
struct FailureTests {
    private static let shared = Result { try Stack() }
    private let stack: Stack

    init() throws {
        stack = try Self.shared.get()
    }

    @Test(
        "a stale response is sent at once and renewed in the background; a too old one waits for the responder"
    )
    func staleWhileRevalidate() throws {
        let target = "/api/campaigns?adAccountId=\(Stack.yen)"
        _ = try stack.hit(target)
        let clock = try ClockedNginx(stack)
        defer { clock.end() }
        #expect(try stack.send("GET", target).headers["X-Cache"] == "HIT")

        clock.advance(seconds: 299)
        #expect(try stack.send("GET", target).headers["X-Cache"] == "HIT")
        clock.advance(seconds: 310)
        let stale = try stack.send("GET", target)
        #expect(stale.headers["X-Cache"] == "STALE")
        #expect(stale.status == 200)
        try eventually("it is renewed behind", seconds: 5) { try stack.send("GET", target).headers["X-Cache"] == "HIT" }

        clock.advance(seconds: 310 + 900 + 10)
        // The responder answers nginx's If-None-Match with 304, which renews the stored copy without a body.
        let late = try stack.send("GET", target)
        #expect(late.headers["X-Cache"] == "REVALIDATED")
        #expect(late.body == stale.body)
    }

    @Test("without the database, cached reads continue and others get 503 quickly; later everything recovers")
    func databaseAway() throws {
        let cached = "/api/campaigns?adAccountId=\(Stack.dollars)"
        let uncached = "/api/sync/status?adAccountId=\(Stack.dollars)"
        let before = try stack.send("GET", cached)
        let responders = Command.processes(named: "admirror-responder", with: stack.state.path).sorted()

        try control("stop", "-m", "fast")
        #expect(try stack.send("GET", uncached).status == 503)
        let refused = try stack.send("GET", uncached)
        #expect(refused.code == "DATABASE_UNAVAILABLE")
        #expect(refused.headers["Retry-After"] != nil)
        #expect(try stack.send("GET", "/readyz").status == 503)
        #expect(try stack.send("GET", "/healthz").status == 200)
        let hit = try stack.send("GET", cached)
        #expect(hit.status == 200)
        #expect(hit.body == before.body)
        // nginx's entry serves every request for JSON. Only the responder knows whether a request wants another form.
        for (accept, status) in [("text/html", 200), ("application/json;q=0.3", 200), ("text/csv;q=0.1", 503)] {
            #expect(try stack.send("GET", cached, headers: [("Accept", accept)]).status == status, "\(accept)")
        }
        // A client without a stored authorization gets none now.
        let stranger = try stack.send("GET", cached, token: "adm_unknown")
        #expect(stranger.status == 503)
        #expect(stranger.code == "SERVICE_UNAVAILABLE")
        #expect(stranger.headers["Retry-After"] != nil)

        try control(
            "start",
            "-o",
            "-c listen_addresses='' -c port=5432 -F -k '\(try socketFolder())'",
            "-l",
            "/dev/null"
        )
        try eventually("reads work again", seconds: 10) { try stack.send("GET", uncached).status == 200 }
        #expect(Command.processes(named: "admirror-responder", with: stack.state.path).sorted() == responders)
    }

    @Test("the responder gives up on a hung database after two seconds and survives")
    func databaseHangs() throws {
        let target = "/api/ad-accounts"
        #expect(try stack.send("GET", target).status == 200)
        let backends = try stack.database().rows(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'admirror-responder'"
        ) { Int32(try $0.integer(0)) }
        #expect(!backends.isEmpty)
        for backend in backends { kill(backend, SIGSTOP) }
        defer {
            for backend in backends { kill(backend, SIGCONT) }
        }
        // Each responder first meets its own stopped backend, then opens another connection.
        let workers = try stack.fleet().responders.count
        let refusals = try (0..<(2 * workers)).map { _ in try stack.send("GET", target).status }
        #expect(refusals.allSatisfy { $0 == 503 || $0 == 200 })
        try eventually("every worker answers again", seconds: 20) {
            try (0..<(2 * workers)).allSatisfy { _ in try stack.send("GET", target).status == 200 }
        }
    }

    @Test("the last authorization stays valid while no responder is reachable")
    func respondersAway() throws {
        let stack = try Stack()
        let target = "/api/campaigns?adAccountId=\(Stack.dollars)"
        let before = try stack.hit(target)
        // First stop what would restart the others.
        let supervisor = try String(contentsOf: stack.state.appending(path: "run/responders.pid"), encoding: .utf8)
        kill(try #require(supervisor.split(separator: " ").first.flatMap { Int32($0) }), SIGKILL)
        for name in ["multiwatch", "admirror-responder"] {
            try Command.killAndWait(Command.processes(named: name, with: stack.state.path))
        }
        try eventually("the responders are gone") {
            try stack.send("GET", "/healthz").status == 503
        }
        let after = try stack.send("GET", target)
        #expect(after.status == 200 && after.body == before.body)
        stack.stop()
    }

    @Test("killed responders are replaced, and readers notice nothing")
    func respondersKilled() throws {
        let target = "/api/sync/status?adAccountId=\(Stack.euros)"
        for _ in 0..<3 {
            let old = try stack.fleet().responders
            try Command.killAndWait(Array(old.dropLast()))
            for _ in 0..<20 { #expect(try stack.send("GET", target).status == 200) }
            try eventually("they are replaced", seconds: 5) {
                stack.runningFleet() != nil
            }
        }
    }

    private func socketFolder() throws -> String {
        let sockets = stack.state.appending(path: "run/sockets")
        let folder =
            (try? String(contentsOf: sockets, encoding: .utf8).trimmed) ?? stack.state.appending(path: "run").path
        return "\(folder)/postgres"
    }

    /// pg_ctl, run as the owner of the cluster.
    private func control(_ action: String, _ options: String...) throws {
        let data = stack.state.appending(path: "postgres/data").path
        let words = ([action, "-D", data, "-w"] + options).map { "'\($0.replacing("'", with: "'\\''"))'" }
        let result = try Command.run(
            "/bin/sh",
            [
                "-c",
                "cd '\(Stack.root)'; . scripts/lib/common.sh; . scripts/lib/postgres.sh; as_postgres_owner \"$(pg_bin)/pg_ctl\" \(words.joined(separator: " "))",
            ],
            environment: ProcessInfo.processInfo.environment.merging(["ADMIRROR_STATE_DIR": stack.state.path]) { $1 }
        )
        guard result.status == 0 else { throw Failure("pg_ctl \(action): \(result.output) \(result.errors)") }
    }
}

/// The stack's nginx, restarted with a clock that the test sets (libfaketime), so that five minutes pass at once.
private struct ClockedNginx {
    private let file: URL
    private let process: Int32

    init(_ stack: Stack) throws {
        file = stack.state.appending(path: "run/clock")
        try Data("+0".utf8).write(to: file)
        let state = stack.state.path
        // exec keeps the process, so the number that the shell prints is nginx's.
        let script = """
            . scripts/lib/common.sh
            . scripts/lib/processes.sh
            end nginx QUIT
            setsid env LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1 \
              FAKETIME_TIMESTAMP_FILE='\(file.path)' FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1 \
              nginx -p '\(state)' -e '\(state)/log/nginx-error.log' -c '\(state)/nginx/nginx.conf' \
              -g 'daemon off; env LD_PRELOAD; env FAKETIME_TIMESTAMP_FILE; env FAKETIME_NO_CACHE; env DONT_FAKE_MONOTONIC;' \
              >/dev/null 2>&1 </dev/null &
            remember nginx $!
            echo $!
            """
        let result = try Command.run(
            "/bin/sh",
            ["-c", "cd '\(Stack.root)'\n\(script)"],
            environment: ProcessInfo.processInfo.environment.merging(["ADMIRROR_STATE_DIR": state]) { $1 }
        )
        guard let process = Int32(result.output.trimmed) else { throw Failure("no nginx: \(result.errors)") }
        self.process = process
        try eventually("nginx answers") { (try? stack.send("GET", "/healthz"))?.status == 200 }
    }

    /// Sets nginx's clock this many seconds ahead of ours.
    func advance(seconds: Int) {
        try? Data("+\(seconds)".utf8).write(to: file, options: .atomic)
        usleep(50_000)  // nginx reads its clock once in each turn of its event loop
    }

    func end() {
        advance(seconds: 0)
    }
}
