internal import CCurl
package import HTTPMessages

/// Sends requests to one server with libcurl, several at a time, from one thread.
///
/// TLS is verified. Redirects are returned, never followed, so that headers never reach another host. Gzip is accepted
/// and decompressed. Connections stay open between requests; over TLS, an HTTP/2 server gets all requests on one.
///
/// Transfers progress only inside `start`, `next` and `send`, while the time limits keep running.
package final class HTTPClient: HTTPExchanges {
    package struct Limits: Sendable {
        /// Seconds until there is a connection, with TLS.
        package var connect = 10
        /// Seconds for a whole exchange.
        package var exchange = 180
        /// Seconds with less than a byte per second after which an exchange is given up.
        package var silence = 60
        /// Bytes of a body, as it comes and after gzip was undone.
        package var body = 32 << 20
        /// Bytes of all header lines of an answer.
        package var headers = 256 << 10
        /// Concurrent requests, and connections to the server. Further requests wait, and their time limit has not
        /// started.
        package var connections = 8
        /// Whether to connect to public addresses only, whatever names resolve to, and without a proxy.
        package var onlyPublicAddresses = false

        package init() {}
    }

    private typealias Delivery = (Result<HTTPResponse, TransportError>) -> Void

    private let server: Transfer.Server
    private let multi: UnsafeMutableRawPointer
    private var waiting: [(request: HTTPRequest, deliver: Delivery)] = []
    private var underWay: [(transfer: Transfer, deliver: Delivery)] = []
    private var idle: [Transfer] = []
    private var arrived: [HTTPExchange] = []

    /// - Parameters:
    ///   - baseURL: what goes before each request's path, such as `https://graph.facebook.com`.
    ///   - authorities: a file with the certificates to trust instead of the system's.
    package init(
        baseURL: String,
        limits: Limits = Limits(),
        authorities: String? = nil
    ) throws(TransportError) {
        guard baseURL.hasPrefix("http://") || baseURL.hasPrefix("https://") else {
            throw TransportError(code: .failed, message: "the address does not start with http:// or https://")
        }
        guard Self.isReady, let multi = curl_multi_init() else {
            throw TransportError(code: .failed, message: "out of memory")
        }
        self.multi = multi
        server = Transfer.Server(baseURL: baseURL, limits: limits, authorities: authorities)
        admirror_curl_multi_set_long(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX)
        admirror_curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, limits.connections)
    }

    private static let isReady = curl_global_init(Int(CURL_GLOBAL_SSL)) == CURLE_OK

    deinit {
        for (transfer, _) in underWay {
            curl_multi_remove_handle(multi, transfer.handle)
        }
        curl_multi_cleanup(multi)
    }

    // MARK: Exchanges

    /// Sends a request and waits for its response. Other requests continue meanwhile.
    package func send(_ request: HTTPRequest) throws(TransportError) -> HTTPResponse {
        var result: Result<HTTPResponse, TransportError>?
        waiting.append((request, { result = $0 }))
        advance()
        while result == nil {
            wait(.seconds(1))
            advance()
        }
        return try result!.get()
    }

    package func start(_ request: HTTPRequest, number: Int) {
        waiting.append(
            (
                request,
                { [unowned self] result in
                    arrived.append(HTTPExchange(number: number, result: result.mapError { $0 }))
                }
            )
        )
        advance()
    }

    package func next(within seconds: Double) -> HTTPExchange? {
        let end = ContinuousClock.now + .seconds(min(seconds, 3600))
        while true {
            advance()
            if !arrived.isEmpty { return arrived.removeFirst() }
            let left = ContinuousClock.now.duration(to: end)
            guard !underWay.isEmpty, left > .zero else { return nil }
            wait(left)
        }
    }

    package func cancelAll() {
        _ = takeBackAll()
        arrived = []
    }

    // MARK: libcurl at work

    /// Does what can be done without waiting.
    private func advance() {
        repeat {
            begin()
            var running: Int32 = 0
            let code = curl_multi_perform(multi, &running)
            guard code == CURLM_OK else { return fail(code) }
            collect()
        } while !waiting.isEmpty && underWay.count < server.limits.connections
    }

    /// Puts requests on their way as far as there is room.
    private func begin() {
        while !waiting.isEmpty, underWay.count < server.limits.connections {
            let (request, deliver) = waiting.removeFirst()
            do throws(TransportError) {
                let transfer = if let used = idle.popLast() { used } else { try Transfer(to: server) }
                try transfer.prepare(request)
                let code = curl_multi_add_handle(multi, transfer.handle)
                guard code == CURLM_OK else { throw TransportError(multi: code) }
                underWay.append((transfer, deliver))
            } catch {
                deliver(.failure(error))
            }
        }
    }

    private func collect() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left)?.pointee {
            guard message.msg == CURLMSG_DONE,
                let index = underWay.firstIndex(where: { $0.transfer.handle == message.easy_handle })
            else { continue }
            let (transfer, deliver) = underWay.remove(at: index)
            let code = message.data.result  // the message goes with the handle
            curl_multi_remove_handle(multi, transfer.handle)
            idle.append(transfer)
            deliver(transfer.finish(code))
        }
    }

    /// Waits until there is something to do, or a limit is reached that libcurl watches.
    private func wait(_ limit: Duration) {
        let milliseconds = (min(limit, .seconds(1)) / .milliseconds(1)).rounded(.up)
        let code = curl_multi_poll(multi, nil, 0, Int32(milliseconds), nil)
        if code != CURLM_OK { fail(code) }
    }

    /// libcurl cannot continue, so no current request will be answered.
    private func fail(_ code: CURLMcode) {
        for deliver in takeBackAll() {
            deliver(.failure(TransportError(multi: code)))
        }
    }

    /// Cancels all requests, including waiting ones, and returns their receivers.
    private func takeBackAll() -> [Delivery] {
        defer {
            underWay = []
            waiting = []
        }
        for (transfer, _) in underWay {
            curl_multi_remove_handle(multi, transfer.handle)
            transfer.reset()
            idle.append(transfer)
        }
        return underWay.map(\.deliver) + waiting.map(\.deliver)
    }
}

@available(*, unavailable)
extension HTTPClient: Sendable {}
