internal import CFastCGI
internal import Glibc
package import HTTPMessages
internal import Synchronization

extension Listener {
    /// Whether the process received a request to stop. Code that delays a response then stops waiting.
    package static var isEnding: Bool { Signals.received }

    /// Answers requests on several threads until SIGTERM, SIGINT or SIGUSR1, after which current requests are finished.
    /// For programs whose responses wait more than they compute.
    ///
    /// Needs a FastCGI socket. Call it before other threads exist, because it blocks the signals in all of them.
    /// - Parameters:
    ///   - bodyLimit: A longer body is not read; see `HTTPRequest.isBodyTooLarge`.
    ///   - onFailure: Receives the error of a failed body, on the thread that wrote it.
    package static func serve(
        threads: Int,
        bodyLimit: Int,
        onFailure: @escaping @Sendable (any Error) -> Void = { _ in },
        _ respond: @escaping @Sendable (HTTPRequest) -> HTTPReply
    ) throws {
        guard isFastCGI, threads > 1 else { return try serve(bodyLimit: bodyLimit, onFailure: onFailure, respond) }
        FCGX_Init()
        signal(SIGPIPE, SIG_IGN)
        // Threads inherit the mask, so that the signals wait for `sigwait`.
        var ends = Signals.ends
        pthread_sigmask(SIG_BLOCK, &ends, nil)
        Worker.letAcceptBeInterrupted()

        let workers = (0..<threads).map { _ in Worker(bodyLimit: bodyLimit, onFailure: onFailure, respond: respond) }
        let handles = workers.map { $0.start() }
        var received: Int32 = 0
        sigwait(&ends, &received)
        Signals.note()
        // One that is on its way into the accept misses the signal; so it is sent until all have ended.
        while workers.contains(where: { !$0.hasEnded.load(ordering: .acquiring) }) {
            for (worker, handle) in zip(workers, handles) where worker.isAccepting.load(ordering: .acquiring) {
                pthread_kill(handle, Signals.wake)
            }
            usleep(5000)
        }
        for handle in handles { pthread_join(handle, nil) }
        let codes = workers.map { $0.failure.load(ordering: .relaxed) }
        if let code = codes.first(where: { $0 != 0 }) { throw AcceptError(code: code) }
    }
}

/// One thread that accepts, reads, responds, and repeats.
private final class Worker: Sendable {
    let isAccepting = Atomic<Bool>(false)
    let hasEnded = Atomic<Bool>(false)
    /// Why accepting failed; 0 after a request to stop.
    let failure = Atomic<Int32>(0)

    private let bodyLimit: Int
    private let onFailure: @Sendable (any Error) -> Void
    private let respond: @Sendable (HTTPRequest) -> HTTPReply

    init(
        bodyLimit: Int,
        onFailure: @escaping @Sendable (any Error) -> Void,
        respond: @escaping @Sendable (HTTPRequest) -> HTTPReply
    ) {
        self.bodyLimit = bodyLimit
        self.onFailure = onFailure
        self.respond = respond
    }

    static func letAcceptBeInterrupted() {
        var action = sigaction()
        // Does nothing. Without SA_RESTART, a waiting accept fails with EINTR.
        action.__sigaction_handler.sa_handler = { _ in }
        sigaction(Signals.wake, &action, nil)
    }

    func start() -> pthread_t {
        var handle = pthread_t()
        let code = pthread_create(
            &handle,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Worker>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            Unmanaged.passRetained(self).toOpaque()
        )
        precondition(code == 0, "cannot start a thread: \(String(cString: strerror(code)))")
        return handle
    }

    private func run() {
        // Accepting needs no lock: the kernel gives each connection to one waiting thread.
        var connection = FCGX_Request()
        FCGX_InitRequest(&connection, 0, FCGI_FAIL_ACCEPT_ON_INTR)
        while !Signals.received {
            isAccepting.store(true, ordering: .releasing)
            let accepted = FCGX_Accept_r(&connection)
            isAccepting.store(false, ordering: .releasing)
            guard accepted >= 0 else {
                if accepted != -EINTR, !Signals.received {
                    failure.store(-accepted, ordering: .relaxed)
                    kill(getpid(), SIGTERM)  // to the thread that waits for signals: all end together
                }
                break
            }
            Listener.answer(&connection, bodyLimit: bodyLimit, onFailure: onFailure, respond)
        }
        hasEnded.store(true, ordering: .releasing)
    }
}
