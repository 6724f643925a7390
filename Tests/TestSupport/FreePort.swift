internal import Foundation
internal import Synchronization

/// A port of the loopback address without a listener, which no other test was given: two servers that start at the same
/// time might choose the same port, and clients of one would reach the other.
package func freePort() throws -> Int {
    while true {
        let port = try unusedPort()
        if try isFirst(port) { return port }
    }
}

/// Whether this test is the first that is given the port. `scripts/test` runs several processes of tests at a time, so each
/// port that was given is a file in the folder that they share.
private func isFirst(_ port: Int) throws -> Bool {
    guard let root = ProcessInfo.processInfo.environment["ADMIRROR_TEST_ROOT"] else {
        return given.withLock { $0.insert(port).inserted }
    }
    let file = open("\(root)/port-\(port)", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard file >= 0 else {
        guard errno == EEXIST else { throw NoFreePort() }
        return false
    }
    close(file)
    return true
}

private let given = Mutex<Set<Int>>([])

private func unusedPort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard isBound else { throw NoFreePort() }
    return Int(UInt16(bigEndian: address.sin_port))
}

private struct NoFreePort: Error {}
