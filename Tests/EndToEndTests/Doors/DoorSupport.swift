import Foundation
import HTTPMessages

/// A response, read byte by byte from a connection of our own.
struct RawAnswer {
    let text: String

    var status: Int {
        let line = text.prefix { $0 != "\r\n" && $0 != "\n" }
        return line.hasPrefix("HTTP/") ? Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0 : 0
    }

    /// The JSON body.
    var code: String? { text.firstMatch(of: #/"code":"([A-Z_]+)"/#).map { String($0.output.1) } }

    func header(_ name: String) -> String? {
        text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("\(name.lowercased()): ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }
}

/// A TCP connection to nginx, for requests that no HTTP client sends.
final class RawConnection {
    private let descriptor: Int32

    /// - Parameter address: the client's address. Every address of 127.0.0.0/8 belongs to this machine.
    init(port: Int, from address: String = "127.0.0.1") throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard try at(address, 0, bind) == 0, try at("127.0.0.1", port, connect) == 0 else {
            throw Failure("cannot connect from \(address): \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    private func at(
        _ address: String,
        _ port: Int,
        _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        name.sin_addr.s_addr = inet_addr(address)
        return withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Whether nginx closes the silent connection within that time.
    func isClosed(within seconds: Int32) -> Bool {
        var descriptor = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        return poll(&descriptor, 1, seconds * 1000) == 1 && recv(descriptor.fd, &byte, 1, 0) <= 0
    }

    /// Everything that arrives until nginx closes the connection or is silent for that long.
    func read(seconds: Int = 3) -> RawAnswer {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return RawAnswer(text: String(decoding: bytes, as: UTF8.self)) }
            bytes += buffer.prefix(count)
        }
    }
}

extension Stack {
    /// Sends a request exactly as written; `\n` means the end of a line.
    func raw(_ request: String, from address: String = "127.0.0.1") throws -> RawAnswer {
        let connection = try RawConnection(port: port, from: address)
        connection.write(request.replacing("\n", with: "\r\n"))
        return connection.read()
    }

    static let admin = "admin@localhost.localdomain"

    func signIn(
        _ email: String = admin,
        _ password: String? = nil,
        headers: [(String, String)] = []
    ) throws -> HTTPResponse {
        try send(
            "POST",
            "/api/session",
            token: .some(nil),
            headers: [("Content-Type", "application/json")] + headers,
            body: #"{"email":"\#(email)","password":"\#(try password ?? secret("password"))"}"#
        )
    }

    /// Signs in the person that scripts/run creates.
    /// - Returns: the cookie, as a browser sends it.
    func cookie() throws -> String {
        let response = try signIn()
        guard let cookie = response.headers["Set-Cookie"]?.split(separator: ";").first else {
            throw Failure("not signed in: \(response.text)")
        }
        return String(cookie)
    }

    /// A token of a new person with this role on this account.
    func person(_ email: String, role: String? = nil, on account: String = Stack.dollars) throws -> String {
        try admirror("user", "add", email)
        if let role { try admirror("access", "grant", email, account, "--role", role) }
        return try admirror("token", "create", "--user", email).output.trimmed
    }

    /// The lines of the audit log, newest first: event, actor, address and account, separated by commas.
    func audit() throws -> [String] {
        let output = try admirror("audit", "--json").output
        let rows = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]] ?? []
        return rows.map { row in
            ["event", "actor", "address", "account"].map { row[$0] as? String ?? "-" }.joined(separator: ",")
        }
    }
}
