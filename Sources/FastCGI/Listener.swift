internal import CFastCGI
internal import Glibc
package import HTTPMessages

/// The server side of FastCGI, or of plain CGI: accept, read, respond, repeat.
///
/// One process answers one request at a time. Many processes share the listening socket, which is their file
/// descriptor 0, and the kernel hands each connection to one of them.
package enum Listener {
    /// What ended the loop other than a signal.
    package struct AcceptError: Error, CustomStringConvertible {
        package let code: Int32
        package var description: String { "cannot accept a FastCGI connection: \(String(cString: strerror(code)))" }
    }

    /// Whether descriptor 0 is a listening socket. Without one the process was started as a plain CGI program.
    package static var isFastCGI: Bool { FCGX_IsCGI() == 0 }

    /// Answers requests until SIGTERM, SIGINT or SIGUSR1; a request under way is answered first. Without a FastCGI
    /// socket: answers the one request that environment and standard input hold.
    /// - Parameters:
    ///   - bodyLimit: a longer body is not read; see `HTTPRequest.isBodyTooLarge`.
    ///   - onFailure: told why the rest of a body failed after its beginning was sent. The reader of a FastCGI answer
    ///     sees a connection that breaks off.
    ///   - afterwards: called after each answer to nginx, before the next request is accepted.
    /// - Throws: `AcceptError`; without a FastCGI socket what `onFailure` would be told, since all that a CGI program
    ///   can do is to end in failure.
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
                // A signal, or `FCGX_ShutdownPending`. Anything else would fail again at once: let the supervisor
                // start another process instead of spinning.
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
        // "Sets a flag": FCGX_ShutdownPending is made to be called in a signal handler (fcgiapp.h). No SA_RESTART, so
        // that the accept under way fails with EINTR.
        action.__sigaction_handler.sa_handler = { _ in Signals.note() }
        sigaction(SIGTERM, &action, nil)
        sigaction(SIGINT, &action, nil)
        sigaction(SIGUSR1, &action, nil)
        signal(SIGPIPE, SIG_IGN)  // a client that went away is an error of the write, not the end of the process
    }
}
