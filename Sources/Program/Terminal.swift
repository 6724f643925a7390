internal import Glibc

package enum StandardStream: Int32, Sendable {
    case input = 0
    case output = 1
    case error = 2
}

package func isTerminal(_ stream: StandardStream) -> Bool {
    isatty(stream.rawValue) == 1
}

/// Prompts for a secret at the terminal, without showing what is typed.
package func promptForSecret(_ prompt: String) -> String? {
    Array(prompt.utf8).withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    var saved = termios()
    tcgetattr(STDIN_FILENO, &saved)
    var silent = saved
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &silent)
    defer {
        tcsetattr(STDIN_FILENO, TCSANOW, &saved)
        printError("")
    }
    return readLine()
}

/// One line at the terminal that is drawn again and again: `Syncing  [######····]  62 %  ads 310/500`.
package struct ProgressBar {
    private let width = 30
    private var lastLine = ""

    package init() {}

    package mutating func draw(percent: Int, _ text: String) {
        let filled = width * min(max(percent, 0), 100) / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        let line = "\r[\(bar)] \(percent < 10 ? "  " : percent < 100 ? " " : "")\(percent) %  \(text)"
        guard line != lastLine else { return }
        lastLine = line
        // "\u{1B}[K" clears what a longer line before left behind.
        emit(line + "\u{1B}[K")
    }

    package func finish() {
        emit("\n")
    }

    private func emit(_ text: String) {
        Array(text.utf8).withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
