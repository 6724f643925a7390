internal import CFastCGI
internal import Glibc
package import HTTPMessages

/// The server side of FastCGI, or of plain CGI: accept, read, respond, repeat.
///
/// One process answers one request at a time. Many processes share the listening socket, which is their file
/// descriptor 0, and the kernel hands each connection to one of them.
package enum Listener {
    /// The error that ended the loop; `nil` after a signal.
    package struct AcceptError: Error, CustomStringConvertible {
        package let code: Int32
        package var description: String { "cannot accept a FastCGI connection: \(String(cString: strerror(code)))" }
    }

    /// Whether descriptor 0 is a listening socket. Without one the process was started as a plain CGI program.
    package static var isFastCGI: Bool { FCGX_IsCGI() == 0 }

    /// Answers requests until SIGTERM, SIGINT or SIGUSR1, after which the current request is finished. Without a
    /// FastCGI socket it answers the one request in the environment and on standard input.
    /// - Parameters:
    ///   - bodyLimit: A longer body is not read; see `HTTPRequest.isBodyTooLarge`.
    ///   - onFailure: Receives the error if the rest of a body fails after its beginning was sent. The reader sees a
    ///     broken connection.
    ///   - afterwards: Called after each response, before the next request is accepted.
    /// - Throws: `AcceptError`. Without a FastCGI socket, the error that `onFailure` would receive, because a CGI
    ///   program can only exit with a failure.
    package static func serve(
        bodyLimit: Int,
        onFailure: (any Error) -> Void = { _ in },
        afterwards: () -> Void = {},
        _ respond: (HTTPRequest) -> HTTPReply
    ) throws {
        guard isFastCGI else {
            let exchange = CommonGateway()
            return try exchange.write(exchange.answer(bodyLimit: bodyLimit, respond))
        }
        FCGX_Init()
        endOnSignals()
        var connection = FCGX_Request()
        FCGX_InitRequest(&connection, 0, FCGI_FAIL_ACCEPT_ON_INTR)
        while true {
            let accepted = FCGX_Accept_r(&connection)
            guard accepted >= 0 else {
                // A signal, or `FCGX_ShutdownPending`. Any other error would repeat at once: let the supervisor start
                // another process instead of spinning.
                if accepted == -EINTR || Signals.received { return }
                throw AcceptError(code: -accepted)
            }
            answer(&connection, bodyLimit: bodyLimit, onFailure: onFailure, respond)
            afterwards()
        }
    }

    /// Answers the request that was accepted, and ends its connection.
    static func answer(
        _ connection: inout FCGX_Request,
        bodyLimit: Int,
        onFailure: (any Error) -> Void,
        _ respond: (HTTPRequest) -> HTTPReply
    ) {
        // nginx asks for connections to be kept (snippets/fastcgi.conf says why) and then closes each of them. One that
        // was kept would hold this process while others wait.
        connection.keepConnection = 0
        let exchange = FastCGIExchange(connection)
        let answer = exchange.answer(bodyLimit: bodyLimit, respond)
        Signals.withheld {
            do {
                try exchange.write(answer)
                FCGX_Finish_r(&connection)
            } catch {
                // Without FCGI_END_REQUEST, which FCGX_Finish_r would write: the reader sees that more was to come.
                FCGX_Free(&connection, 1)
                onFailure(error)
            }
        }
    }

    private static func endOnSignals() {
        var action = sigaction()
        // "Sets a flag": FCGX_ShutdownPending may be called in a signal handler (fcgiapp.h). Without SA_RESTART, so
        // that a waiting accept fails with EINTR.
        action.__sigaction_handler.sa_handler = { _ in Signals.note() }
        sigaction(SIGTERM, &action, nil)
        sigaction(SIGINT, &action, nil)
        sigaction(SIGUSR1, &action, nil)
        signal(SIGPIPE, SIG_IGN)  // a client that went away is an error of the write, not the end of the process
    }
}
