import Program

/// Open files of nginx's workers: the limit, and what the connections may need.
struct NginxDescriptors: Equatable {
    let allowed: Int
    let connections: Int

    /// A connection has a socket, and at most the files of a cached authorization and of a cached answer. Files that stay
    /// open, logs and listening sockets are some 500.
    var needed: Int { 3 * connections + 512 }
    var suffice: Bool { allowed >= needed }

    /// - Parameter dump: what `nginx -T` prints.
    /// - Returns: `nil` when it says nothing of the limit, and nginx does not run.
    init?(dump: String) {
        // Default: 512
        connections = dump.firstMatch(of: #/\bworker_connections\s+(\d+);/#).flatMap { Int($0.output.1) } ?? 512
        if let own = dump.firstMatch(of: #/\bworker_rlimit_nofile\s+(\d+);/#).flatMap({ Int($0.output.1) }) {
            allowed = own
        } else if let limit = Self.limitOfRunning(dump) {
            allowed = limit
        } else {
            return nil
        }
    }

    /// Workers inherit it from the process that the pid file names.
    private static func limitOfRunning(_ dump: String) -> Int? {
        let file = dump.firstMatch(of: #/\bpid\s+"?([^";]+)"?;/#).map { String($0.output.1) } ?? "/run/nginx.pid"
        guard let process = readFile(file).flatMap({ Int($0.prefix { $0.isNumber }) }),
            let limits = readFile("/proc/\(process)/limits"),
            let line = limits.firstMatch(of: #/Max open files +(\d+)/#)
        else { return nil }
        return Int(line.output.1)
    }
}
