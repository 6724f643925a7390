import Foundation
import Synchronization

/// A server on the loopback address that handles each connection as the test demands, in a thread of its own. It ends
/// with the test.
final class HostileServer: Sendable {
    let port: Int
    private let listener: Socket
    private let connections = Connections()
    private let threads = DispatchGroup()

    /// - Parameter serve: gets each connection. It is closed when `serve` returns or throws.
    init(serve: @escaping @Sendable (Connection) throws -> Void) throws {
        listener = try Socket.bound()
        port = try listener.port()
        guard listen(listener.descriptor, 64) == 0 else { throw Failure("cannot listen") }
        Self.run(in: threads) { [listener, connections, threads] in
            while let socket = listener.accept() {
                let number = connections.add(socket)
                Self.run(in: threads) {
                    try? serve(Connection(socket: socket, number: number))
                    socket.close()
                }
            }
        }
    }

    /// Sends the same bytes to every request.
    convenience init(answering answer: [UInt8], then ending: Ending = .stay) throws {
        try self.init { connection in
            while true {
                try connection.readRequest()
                try connection.send(answer)
                switch ending {
                case .stay: continue
                case .hangUp: return
                case .reset: return connection.reset()
                }
            }
        }
    }

    convenience init(answering answer: String, then ending: Ending = .stay) throws {
        try self.init(answering: Array(answer.utf8), then: ending)
    }

    enum Ending {
        case stay
        case hangUp
        case reset
    }

    deinit {
        listener.shutDown()
        // After the listener's end the list does not grow, but a connection may have been accepted just before.
        repeat { connections.shutDown() } while threads.wait(timeout: .now() + 0.05) == .timedOut
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// The number of connections so far.
    var connectionCount: Int { connections.count }

    private static func run(in threads: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        threads.enter()
        let thread = Thread {
            body()
            threads.leave()
        }
        thread.start()
    }
}

private final class Connections: Sendable {
    private let sockets = Mutex<[Socket]>([])

    var count: Int { sockets.withLock { $0.count } }

    /// - Returns: the number of connections now.
    func add(_ socket: Socket) -> Int {
        sockets.withLock {
            $0.append(socket)
            return $0.count
        }
    }

    func shutDown() {
        sockets.withLock { sockets in
            for socket in sockets { socket.shutDown() }
        }
    }
}

/// The server's end of a connection. No call waits longer than 20 seconds.
struct Connection: Sendable {
    fileprivate let socket: Socket
    /// From 1, in the order of arrival.
    let number: Int

    struct Request: Sendable {
        /// Such as `GET / HTTP/1.1`.
        let line: String
        /// As they arrived.
        let headers: [String]
        let body: [UInt8]

        var path: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
    }

    /// Waits for a complete request. Throws if the client disconnects instead.
    @discardableResult
    func readRequest() throws -> Request {
        var bytes: [UInt8] = []
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            bytes += try socket.read(1)
        }
        let lines = String(decoding: bytes.dropLast(4), as: UTF8.self).components(separatedBy: "\r\n")
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces)) }
        var body: [UInt8] = []
        while body.count < length ?? 0 {
            body += try socket.read((length ?? 0) - body.count)
        }
        return Request(line: lines[0], headers: Array(lines.dropFirst()), body: body)
    }

    func send(_ bytes: [UInt8]) throws {
        try socket.write(bytes)
    }

    func send(_ text: String) throws {
        try socket.write(Array(text.utf8))
    }

    /// Ends the connection as a crashed machine would.
    func reset() {
        socket.reset()
    }

    /// Waits until the client is gone.
    func waitForHangUp() -> Bool {
        do {
            while true { _ = try socket.read(4096) }
        } catch {
            return error == .hungUp
        }
    }
}

/// A TCP socket of the loopback address.
final class Socket: Sendable {
    enum Failure: Error {
        case hungUp
        case tookTooLong
    }

    let descriptor: Int32
    private let isClosed = Mutex(false)

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)  // a program that a test starts must not keep a connection open
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    deinit {
        close()
    }

    /// A port without a listener, reserved for the caller.
    static func bound() throws -> Socket {
        let new = Socket(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        guard new.withAddress(port: 0, bind) == 0 else { throw HTTPClientTests.Failure("cannot bind a port") }
        return new
    }

    /// - Returns: `nil` if no server accepts the connection.
    static func connected(to port: Int) -> Socket? {
        let new = Socket(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        return new.withAddress(port: port, connect) == 0 ? new : nil
    }

    func port() throws -> Int {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { throw HTTPClientTests.Failure("no port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// - Returns: `nil` if the socket was shut down.
    func accept() -> Socket? {
        while true {
            let accepted = Foundation.accept(descriptor, nil, nil)
            if accepted >= 0 { return Socket(accepted) }
            // The read timeout also applies to accepting.
            guard errno == EAGAIN || errno == EINTR else { return nil }
        }
    }

    func read(_ count: Int) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = recv(descriptor, &bytes, count, 0)
        guard read > 0 else { throw read < 0 && errno == EAGAIN ? .tookTooLong : .hungUp }
        return Array(bytes.prefix(read))
    }

    func write(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw .hungUp }
            rest = rest.dropFirst(sent)
        }
    }

    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Ends every call that waits on the socket, in any thread.
    func shutDown() {
        isClosed.withLock { if !$0 { _ = shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    func close() {
        isClosed.withLock {
            if !$0 { _ = Foundation.close(descriptor) }
            $0 = true
        }
    }

    private func withAddress(port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
