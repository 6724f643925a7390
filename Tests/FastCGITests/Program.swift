import Foundation

/// A program in the background. It is ended when this value is released, at the latest.
final class Program {
    private let process: pid_t
    /// The status from `waitpid`, once the program has ended.
    private var status: Int32?

    /// - Parameters:
    /// - command: words separated by spaces; the program is searched in `PATH`.
    ///   - output: a file.
    init(
        _ command: String,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        output: String = "/dev/null"
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT, S_IRUSR | S_IWUSR)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        // The tests' threads block signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        let words = command.split(separator: " ").map(String.init)
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for copy in arguments + variables { free(copy) }
        }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin"
        let files = words[0].contains("/") ? [words[0]] : folders.split(separator: ":").map { "\($0)/\(words[0])" }
        guard let file = files.first(where: { access($0, X_OK) == 0 }) else {
            throw Failure("\(words[0]) is not there")
        }
        var process = pid_t()
        let code = posix_spawn(&process, file, &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw Failure("cannot start \(file): \(String(cString: strerror(code)))") }
        self.process = process
    }

    deinit {
        end(SIGTERM)
    }

    var hasEnded: Bool {
        var status: Int32 = 0
        if self.status == nil, waitpid(process, &status, WNOHANG) == process { self.status = status }
        return self.status != nil
    }

    func signal(_ signal: Int32) {
        if !hasEnded { kill(process, signal) }
    }

    /// Waits for the program's end, 20 seconds at most.
    /// - Returns: the exit code, or 128 plus the number of the signal that ended the program.
    @discardableResult
    func wait() -> Int32 {
        let deadline = ContinuousClock.now + .seconds(20)
        while !hasEnded {
            if ContinuousClock.now > deadline { kill(process, SIGKILL) }
            usleep(5000)
        }
        let status = status ?? 0
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    func end(_ signal: Int32) {
        self.signal(signal)
        wait()
    }
}
