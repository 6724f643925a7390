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

    /// Answers requests until SIGTERM or SIGINT; a request under way is answered first. Without a FastCGI socket:
    /// answers the one request that environment and standard input hold.
    /// - Parameter bodyLimit: a longer body is not read; see `HTTPRequest.isBodyTooLarge`.
    package static func serve(bodyLimit: Int, _ respond: (HTTPRequest) -> HTTPResponse) throws(AcceptError) {
        guard isFastCGI else {
            let exchange = CommonGateway()
            return answer(exchange, bodyLimit: bodyLimit, respond)
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
            answer(FastCGIExchange(connection), bodyLimit: bodyLimit, respond)
            FCGX_Finish_r(&connection)
        }
    }

    static func answer(_ exchange: some Exchange, bodyLimit: Int, _ respond: (HTTPRequest) -> HTTPResponse) {
        let request = exchange.request(bodyLimit: bodyLimit)
        exchange.write(Answer(response: respond(request), hasBody: request.method != "HEAD"))
    }

    private static func endOnSignals() {
        var action = sigaction()
        // "Sets a flag": FCGX_ShutdownPending is made to be called in a signal handler (fcgiapp.h). No SA_RESTART, so
        // that the accept under way fails with EINTR.
        action.__sigaction_handler.sa_handler = { _ in Signals.note() }
        sigaction(SIGTERM, &action, nil)
        sigaction(SIGINT, &action, nil)
        signal(SIGPIPE, SIG_IGN)  // a client that went away is an error of the write, not the end of the process
    }
}
