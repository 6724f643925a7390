internal import Glibc

/// A child that outlives us: started, never waited for.
package struct DetachedProcess {
    /// A program in the same folder as the running one.
    private let program: String
    private let arguments: [String]
    private let environment: [String: String]
    /// Where the child's standard error goes; `nil` for where ours goes.
    private let errorLog: String?

    package struct SpawnError: Error, CustomStringConvertible {
        package let program: String
        package let code: Int32
        package var description: String { "cannot start \(program): \(String(cString: strerror(code)))" }
    }

    package init(program: String, arguments: [String], environment: [String: String], errorLog: String?) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.errorLog = errorLog
    }

    /// Starts the child with three descriptors of its own. It leaves our session by itself (`Detachment.complete`),
    /// because `POSIX_SPAWN_SETSID` is not visible from Swift.
    package func start() throws(SpawnError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A responder's descriptor 0 is the listening socket, and its 1 may be the answer to a request: a child that
        // kept one would keep it open.
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        if let errorLog {
            posix_spawn_file_actions_addopen(
                &actions,
                STDERR_FILENO,
                errorLog,
                O_WRONLY | O_APPEND | O_CREAT,
                S_IRUSR | S_IWUSR | S_IRGRP
            )
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The child must not ignore the signals that this process ignores.
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGCHLD, SIGPIPE, SIGTERM, SIGINT, SIGHUP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

        let path = Self.directory + "/" + program
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for copy in words + variables { free(copy) }
        }
        var process = pid_t()
        let code = posix_spawn(&process, path, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw SpawnError(program: program, code: code) }
    }

    /// The folder of the running program.
    static var directory: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let path = String(decoding: buffer.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    }
}

/// The child's side.
package enum Detachment {
    /// Leaves the parent's session and drops every descriptor but the three.
    package static func complete() {
        setsid()
        closefrom(3)
    }

    /// Finished children leave no zombies behind.
    package static func ignoreChildren() {
        signal(SIGCHLD, SIG_IGN)
    }
}
