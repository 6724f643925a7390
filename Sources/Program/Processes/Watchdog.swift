internal import Glibc

/// Ends a process that has not reset it for long, wherever it hangs. Other limits end everything sooner; this one
/// catches unexpected hangs.
package enum Watchdog {
    /// Longer than a statement may take, and shorter than others wait before they take a hanging process for dead.
    private static let seconds: UInt32 = 840

    /// Puts it off. The first call starts it.
    package static func reset() {
        // Only what may be done in a signal handler: one write, and out.
        signal(SIGALRM) { _ in
            let text: StaticString = "no progress for 14 minutes: the watchdog stops the process\n"
            _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
            _exit(1)
        }
        alarm(seconds)
    }
}
