import Foundation
import HTTPMessages
import TestSupport
import Testing

/// Processes that are stopped or killed, and descriptors that run out.
@Suite(.serialized)
struct HangTests {
    private static let shared = Result { try Stack() }
    private let stack: Stack

    init() throws {
        stack = try Self.shared.get()
    }

    private let cached = "/api/campaigns?adAccountId=\(Stack.dollars)"

    @Test(
        "while responders hang, earlier readers read on from the cache, for twenty seconds at most"
    )
    func respondersStopped() throws {
        let body = try stack.hit(cached).body
        let token = try stack.person("rhea@example.com", role: "viewer")
        #expect(try stack.send("GET", cached, token: token).status == 200)
        let responders = Command.processes(named: "admirror-responder", with: stack.state.path)
        for responder in responders { kill(responder, SIGSTOP) }
        defer {
            for responder in responders { kill(responder, SIGCONT) }
        }
        for _ in 0..<12 {
            let answer = try stack.send("GET", cached)
            #expect(answer.status == 200 && answer.body == body)
        }
        // Somebody who keeps responders busy keeps revoked access alive for this long, and no longer.
        try stack.admirror("access", "revoke", "rhea@example.com", Stack.dollars)
        try eventually("the authorization is too old", seconds: 60) {
            try stack.send("GET", cached, token: token).code == "SERVICE_UNAVAILABLE"
        }
        for responder in responders { kill(responder, SIGCONT) }
        try eventually("it is refused") { try stack.send("GET", cached, token: token).status == 404 }
        try eventually("others read on") { try stack.send("GET", cached).status == 200 }
    }

    @Test("a reader without an earlier authorization waits for slow responders and gets the response")
    func slowResponders() throws {
        let responders = Command.processes(named: "admirror-responder", with: stack.state.path)
        for responder in responders { kill(responder, SIGSTOP) }
        let stack = stack
        let reading = Background { try stack.send("GET", "/api/ads?adAccountId=\(Stack.yen)&q=nobody-asked-this") }
        defer {
            for responder in responders { kill(responder, SIGCONT) }
        }
        // The first authorization has timed out when nginx logs it; the second one waits.
        try eventually("nginx waits patiently") {
            try String(contentsOf: stack.state.appending(path: "log/nginx-error.log"), encoding: .utf8)
                .contains("nobody-asked-this")
        }
        for responder in responders { kill(responder, SIGCONT) }
        #expect(try reading.value().status == 200)
    }

    @Test("only the responders that first met the hung database wait for it; the host's others do not")
    func databaseStopped() throws {
        let body = try stack.hit(cached).body
        let log = stack.state.appending(path: "log/responders.log")
        func waits() throws -> Int {
            try String(contentsOf: log, encoding: .utf8).matches(of: #/database unavailable/#).count
        }
        let responders = Command.processes(named: "admirror-responder", with: stack.state.path).count
        let before = try waits()
        let database = try postgres()
        for process in database { kill(process, SIGSTOP) }
        defer {
            for process in database { kill(process, SIGCONT) }
        }
        for _ in 0..<200 {
            let answer = try stack.send("GET", cached)
            #expect(answer.status == 200 && answer.body == body)
            let refused = try stack.send("GET", "/api/ad-accounts")
            #expect(refused.status == 503 && refused.headers["Retry-After"] != nil)
        }
        #expect(try waits() - before <= responders)
        #expect(try stack.send("GET", "/healthz").status == 200)
        for process in database { kill(process, SIGCONT) }
        try eventually("every responder answers again") {
            try (0..<(3 * responders)).allSatisfy { _ in try stack.send("GET", "/api/ad-accounts").status == 200 }
        }
    }

    /// The processes of the stack's own PostgreSQL, the postmaster first.
    private func postgres() throws -> [Int32] {
        let file = stack.state.appending(path: "postgres/data/postmaster.pid")
        let first = try #require(Int32(try String(contentsOf: file, encoding: .utf8).prefix { !$0.isNewline }))
        let all = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }
        return [first]
            + all.filter { Command.parent(of: $0) == first }
    }

    @Test("responders restart after multiwatch was killed, and no request fails meanwhile")
    func supervisorKilled() throws {
        let uncached = "/api/sync/status?adAccountId=\(Stack.euros)"
        for _ in 0..<3 {
            let old = try stack.fleet()
            try Command.killAndWait([old.multiwatch] + old.responders)
            for _ in 0..<20 { #expect(try stack.send("GET", uncached).status == 200) }
            try stack.waitForSuccessor(of: old)
        }
    }

    @Test("responders that outlive multiwatch are replaced by those of the next one")
    func supervisorAloneKilled() throws {
        let old = try stack.fleet()
        kill(old.multiwatch, SIGKILL)
        try eventually("other responders") {
            let status = try stack.send("GET", "/api/ad-accounts").status
            #expect(status == 200)
            guard let new = stack.runningFleet() else { return false }
            return Set(new.responders).isDisjoint(with: old.responders) && new.responders.count == old.responders.count
        }
    }

    @Test("an nginx with a low limit of open files takes fewer connections, and reads continue when all are taken")
    func descriptors() throws {
        let stack = try Stack(at: try Stack.newStateFolder(), openFiles: 800)
        defer { stack.stop() }
        _ = try stack.hit(cached)
        let idle = try (0..<600).map { _ in try RawConnection(port: stack.port) }
        for number in 0..<60 {
            #expect(try stack.send("GET", cached).status == 200)
            #expect(try stack.send("GET", "/api/ads?adAccountId=\(Stack.yen)&q=\(number)").status == 200)
        }
        #expect(idle.count == 600)
        let errors = try String(contentsOf: stack.state.appending(path: "log/nginx-error.log"), encoding: .utf8)
        #expect(!errors.contains("Too many open files"))
    }
}
