/// Sends requests, several at a time, and hands the answers back in the order in which they arrive.
package protocol HTTPExchanges: AnyObject {
    /// Starts a request. `next` returns its response under this number.
    func start(_ request: HTTPRequest, number: Int)

    /// Waits for a response for at most so many seconds. `nil` if none arrived in time, and at once if no request is
    /// running.
    func next(within seconds: Double) -> HTTPExchange?

    /// Cancels all running requests; their responses are dropped.
    func cancelAll()
}

/// The result of one request.
package struct HTTPExchange {
    /// The one that the request was started with.
    package let number: Int
    package let result: Result<HTTPResponse, any Error>

    package init(number: Int, result: Result<HTTPResponse, any Error>) {
        self.number = number
        self.result = result
    }
}

/// One after the other, by way of a closure: what tests use to put a simulator where the network would be.
///
/// A request is sent when its turn to be answered comes, so one that is given up before was never sent.
package final class SequentialExchanges: HTTPExchanges {
    private let send: (HTTPRequest) throws -> HTTPResponse
    private var waiting: [(number: Int, request: HTTPRequest)] = []

    package init(send: @escaping (HTTPRequest) throws -> HTTPResponse) {
        self.send = send
    }

    package func start(_ request: HTTPRequest, number: Int) {
        waiting.append((number, request))
    }

    package func next(within seconds: Double) -> HTTPExchange? {
        guard !waiting.isEmpty else { return nil }
        let (number, request) = waiting.removeFirst()
        return HTTPExchange(number: number, result: Result { try send(request) })
    }

    package func cancelAll() {
        waiting = []
    }
}

/// Why a request got no response, if the sender needs to distinguish it.
package protocol TransportFailure: Error {
    /// There was an answer, larger than we take.
    var isTooLarge: Bool { get }
}
