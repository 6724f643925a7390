internal import Glibc
package import Logging

/// Writes each event as one line of `key=value` pairs to standard error. Values that hold anything but plain characters
/// are quoted and escaped, so that no text from outside can make another line, or another pair.
package struct LogLines: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level = .info
    private let program: String

    /// Makes every `Logger` of this process write such lines.
    package static func bootstrap() {
        LoggingSystem.bootstrap { LogLines(program: $0) }
    }

    init(program: String) {
        self.program = program
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let request = RequestID.current
        if !request.isEmpty { all["request_id"] = "\(request)" }
        let line = Self.line(
            time: Self.now(),
            level: event.level,
            program: program,
            message: event.message.description,
            fields: all.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) }
        )
        // One write, so that lines of several processes do not mix.
        Array((line + "\n").utf8).withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    static func line(
        time: String,
        level: Logger.Level,
        program: String,
        message: String,
        fields: [(String, String)]
    ) -> String {
        ([("time", time), ("level", level.rawValue), ("program", program), ("event", message)] + fields)
            .map { "\($0.0)=\(quoted($0.1))" }
            .joined(separator: " ")
    }

    private static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty
            && value.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=")
            }
        if isPlain { return value }
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\n": text += "\\n"
            case _
            where scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    private static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var seconds = time.tv_sec
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 32)
        strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
        let milliseconds = String(1000 + time.tv_nsec / 1_000_000).dropFirst()
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            + ".\(milliseconds)Z"
    }
}
