internal import Glibc
internal import Synchronization

/// Whether this process received a request to stop. Work checks it and ends at the next good point.
package enum StopSignal {
    private static let flag = Atomic<Bool>(false)

    package static var isReceived: Bool { flag.load(ordering: .relaxed) }

    /// SIGTERM and SIGINT set the flag from now on.
    package static func watch() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in StopSignal.note() }
        sigaction(SIGTERM, &action, nil)
        sigaction(SIGINT, &action, nil)
        signal(SIGPIPE, SIG_IGN)  // a server that hung up is an error of the write, not the end of the process
    }

    private static func note() {
        flag.store(true, ordering: .relaxed)
    }
}
