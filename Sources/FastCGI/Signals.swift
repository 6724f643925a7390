internal import CFastCGI
internal import Glibc
internal import Synchronization

/// Whether the process was asked to end.
enum Signals {
    private static let flag = Atomic<Bool>(false)

    /// Signals that end the process. FastCGI's process managers, such as multiwatch, send SIGUSR1.
    static var ends: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGTERM, SIGINT, SIGUSR1] { sigaddset(&signals, signal) }
        return signals
    }

    /// Interrupts the accept of one thread among several.
    static let wake = SIGUSR2

    static var received: Bool { flag.load(ordering: .relaxed) }

    /// Called by the signal handler: only sets flags.
    static func note() {
        flag.store(true, ordering: .relaxed)
        FCGX_ShutdownPending()
    }

    /// While `body` runs, signals wait: libfcgi takes a write that one interrupts for a reader that is gone. (Not while
    /// the response is made: a child process would inherit it.)
    static func withheld(_ body: () -> Void) {
        var signals = ends
        sigaddset(&signals, wake)
        var before = sigset_t()
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        body()
    }
}
