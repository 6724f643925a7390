import Foundation
import TestSupport

/// A server that is not ours: it sends the same response to every request, or none. It ends with the test.
final class LoopbackServer: Sendable {
    let port: Int
    private let descriptor: Int32
    private let answering: Background<Void>

    /// - Parameter answer: the bytes on the wire; empty to stay silent and keep the connection.
    init(answering answer: String) throws {
        let port = try freePort()
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound, listen(descriptor, 8) == 0 else { throw Failure("cannot listen") }
        self.port = port
        self.descriptor = descriptor
        answering = Background {
            var open: [Int32] = []
            defer {
                for connection in open { close(connection) }
            }
            while case let connection = accept(descriptor, nil, nil), connection >= 0 {
                open.append(connection)
                guard !answer.isEmpty else { continue }
                // The request arrives in one piece.
                var buffer = [UInt8](repeating: 0, count: 4096)
                _ = read(connection, &buffer, buffer.count)
                _ = send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        _ = try? answering.value()
        close(descriptor)
    }
}
