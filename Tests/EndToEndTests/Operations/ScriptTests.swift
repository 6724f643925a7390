import Foundation
import HTTPMessages
import Postgres
import TestSupport
import Testing

/// scripts/run and scripts/stop on machines in various states.
@Suite(.serialized)
struct ScriptTests {
    @Test("a second run reuses the first one's cluster, token and data")
    func secondRun() throws {
        let stack = try Stack()
        let runs = try stack.number("SELECT count(*) FROM sync_runs")
        // As after a crash of everything but PostgreSQL.
        for name in ["admirror-responder", "multiwatch"] {
            try Command.killAndWait(Command.processes(named: name, with: stack.state.path))
        }
        let again = try Stack.script("run", ["--detach"], stack.state, ["PORT": "\(stack.port)"])
        #expect(again.status == 0)
        #expect(again.output.contains(stack.token))
        #expect(again.output.contains("http://127.0.0.1:\(stack.port)/"))
        #expect(again.output.contains("SIMULATED"))
        #expect(try stack.number("SELECT count(*) FROM sync_runs") == runs)
        #expect(try stack.send("GET", "/api/campaigns?adAccountId=\(Stack.yen)").status == 200)

        #expect(stack.stop()?.status == 0)
        for name in ["admirror-responder", "admirror-simulator", "admirror-sync", "multiwatch", "nginx", "postgres"] {
            #expect(Command.processes(named: name, with: stack.state.path).isEmpty, "\(name)")
        }
        #expect(stack.stop()?.status == 0)  // nothing to stop is no error
    }

    @Test("a busy port gives a message with a remedy and leaves nothing running")
    func portTaken() throws {
        let state = try Stack.newStateFolder()
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, length)
                _ = listen(descriptor, 8)
                _ = getsockname(descriptor, $0, &length)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let result = try Stack.script("run", ["--detach"], state, ["PORT": "\(port)"])
        #expect(result.status == 69)
        #expect(result.errors.contains("port \(port) is taken"))
        #expect(Command.processes(named: "admirror-responder", with: state.path).isEmpty)
    }

    @Test("bad settings are reported all at once, with exit code 78, before anything starts")
    func badSettings() throws {
        let state = try Stack.newStateFolder()
        let result = try Stack.script(
            "run",
            ["--detach"],
            state,
            ["CRON_SECRET": "short", "SYNC_INTERVAL_SECONDS": "soon", "PORT": "\(try freePort())"]
        )
        #expect(result.status == 78)
        #expect(result.errors.contains("CRON_SECRET is shorter than 32 characters"))
        #expect(result.errors.contains("SYNC_INTERVAL_SECONDS"))
        #expect(!result.errors.contains("short\n"))
        #expect(!FileManager.default.fileExists(atPath: state.appending(path: "postgres/data").path))
    }

    @Test("a half-made state folder is repaired")
    func halfMadeState() throws {
        let state = try Stack.newStateFolder()
        for folder in ["postgres/new/base", "postgres/data", "run", "secrets"] {
            try FileManager.default.createDirectory(
                at: state.appending(path: folder),
                withIntermediateDirectories: true
            )
        }
        try Data("99999999 1\n".utf8).write(to: state.appending(path: "run/nginx.pid"))
        try Data("nonsense".utf8).write(to: state.appending(path: "run/responders.pid"))
        try Data().write(to: state.appending(path: "secrets/cron_secret"))
        try Data().write(to: state.appending(path: "run/responders.sock"))
        defer { _ = try? Stack.script("stop", [], state) }
        let result = try Stack.script("run", ["--detach"], state, ["PORT": "\(try freePort())"])
        #expect(result.status == 0, "\(result.output) \(result.errors)")
        let secret = try String(contentsOf: state.appending(path: "secrets/cron_secret"), encoding: .utf8)
        #expect(secret.trimmed.count == 64)
    }

    @Test("Ctrl-C in the foreground stops everything")
    func foreground() throws {
        let state = try Stack.newStateFolder()
        let port = try freePort()
        let log = state.deletingLastPathComponent().appending(path: "foreground.log").path
        // setsid: a terminal's Ctrl-C goes to the foreground process group: the shell and its tail only.
        let script = """
            setsid sh -c 'trap - INT; exec scripts/run' >'\(log)' 2>&1 </dev/null & echo $!
            """
        let started = try Command.run(
            "/bin/sh",
            ["-c", "cd '\(Stack.root)'\n\(script)"],
            environment: ProcessInfo.processInfo.environment.merging([
                "ADMIRROR_STATE_DIR": state.path, "ADMIRROR_ENV_FILE": "/dev/null", "PORT": "\(port)",
                "ADMIRROR_POSTGRES_OPTIONS": "-F",
            ]) { $1 }
        )
        let process = try #require(Int32(started.output.trimmed))
        defer { _ = try? Stack.script("stop", [], state) }
        try eventually("it follows its logs", seconds: 60) {
            (try? String(contentsOfFile: log, encoding: .utf8))?.contains("The logs follow.") == true
        }
        #expect(!Command.processes(named: "admirror-responder", with: state.path).isEmpty)
        kill(-process, SIGTERM)
        try eventually("it stops", seconds: 30) {
            (try? String(contentsOfFile: log, encoding: .utf8))?.contains("==> Stopped") == true
        }
        for name in ["admirror-responder", "admirror-simulator", "multiwatch", "postgres"] {
            #expect(Command.processes(named: name, with: state.path).isEmpty, "\(name)")
        }
    }

    @Test(
        "every script has help",
        arguments: ["run", "stop", "test", "with-postgres", "admirror", "install", "package"]
    )
    func help(script: String) throws {
        let stack = try Stack.newStateFolder()
        let result = try Command.run(
            "\(Stack.root)/scripts/\(script)",
            ["--help"],
            environment: ProcessInfo.processInfo.environment.merging(["ADMIRROR_STATE_DIR": stack.path]) { $1 }
        )
        #expect(result.status == 0)
        #expect(result.output.contains(script))
    }
}
