import Foundation
import HTTPMessages
import Postgres
import Synchronization
import TestSupport
import Testing

/// An upgrade on a host. This process plays systemd: it holds the listening socket, and starts and stops responders
/// with the socket as their descriptor 0. scripts/package --check does the same with systemd itself.
@Suite(.serialized)
struct UpgradeTests {
    private static let shared = Result { try Stack() }
    private let stack: Stack

    init() throws {
        stack = try Self.shared.get()
    }

    @Test("responders are replaced one after another under load, and not one request fails", arguments: [3, 1])
    func rolling(count: Int) throws {
        let holder = try SocketHolder(stack)
        let versions = try ["old", "new"].map { try holder.version($0) }
        var responders = try (0..<count).map { _ in try holder.start(versions[0]) }
        defer {
            for responder in responders { responder.kill() }
        }

        let load = Load(stack)
        defer { load.end() }
        try load.goOn(by: 50)
        for round in 1...4 {
            for number in 0..<count {
                #expect(try responders[number].end() == 0)
                responders[number] = try holder.start(versions[round % 2])
                try load.goOn(by: 5)
            }
            let programs = responders.map {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0.process)/exe")
            }
            #expect(programs.allSatisfy { $0 == versions[round % 2] })
        }
        try load.goOn(by: 50)
        let answers = load.end()
        #expect(answers[200, default: 0] >= 100)
        #expect(answers.keys.sorted() == [200], "\(answers)")
    }

    @Test("when the schema is newer, a responder keeps its connection, but opens no other and does not start")
    func newerSchema() throws {
        let holder = try SocketHolder(stack)
        let version = try holder.version("old")
        let responder = try holder.start(version)
        defer { responder.kill() }
        let target = "/api/sync/status?adAccountId=\(Stack.yen)"
        #expect(try stack.send("GET", target).status == 200)

        let database = try stack.database()
        try database.execute("INSERT INTO schema_migrations (version, name) VALUES (999, 'of the next version')")
        defer { _ = try? database.execute("DELETE FROM schema_migrations WHERE version = 999") }
        #expect(try stack.send("GET", target).status == 200)
        #expect(try stack.send("GET", "/readyz").status == 200)

        try database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'admirror-responder'"
        )
        try eventually("it opens another connection") { try stack.send("GET", target).code == "SCHEMA_UNKNOWN" }
        let refused = try holder.launch(version)
        #expect(try refused.end(by: nil) == 78)

        try database.execute("DELETE FROM schema_migrations WHERE version = 999")
        #expect(try stack.send("GET", target).status == 200)
    }
}

/// The listening socket that the stack's nginx knows, without the stack's own responders.
private struct SocketHolder {
    private let stack: Stack
    private let descriptor: Int32
    private let programs: String

    init(_ stack: Stack) throws {
        self.stack = stack
        programs = try stack.setting("ADMIRROR_BIN_DIR")
        let script = """
            . scripts/lib/common.sh
            . scripts/lib/processes.sh
            end responders TERM
            end_strays multiwatch admirror-responder
            """
        let ended = try Command.run(
            "/bin/sh",
            ["-c", "cd '\(Stack.root)'\n\(script)"],
            environment: ProcessInfo.processInfo.environment.merging(["ADMIRROR_STATE_DIR": stack.state.path]) { $1 }
        )
        guard ended.status == 0 else { throw Failure(ended.errors) }
        let path = "\(try Self.folder(stack))/responders.sock"
        descriptor = try Self.unixSocket(SOCK_STREAM, path)
        guard listen(descriptor, 128) == 0 else { throw Failure("cannot listen") }
    }

    /// The folder of the stack's sockets.
    private static func folder(_ stack: Stack) throws -> String {
        let run = stack.state.appending(path: "run")
        return (try? String(contentsOf: run.appending(path: "sockets"), encoding: .utf8).trimmed) ?? run.path
    }

