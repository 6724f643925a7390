internal import CFastCGI
internal import Glibc
internal import HTTPMessages

/// One request and the way back to whoever sent it.
protocol Exchange {
    /// CGI's meta-variables (RFC 3875, section 4.1): `REQUEST_METHOD`, `QUERY_STRING`, `HTTP_…`, as bytes.
    func forEachVariable(_ body: (UnsafePointer<CChar>) -> Void)
    /// Reads up to `buffer.count` bytes of the body; 0 or less at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int
    /// Writes all bytes. `false` when the other side is gone.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool
    /// Sends what was written and may have been held back. `false` when the other side is gone.
    func flush() -> Bool
}

struct FastCGIExchange: Exchange {
    private let connection: FCGX_Request

    init(_ connection: FCGX_Request) {
        self.connection = connection
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
