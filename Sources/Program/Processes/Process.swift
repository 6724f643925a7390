internal import Glibc

/// The environment of this process.
package func processEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let variable = next.pointee {
        let text = String(cString: variable)
        if let separator = text.firstIndex(of: "=") {
            variables[String(text[..<separator])] = String(text[text.index(after: separator)...])
        }
        next = next.advanced(by: 1)
    }
    return variables
}

/// The content of a small text file; `nil` when it cannot be read, or is no UTF-8 text.
package func readFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return readAll(descriptor).flatMap { String(validating: $0, as: UTF8.self) }
}

/// All of standard input.
package func readStandardInput() -> String? {
    readAll(STDIN_FILENO).flatMap { String(validating: $0, as: UTF8.self) }
}

private func readAll(_ descriptor: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count <= 1 << 20 {
        let count = read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { return nil }
        if count == 0 { return bytes }
        bytes += buffer.prefix(count)
    }
    return nil
}

/// The result of `gethostname`.
package func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    gethostname(&buffer, buffer.count - 1)
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

package func pause(seconds: Double) {
    usleep(UInt32(min(max(seconds, 0), 3600) * 1_000_000))
}

package func printError(_ text: String) {
    Array((text + "\n").utf8).withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Flushes standard output, which a pipe would otherwise buffer until the program ends.
package func flushOutput() {
    fflush(nil)
}

package func secondsSince1970() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
