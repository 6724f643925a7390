internal import CFastCGI
internal import Glibc
internal import HTTPMessages

/// A request, and the connection for its response.
protocol Exchange {
    /// The user id of the process at the other end of the connection; `nil` when the kernel does not say.
    var peer: UInt32? { get }
    /// CGI's meta-variables (RFC 3875, section 4.1): `REQUEST_METHOD`, `QUERY_STRING`, `HTTP_…`, as bytes.
    func forEachVariable(_ body: (UnsafePointer<CChar>) -> Void)
    /// Reads up to `buffer.count` bytes of the body; 0 or less at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int
    /// Writes all bytes. `false` when the other side is gone.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool
    /// Flushes the written data. `false` if the other side has closed the connection.
    func flush() -> Bool
}

struct FastCGIExchange: Exchange {
    private let connection: FCGX_Request

    init(_ connection: FCGX_Request) {
        self.connection = connection
    }

    var peer: UInt32? {
        // C's `ucred`: process, user, group. A socket that is no Unix one says -1.
        var facts: [UInt32] = [0, .max, .max]
        var size = socklen_t(MemoryLayout<UInt32>.stride * facts.count)
        guard getsockopt(connection.ipcFd, SOL_SOCKET, SO_PEERCRED, &facts, &size) == 0 else { return nil }
        return facts[1] == .max ? nil : facts[1]
    }

    func forEachVariable(_ body: (UnsafePointer<CChar>) -> Void) {
        var next = connection.envp
        while let variable = next?.pointee {
            body(variable)
            next = next?.advanced(by: 1)
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        Int(FCGX_GetStr(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count), connection.in))
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        FCGX_PutStr(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), connection.out) >= 0
    }

    func flush() -> Bool {
        FCGX_FFlush(connection.out) == 0 && FCGX_GetError(connection.out) == 0
    }
}

/// Plain CGI: variables in the environment, the body on standard input, the response on standard output.
struct CommonGateway: Exchange {
    var peer: UInt32? { nil }

    func forEachVariable(_ body: (UnsafePointer<CChar>) -> Void) {
        var next = environ
        while let variable = next.pointee {
            body(variable)
            next = next.advanced(by: 1)
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let written = Glibc.write(STDOUT_FILENO, rest.baseAddress, rest.count)
            guard written > 0 else { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
        }
        return true
    }

    func flush() -> Bool { true }
}
