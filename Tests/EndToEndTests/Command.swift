import Foundation

/// A program that was run to its end.
enum Command {
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// - Parameter seconds: the time limit. The program is then killed, and its status names the signal.
    static func run(
        _ program: String,
        _ arguments: [String] = [],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        input: String = "",
        seconds: Double = 120
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(input.utf8).write(to: folder.appending(path: "input"))

        // Files instead of pipes, and no Foundation.Process: it considers a program running while anything holds a
        // socket that it passes on. A server that the program left behind must not delay us.
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, name, mode) in [(0, "input", O_RDONLY), (1, "output", O_WRONLY), (2, "errors", O_WRONLY)] {
            let path = folder.appending(path: name).path
            posix_spawn_file_actions_addopen(&actions, Int32(descriptor), path, mode | O_CREAT, S_IRUSR | S_IWUSR)
        }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for copy in words + variables { free(copy) }
        }
        var process = pid_t()
        let code = posix_spawn(&process, program, &actions, nil, &words, &variables)
        guard code == 0 else { throw Failure("cannot start \(program): \(String(cString: strerror(code)))") }
        let status = wait(for: process, seconds: seconds)
        return Result(
            status: status,
            output: String(decoding: try Data(contentsOf: folder.appending(path: "output")), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: folder.appending(path: "errors")), as: UTF8.self)
        )
    }

    /// The exit code, or 128 plus the number of the signal that ended the program.
    private static func wait(for process: pid_t, seconds: Double) -> Int32 {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var status: Int32 = 0
        while waitpid(process, &status, WNOHANG) == 0 {
            if ContinuousClock.now > deadline { kill(process, SIGKILL) }
            usleep(5000)
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// Processes whose program has this name and whose environment names this folder or something in it. Excludes
    /// processes that were just forked: they have the parent's name and arguments until they become another program.
    static func processes(named name: String, with folder: String) -> [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let found = all.compactMap { Int32($0) }.filter { process in
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/exe")
            guard program?.hasSuffix("/\(name)") == true,
                let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ")
            else { return false }
            // Not another folder, whose name only begins with the name of this one.
            let variables = String(decoding: environment, as: UTF8.self)
            return variables.contains("\(folder)\0") || variables.contains("\(folder)/")
        }
        let arguments = { (process: Int32) in FileManager.default.contents(atPath: "/proc/\(process)/cmdline") }
        return found.filter { process in
            guard let parent = parent(of: process) else { return false }
            return !found.contains(parent) || arguments(process) != arguments(parent)
        }
    }

    /// Kills processes and waits until each has ended. A killed process that the kernel has not run since can still
    /// accept a connection, which then breaks: on a busy machine, all four attempts of nginx can meet such processes.
    static func killAndWait(_ processes: [Int32]) throws {
        for process in processes { kill(process, SIGKILL) }
        try eventually("killed processes end") { processes.allSatisfy { !isRunning($0) } }
    }

    /// False if the process is gone, or has closed all its files and only waits for its parent.
    private static func isRunning(_ process: Int32) -> Bool {
        facts(of: process).first.map { $0 != "Z" && $0 != "X" } ?? false
    }

    /// `nil` if the process is gone.
    static func parent(of process: Int32) -> Int32? {
        facts(of: process).dropFirst().first.flatMap { Int32($0) }
    }

    /// The state of a process, its parent, and the other fields of the kernel's `stat` file; empty if the process is
    /// gone.
    private static func facts(of process: Int32) -> [Substring] {
        let facts = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        // These fields follow the name in brackets.
        return facts.split(separator: ") ").last?.split(separator: " ") ?? []
    }
}
