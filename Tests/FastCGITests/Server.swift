import Foundation
import HTTPClient
import HTTPMessages
import TestSupport

/// streaming-responder behind its own nginx, which is configured like snippets/fastcgi.conf and caches everything that
/// may be cached, except requests with `nostore=1`. It ends with the test.
final class Server {
    let folder: URL
    let port: Int
    private let nginx: Program
    private let responders: Program

    /// - Parameters:
    /// - processes: the number of responder processes; one that dies is replaced.
    /// - threads: the number of threads of each process.
    init(processes: Int = 2, threads: Int = 1) throws {
        let root = ProcessInfo.processInfo.environment["ADMIRROR_TEST_ROOT"]  // scripts/test ends what is left in it
        folder = (root.map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory)
            .appending(path: "fastcgi-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        port = try freePort()

        let (socket, log) = (folder.appending(path: "socket").path, folder.appending(path: "log").path)
        responders = try Program(
            "spawn-fcgi -n -s \(socket) -M 0600 -- /usr/bin/multiwatch -f \(processes) -r 1000000 -- "
                + "\(Self.program) \(log) \(threads)"
        )
        try Self.configuration(port, socket).write(
            to: folder.appending(path: "nginx.conf"),
            atomically: false,
            encoding: .utf8
        )
        nginx = try Program("nginx -p \(folder.path) -c nginx.conf -e error.log")
        let end = ContinuousClock.now + .seconds(20)
        while (try? get("/plain").status) != 200 {
            guard !nginx.hasEnded, ContinuousClock.now < end else { throw Failure("it does not start: \(errors)") }
            Thread.sleep(forTimeInterval: 0.01)
        }
    }

    /// The program is beside the tests, which are a program too.
    static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "streaming-responder").path

    deinit {
        // Without nginx, nobody reads what responders still send.
        nginx.end(SIGKILL)
        responders.end(SIGTERM)
        try? FileManager.default.removeItem(at: folder)
    }

    /// Asks the responders to end, without waiting for it.
    func endResponders() {
        responders.signal(SIGTERM)
    }

    var socketPath: String { folder.appending(path: "socket").path }
    private var logPath: String { folder.appending(path: "log").path }

    /// The log of streaming-responder.
    var log: [String] {
        let text = try? String(contentsOfFile: logPath, encoding: .utf8)
        return text?.split(separator: "\n").map(String.init) ?? []
    }

    /// The number of responses that broke off.
    var failures: Int { log.count { $0.hasPrefix("failed: ") } }

    private var errors: String {
        (try? String(contentsOf: folder.appending(path: "error.log"), encoding: .utf8)) ?? ""
    }

    // MARK: Requests

    func get(_ path: String, _ query: String = "", method: String = "GET") throws(TransportError) -> HTTPResponse {
        var limits = HTTPClient.Limits()
        limits.body = 1 << 28
        let client = try HTTPClient(baseURL: "http://127.0.0.1:\(port)", limits: limits)
        return try client.send(HTTPRequest(method: method, path: path, query: query))
    }

    /// The error of a GET; `nil` if it succeeded.
    func failure(_ path: String, _ query: String = "") -> TransportError.Code? {
        do {
            _ = try get(path, query)
            return nil
        } catch {
            return error.code
        }
    }

    /// Sends a request, reads the beginning of the response, and disconnects.
    func leave(_ target: String) throws {
        let socket = try Socket(port: port)
        try socket.send(Array("GET \(target) HTTP/1.1\r\nHost: test\r\n\r\n".utf8))
        _ = socket.read()
    }

    private static func configuration(_ port: Int, _ socket: String) -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        return """
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
                fastcgi_cache_path cache keys_zone=answers:1m use_temp_path=off;
                map "" $is_tls { default ""; }
                map "" $proxied_user { default ""; }
                server {
                    listen 127.0.0.1:\(port);
                    include \(root)/nginx/snippets/fastcgi.conf;
                    fastcgi_cache answers;
                    fastcgi_cache_key $request_uri;
                    fastcgi_no_cache $arg_nostore;
                    fastcgi_cache_bypass $arg_nostore;
                    add_header X-Cache $upstream_cache_status always;
                    location / {
                        fastcgi_pass unix:\(socket);
                    }
                }
            }
            """
    }
}

struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
