internal import Glibc

/// A program that was run to its end.
package struct ProgramOutput: Sendable {
    /// Its exit code; `nil` when a signal ended it, or its time was over.
    package let status: Int?
    /// The contents of both outputs, at most 4 MiB in total; the rest is omitted.
    package let text: String

    /// - Parameters:
    ///   - words: the program, which is looked for in `PATH` and where servers lie, and its arguments.
    ///   - limit: seconds after which it is killed.
    /// - Returns: `nil` when it cannot be started.
    package static func of(_ words: [String], within limit: Double = 15) -> ProgramOutput? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let process = start(words, output: ends[1])
        close(ends[1])
        guard let process else { return nil }
        let (bytes, isWhole) = readAll(from: ends[0], until: secondsSince1970() + limit)
        if !isWhole { kill(process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return ProgramOutput(
            status: status & 0x7F == 0 ? Int(status >> 8 & 0xFF) : nil,
            text: String(decoding: bytes, as: UTF8.self)
        )
    }

    /// - Returns: what fits of it, and whether the end was seen.
    private static func readAll(from descriptor: Int32, until deadline: Double) -> (bytes: [UInt8], isWhole: Bool) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let left = deadline - secondsSince1970()
            var end = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard left > 0 else { return (bytes, false) }
            guard poll(&end, 1, Int32(left * 1000) + 1) > 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return (bytes, true) }
            bytes += buffer.prefix(min(count, (4 << 20) - bytes.count))
        }
    }

    private static func start(_ words: [String], output: Int32) -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        // An environment without AdMirror's variables, so without secrets. The usual PATH seldom has the folders of
        // servers.
        let path = processEnvironment()["PATH"].map { "\($0):" } ?? ""
        var variables = [strdup("PATH=\(path)/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"), nil]
        var arguments = words.map { strdup($0) } + [nil]
        defer {
            for copy in arguments + variables { free(copy) }
        }
        var process = pid_t()
        for folder in "\(path)/usr/local/sbin:/usr/sbin:/sbin".split(separator: ":") {
            let program = words[0].hasPrefix("/") ? words[0] : "\(folder)/\(words[0])"
            if posix_spawn(&process, program, &actions, nil, &arguments, &variables) == 0 { return process }
        }
        return nil
    }
}
