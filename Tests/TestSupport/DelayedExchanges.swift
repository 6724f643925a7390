package import HTTPMessages

/// Responses that take time, by a clock that moves only while somebody waits for them.
package final class DelayedExchanges: HTTPExchanges {
    private let clock: TestClock
    private let send: (HTTPRequest) throws -> (response: HTTPResponse, delay: Double)
    private var underWay: [(exchange: HTTPExchange, at: Double)] = []

    /// - Parameter send: answers a request at once, and returns after how many seconds the response arrives.
    package init(_ clock: TestClock, send: @escaping (HTTPRequest) throws -> (response: HTTPResponse, delay: Double)) {
        self.clock = clock
        self.send = send
    }

    package func start(_ request: HTTPRequest, number: Int) {
        do {
            let (response, delay) = try send(request)
            underWay.append((HTTPExchange(number: number, result: .success(response)), clock.now + delay))
        } catch {
            underWay.append((HTTPExchange(number: number, result: .failure(error)), clock.now))
        }
    }

    package func next(within seconds: Double) -> HTTPExchange? {
        guard let first = underWay.indices.min(by: { underWay[$0].at < underWay[$1].at }) else { return nil }
        guard underWay[first].at <= clock.now + seconds else {
            clock.now += seconds
            return nil
        }
        let (exchange, at) = underWay.remove(at: first)
        clock.now = max(clock.now, at)
        return exchange
    }

    package func cancelAll() {
        underWay = []
    }
}

@available(*, unavailable)
extension DelayedExchanges: Sendable {}
