import Foundation
import HTTPClient
import HTTPMessages
import Synchronization
import Testing

extension HTTPClient {
    /// - Parameter change: lowers limits, so that a test reaches them.
    convenience init(
        _ server: HostileServer,
        _ change: (inout Limits) -> Void = { _ in }
    ) throws {
        var limits = Limits()
        change(&limits)
        try self.init(baseURL: server.url, limits: limits)
    }

    func get(_ path: String = "/") throws -> HTTPResponse {
        try send(HTTPRequest(path: path))
    }

    /// The outcome of a GET: its error, or `nil`.
    func failure(_ path: String = "/") -> TransportError? {
        do {
            _ = try send(HTTPRequest(path: path))
            return nil
        } catch {
            return error
        }
    }

    /// Starts a GET of `/number`.
    func start(_ number: Int) {
        start(HTTPRequest(path: "/\(number)"), number: number)
    }

    /// Continues until a condition holds, for 20 seconds at most.
    /// - Returns: the responses that arrived meanwhile.
    func goOn(until condition: () -> Bool) throws -> [HTTPExchange] {
        var exchanges: [HTTPExchange] = []
        let end = ContinuousClock.now + .seconds(20)
        while !condition() {
            try #require(ContinuousClock.now < end, "it never came true")
            if let exchange = next(within: 0.01) { exchanges.append(exchange) }
        }
        return exchanges
    }

    /// The next responses, this many, in the order in which they arrive.
    func collect(_ count: Int, seconds: Double = 20) throws -> [HTTPExchange] {
        try (0..<count).map { _ in try #require(next(within: seconds), "no answer") }
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension HTTPExchange {
    var code: TransportError.Code? {
        guard case .failure(let error as TransportError) = result else { return nil }
        return error.code
    }

    func text() throws -> String { try result.get().text }
}

/// A complete response.
func answer(_ body: String, _ headers: String...) -> String {
    (["HTTP/1.1 200 OK", "Content-Length: \(body.utf8.count)"] + headers + ["", body]).joined(separator: "\r\n")
}

func answer(_ body: [UInt8], _ headers: String...) -> [UInt8] {
    let head = ["HTTP/1.1 200 OK", "Content-Length: \(body.count)"] + headers + ["", ""]
    return Array(head.joined(separator: "\r\n").utf8) + body
}

/// A meeting point at which this many threads wait for each other.
final class Meeting: Sendable {
    private let count: Int
    private let arrived = Mutex(0)
    private let all = DispatchSemaphore(value: 0)

    init(of count: Int) {
        self.count = count
    }

    var isComplete: Bool { arrived.withLock { $0 == count } }

    /// - Returns: whether all have arrived within 20 seconds.
    func join() -> Bool {
        let isLast = arrived.withLock {
            $0 += 1
            return $0 == count
        }
        if isLast {
            for _ in 0..<count { all.signal() }
        }
        return all.wait(timeout: .now() + 20) == .success
    }
}

/// Responses that a server holds back until the test opens the gate of their path.
final class Gates: Sendable {
    private let open = Mutex<[String: DispatchSemaphore]>([:])

    func open(_ path: String) {
        gate(path).signal()
    }

    /// - Returns: whether the gate opened within 20 seconds.
    func pass(_ path: String) -> Bool {
        gate(path).wait(timeout: .now() + 20) == .success
    }

    private func gate(_ path: String) -> DispatchSemaphore {
        open.withLock {
            let gate = $0[path] ?? DispatchSemaphore(value: 0)
            $0[path] = gate
            return gate
        }
    }
}

/// Numbers and texts that servers' threads record for the test.
final class Record<Value: Sendable>: Sendable {
    private let entries = Mutex<[Value]>([])

    var all: [Value] { entries.withLock { $0 } }

    func add(_ value: Value) {
        entries.withLock { $0.append(value) }
    }
}

/// Fails if a call takes longer, although it has its own limits.
func takesLess(than limit: Double, _ body: () throws -> Void) rethrows {
    #expect(try seconds(body) < limit)
}

/// The duration of a call.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
}
