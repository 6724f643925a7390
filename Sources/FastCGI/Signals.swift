internal import CFastCGI
internal import Synchronization

/// Whether the process was asked to end.
enum Signals {
    private static let flag = Atomic<Bool>(false)

    static var received: Bool { flag.load(ordering: .relaxed) }

    /// Called by the signal handler: only sets flags.
    static func note() {
        flag.store(true, ordering: .relaxed)
        FCGX_ShutdownPending()
    }
}
