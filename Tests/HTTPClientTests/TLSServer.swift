import Foundation

/// Our own nginx with TLS and a certificate that only its own file makes trusted. It ends with the test.
final class TLSServer {
    let folder: URL
    /// The port that offers HTTP/2.
    let port: Int
    /// The port with HTTP/1.1 only.
    let plainPort: Int
    private let process = Process()

    var url: String { "https://127.0.0.1:\(port)" }
    var plainURL: String { "https://127.0.0.1:\(plainPort)" }
    var certificate: String { folder.appending(path: "certificate.pem").path }

    /// - Parameters:
    /// - backend: the address behind `/backend/`.
    /// - requests: how many requests a connection may carry.
    init(backend: HostileServer? = nil, requests: Int = 1000) throws {
        let root = ProcessInfo.processInfo.environment["ADMIRROR_TEST_ROOT"]  // scripts/test ends what is left in it
        folder = (root.map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory)
            .appending(path: "nginx-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (one, other) = (try Socket.bound(), try Socket.bound())
        (port, plainPort) = (try one.port(), try other.port())

        let files = "-keyout key.pem -out certificate.pem -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1"
        try openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \(files)")
        try String(repeating: "0123456789abcdef", count: 1 << 17).write(
            to: folder.appending(path: "large"),
            atomically: false,
            encoding: .utf8
        )
        try configuration(backend: backend?.port ?? 9, requests: requests).write(
            to: folder.appending(path: "nginx.conf"),
            atomically: false,
            encoding: .utf8
        )
        one.close()
        other.close()
        process.executableURL = try Self.program("nginx")
        process.arguments = ["-p", folder.path, "-c", "nginx.conf", "-e", "error.log"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        let end = ContinuousClock.now + .seconds(20)
        while Socket.connected(to: port) == nil {
            guard process.isRunning, ContinuousClock.now < end else { throw Failure("nginx does not start: \(errors)") }
            Thread.sleep(forTimeInterval: 0.01)
        }
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// If https goes through a proxy, our own server is unreachable.
    static let isReachable = !ProcessInfo.processInfo.environment.keys.contains {
        ["https_proxy", "all_proxy"].contains($0.lowercased())
    }

    private static func program(_ name: String) throws -> URL {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin"
        let files = path.split(separator: ":").map { URL(filePath: String($0)).appending(path: name) }
        guard let file = files.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
            throw Failure("\(name) is not installed")
        }
        return file
    }

    private func openssl(_ arguments: String) throws {
        let openssl = Process()
        openssl.executableURL = try Self.program("openssl")
        openssl.arguments = arguments.split(separator: " ").map(String.init)
        openssl.currentDirectoryURL = folder
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        guard openssl.terminationStatus == 0 else { throw Failure("openssl makes no certificate") }
    }

    private var errors: String {
        (try? String(contentsOf: folder.appending(path: "error.log"), encoding: .utf8)) ?? ""
    }

    private func configuration(backend: Int, requests: Int) -> String {
        """
        daemon off;
        master_process off;
        pid nginx.pid;
        events {}
        http {
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            keepalive_requests \(requests);
            ssl_certificate certificate.pem;
            ssl_certificate_key key.pem;
            server {
                listen 127.0.0.1:\(port) ssl http2;
                listen 127.0.0.1:\(plainPort) ssl;
                root .;
                gzip on;
                gzip_min_length 1;
                gzip_types text/plain;
                gzip_proxied any;
                location / {
                    default_type text/plain;
                    add_header X-Protocol $server_protocol;
                    add_header X-Connection $connection;
                    return 200 $request_uri;
                }
                location = /large {
                    default_type application/octet-stream;
                }
                location /backend/ {
                    add_header X-Protocol $server_protocol;
                    add_header X-Connection $connection;
                    proxy_pass http://127.0.0.1:\(backend);
                }
            }
        }
        """
    }
}
