internal import Glibc
internal import Model

/// Counts cache hits in nginx's access log.
package struct AccessLog {
    /// The window at its end: seconds, and bytes.
    package static let window = (seconds: 300, bytes: 4 << 20)

    private let path: String

    package init(path: String) {
        self.path = path
    }

    /// Counts nginx's cache statuses in the window, in lower case.
    /// - Parameter now: Seconds since 1970.
    /// - Returns: `nil` if the log cannot be read.
    package func cacheStatuses(now: Double) -> [String: Int]? {
        guard let tail = readTail() else { return nil }
        var counts: [String: Int] = [:]
        for line in tail.split(separator: UInt8(ascii: "\n")).reversed() {
            // A truncated or foreign line has no time.
            let pairs = line.split(separator: UInt8(ascii: " "))
            guard let text = Self.value("time", of: pairs), let time = Timestamp(text) else { continue }
            if Double(time.seconds) < now - Double(Self.window.seconds) { break }
            if let status = Self.value("cache", of: pairs), !["", "-"].contains(status) {
                counts[status.lowercased(), default: 0] += 1
            }
        }
        return counts
    }

    private func readTail() -> [UInt8]? {
        // Only regular files can be read. Without O_NONBLOCK, opening a pipe would wait.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
        let size = Int(facts.st_size)
        let length = min(size, Self.window.bytes)
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, length, size - length))
        }
    }

    /// The value of the first pair of that name.
    private static func value(_ name: String, of pairs: [ArraySlice<UInt8>]) -> String? {
        let name = Array("\(name)=".utf8)
        return pairs.first { $0.starts(with: name) }
            .map { String(decoding: $0.dropFirst(name.count), as: UTF8.self) }
    }
}
