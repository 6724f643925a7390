import Foundation
import HTTPClient
import HTTPMessages
import Postgres
import Synchronization
import TestSupport

/// AdMirror as `scripts/run --detach` starts it, in its own state folder, on a free port, with the programs just built.
/// `stop()` stops it, or scripts/test at the end.
final class Stack: Sendable {
    let state: URL
    let port: Int
    let token: String
    /// The simulator's demo accounts.
    static let dollars = "1569761797025413"
    static let yen = "798085168510957"
    static let euros = "212551616838260"

    private static let count = Atomic<Int>(0)

    convenience init(_ settings: [String: String] = [:]) throws {
        try self.init(at: Self.newStateFolder(), settings)
    }

    /// - Parameter openFiles: each process's limit of open files.
    init(at state: URL, _ settings: [String: String] = [:], openFiles: Int? = nil) throws {
        self.state = state
        port = try freePort()
        let run = try Self.script(
            "run",
            ["--detach"],
            state,
            ["PORT": "\(port)"].merging(settings) { $1 },
            openFiles: openFiles
        )
        guard run.status == 0 else { throw Failure("scripts/run: \(run.output)\n\(run.errors)") }
        token = try String(contentsOf: state.appending(path: "secrets/access_token"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    deinit {
        stop()
    }

    static func newStateFolder() throws -> URL {
        guard let root = ProcessInfo.processInfo.environment["ADMIRROR_TEST_ROOT"] else {
            throw Failure("ADMIRROR_TEST_ROOT is not set: run the tests with scripts/test")
        }
        let name = "stack-\(getpid())-\(count.add(1, ordering: .relaxed).newValue)"
        return URL(filePath: "\(root)/\(name)", directoryHint: .isDirectory)
    }

    @discardableResult
    func stop() -> Command.Result? {
        try? Self.script("stop", [], state)
    }

    // MARK: Scripts and programs

    static func script(
        _ name: String,
        _ arguments: [String],
        _ state: URL,
        _ settings: [String: String] = [:],
        openFiles: Int? = nil
    ) throws -> Command.Result {
        // A clean environment: the developer's settings must not affect a test.
        var environment = ProcessInfo.processInfo.environment.filter { name, _ in
            ["PATH", "HOME", "LANG", "TMPDIR", "ADMIRROR_BIN_DIR"].contains(name)
        }
        environment["ADMIRROR_STATE_DIR"] = state.path
        environment["ADMIRROR_ENV_FILE"] = "/dev/null"
        environment["ADMIRROR_POSTGRES_OPTIONS"] = "-F"
        // Older days are most of the work of a first sync, and these tests do not need them.
        environment["INSIGHTS_HISTORY_DAYS"] = "30"
        // Some pictures, not those of all ads.
        environment["PICTURES_MB"] = "1"
        environment.merge(settings) { $1 }
        let program = "\(root)/scripts/\(name)"
        guard let openFiles else { return try Command.run(program, arguments, environment: environment) }
        let limited = ["-c", "ulimit -n \(openFiles); exec \"$0\" \"$@\"", program] + arguments
        return try Command.run("/bin/sh", limited, environment: environment)
    }

    @discardableResult
    func admirror(_ arguments: String..., input: String = "") throws -> Command.Result {
        try Command.run(
            "\(Self.root)/scripts/admirror",
            arguments,
            environment: ProcessInfo.processInfo.environment.merging(["ADMIRROR_STATE_DIR": state.path]) { $1 },
            input: input
        )
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// A line of the settings that scripts/run wrote for scripts/admirror.
    func setting(_ name: String) throws -> String {
        let lines = try String(contentsOf: state.appending(path: "settings"), encoding: .utf8).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("export \(name)='") }) else { throw Failure("no \(name)") }
        return String(line.dropFirst("export \(name)='".count).dropLast())
    }

    func secret(_ name: String) throws -> String {
        try String(contentsOf: state.appending(path: "secrets/\(name)"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    // MARK: HTTP

    /// Sends a request through nginx, with the token of scripts/run unless another is given.
    func send(
        _ method: String = "GET",
        _ target: String,
        token: String?? = .none,
        headers: [(String, String)] = [],
        body: String = ""
    ) throws -> HTTPResponse {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var fields = HTTPHeaders()
        if let token = token ?? self.token { fields.add("Authorization", "Bearer \(token)") }
        for (name, value) in headers { fields.add(name, value) }
        let client = try HTTPClient(baseURL: "http://127.0.0.1:\(port)")
        return try client.send(
            HTTPRequest(
                method: method,
                path: parts[0],
                query: parts.count > 1 ? parts[1] : "",
                headers: fields,
                body: Array(body.utf8)
            )
        )
    }

    /// The response from nginx's cache. It may be missing for a moment after its first reader has received it.
    func hit(_ target: String, headers: [(String, String)] = []) throws -> HTTPResponse {
        var response = try send("GET", target, headers: headers)
        try eventually("\(target) is kept", seconds: 5) {
            if response.headers["X-Cache"] != "HIT" { response = try send("GET", target, headers: headers) }
            return response.headers["X-Cache"] == "HIT"
        }
        return response
    }

    func postSync(_ account: String, isForced: Bool = true) throws -> HTTPResponse {
        try send(
            "POST",
            "/api/sync",
            headers: [("Content-Type", "application/json")],
            body: #"{"adAccountId":"\#(account)","force":\#(isForced)}"#
        )
    }

    /// Sends an order to the simulator.
    func order(_ json: String) throws {
        let response = try send("POST", "/simulator/_control", body: json)
        guard response.status == 200 else { throw Failure(response.text) }
    }

    // MARK: Database

    func database() throws -> Connection {
        Connection(
            Connection.Options(
                url: try setting("DATABASE_URL"),
                applicationName: "tests",
                statementTimeout: 10_000,
                responseTimeout: 10_000
            )
        )
    }

    func number(_ query: Query) throws -> Int {
        try database().firstRow(query) { try $0.integer(0) } ?? 0
    }

    /// Makes an account's data older than the interval.
    func makeStale(_ account: String) throws {
        try database().execute(
            "UPDATE ad_accounts SET last_synced_at = now() - interval '1 hour' WHERE facebook_account_id = \(account)"
        )
    }

    /// Waits until no child is running, including those that read history: a running child also does the runs that
    /// others request.
    func waitForChildren() throws {
        try eventually("the children end", seconds: 60) {
            Command.processes(named: "admirror-sync", with: state.path).isEmpty
        }
    }

    /// Waits until the account has no open run.
    func waitForSync(_ account: String) throws {
        try eventually("the sync of \(account) ends") {
            try number(
                """
                SELECT count(*) FROM sync_runs r JOIN ad_accounts a ON a.id = r.ad_account_id
                WHERE a.facebook_account_id = \(account) AND r.finished_at IS NULL
                """
            ) == 0
        }
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Repeats the check until it holds. Fails after a time that no healthy machine needs.
func eventually(_ what: String, seconds: Double = 20, _ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
        guard ContinuousClock.now < deadline else { throw Failure("never: \(what)") }
        usleep(20_000)
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object.
    func json() throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            throw Failure("no JSON object: \(text)")
        }
        return object
    }

    /// The `code` of an error body.
    var code: String? { (try? json())?["code"] as? String }
}
