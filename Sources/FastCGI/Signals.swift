internal import CFastCGI
internal import Glibc
internal import Synchronization

/// Whether the process was asked to end.
enum Signals {
    private static let flag = Atomic<Bool>(false)

    /// Interrupts the accept of one thread among several.
    static let wake = SIGUSR1

    static var received: Bool { flag.load(ordering: .relaxed) }

    /// Called by the signal handler: only sets flags.
    static func note() {
        flag.store(true, ordering: .relaxed)
        FCGX_ShutdownPending()
    }

    /// While `body` runs, signals wait: libfcgi takes a write that one interrupts for a reader that is gone. (Not while
    /// the response is made: a child process would inherit it.)
    static func withheld(_ body: () -> Void) {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGTERM, SIGINT, wake] { sigaddset(&signals, signal) }
        var before = sigset_t()
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        body()
    }
}