    private static func unixSocket(_ type: __socket_type, _ path: String) throws -> Int32 {
        unlink(path)
        let descriptor = socket(AF_UNIX, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { throw Failure("too long: \(path)") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let isBound = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isBound else { throw Failure("cannot bind \(path): \(String(cString: strerror(errno)))") }
        return descriptor
    }

    /// A copy of the program that plays another version.
    func version(_ name: String) throws -> String {
        let folder = stack.state.appending(path: "versions/\(name)")
        let program = folder.appending(path: "admirror-responder").path
        guard !FileManager.default.fileExists(atPath: program) else { return program }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(programs)/admirror-responder", toPath: program)
        return program
    }

    /// Starts a responder and waits until it reports that it is ready.
    func start(_ program: String) throws -> HeldResponder {
        let path = "\(try Self.folder(stack))/notify.sock"
        let notified = try Self.unixSocket(SOCK_DGRAM, path)
        defer { close(notified) }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(notified, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let responder = try launch(program, notify: path)
        var text = [UInt8](repeating: 0, count: 64)
        let count = recv(notified, &text, text.count, 0)
        guard count > 0, String(decoding: text.prefix(count), as: UTF8.self) == "READY=1" else {
            responder.kill()
            throw Failure("the responder does not say that it is ready")
        }
        return responder
    }

    func launch(_ program: String, notify: String = "") throws -> HeldResponder {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, descriptor, STDIN_FILENO)
        let log = stack.state.appending(path: "log/responders.log").path
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_WRONLY | O_APPEND | O_CREAT, S_IRUSR | S_IWUSR)
        // The tests' threads block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let settings = stack.state.appending(path: "settings").path
        var words = (["/bin/sh", "-c", ". '\(settings)'; exec '\(program)'"] as [String]).map { strdup($0) } + [nil]
        var variables = (["PATH=/usr/bin:/bin", "NOTIFY_SOCKET=\(notify)"] as [String]).map { strdup($0) } + [nil]
        defer {
            for copy in words + variables { free(copy) }
        }
        var process = pid_t()
        let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, &words, &variables)
        guard code == 0 else { throw Failure("cannot start: \(String(cString: strerror(code)))") }
        return HeldResponder(process: process)
    }
}

/// A child of this process.
private struct HeldResponder {
    let process: Int32

    /// Asks the process to end, and waits until it has.
    /// - Returns: the exit code.
    func end(by signal: Int32? = SIGTERM) throws -> Int32 {
        if let signal { Glibc.kill(process, signal) }
        var status: Int32 = 0
        try eventually("the responder ends") { waitpid(process, &status, WNOHANG) == process }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    func kill() {
        Glibc.kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }
}

/// Requests through nginx without a pause; a responder has to answer each.
private final class Load: Sendable {
    private let answers: Answers
    private let stopped: Flag
    private let clients: Background<[Int]>

    init(_ stack: Stack) {
        let answers = Answers()
        let stopped = Flag()
        self.answers = answers
        self.stopped = stopped
        clients = Background {
            try inThreads(4) { _ in
                var number = 0
                while !stopped.isSet {
                    number += 1
                    answers.note(Self.send(number, stack)?.status ?? 0)
                }
                return number
            }
        }
    }

    /// Never the same request twice. One of them is unsafe to repeat, so nginx sends it only once.
    private static func send(_ number: Int, _ stack: Stack) -> HTTPResponse? {
        number % 10 == 0
            ? try? stack.send(
                "POST",
                "/api/revalidate",
                headers: [("Content-Type", "application/json")],
                body: #"{"path": "/api/campaigns"}"#
            )
            : try? stack.send("GET", "/api/ads?adAccountId=\(Stack.yen)&limit=5&q=\(UUID().uuidString)")
    }

    /// Waits for this many more responses.
    func goOn(by more: Int) throws {
        let goal = answers.total + more
        try eventually("\(more) more answers", seconds: 120) { answers.total >= goal }
    }

    /// - Returns: the number of responses by status; 0 means no response.
    @discardableResult
    func end() -> [Int: Int] {
        stopped.set()
        _ = try? clients.value()
        return answers.all
    }
}

private final class Answers: Sendable {
    private let counts = Mutex<[Int: Int]>([:])

    var all: [Int: Int] { counts.withLock { $0 } }
    var total: Int { all.values.reduce(0, +) }

    func note(_ status: Int) {
        counts.withLock { $0[status, default: 0] += 1 }
    }
}
