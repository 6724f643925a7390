import Foundation
import HTTPMessages
import TestSupport
import Testing

/// Requests over TLS, with a certificate that the test signs itself.
@Suite(.serialized)
struct TLSDoorTests {
    private struct Site {
        let stack: Stack
        let port: Int
        let certificate: String
    }

    private static let shared = Result {
        let folder = try Stack.newStateFolder()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let certificate = folder.appending(path: "certificate.pem").path
        let key = folder.appending(path: "key.pem").path
        let made = try Command.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj",
                "/CN=ads.example.com", "-addext", "subjectAltName=DNS:ads.example.com", "-keyout", key, "-out",
                certificate,
            ]
        )
        guard made.status == 0 else { throw Failure(made.errors) }
        let port = try freePort()
        let stack = try Stack([
            "TLS_CERTIFICATE": certificate, "TLS_CERTIFICATE_KEY": key, "HTTPS_PORT": "\(port)",
            "PUBLIC_URL": "https://ads.example.com:\(port)",
        ])
        return Site(stack: stack, port: port, certificate: certificate)
    }
    private let site: Site
    private var stack: Stack { site.stack }

    init() throws {
        site = try Self.shared.get()
    }

    /// Headers and body of curl's response to the path over TLS.
    private func curl(_ path: String, _ options: [String] = [], input: String = "") throws -> Command.Result {
        try Command.run(
            "/usr/bin/curl",
            [
                "-q", "-s", "-S", "-i", "--noproxy", "*", "--cacert", site.certificate, "--resolve",
                "ads.example.com:\(site.port):127.0.0.1",
            ] + options + ["https://ads.example.com:\(site.port)\(path)"],
            input: input
        )
    }

    @Test(
        "over TLS the cookie is bound to the host, browsers must stay with TLS, and reads come from the cache"
    )
    func session() throws {
        let body = #"{"email":"\#(Stack.admin)","password":"\#(try stack.secret("password"))"}"#
        let answer = try curl("/api/session", ["-H", "Content-Type: application/json", "-d", "@-"], input: body)
        #expect(answer.output.hasPrefix("HTTP/2 200"), "\(answer.output) \(answer.errors)")
        #expect(answer.output.contains("strict-transport-security: max-age=63072000\r\n"))
        let cookie = try #require(
            answer.output.firstMatch(of: #/set-cookie: (__Host-admirror=[0-9a-f]{64}); (.*)\r\n/#)
        )
        #expect(cookie.output.2 == "Path=/; HttpOnly; SameSite=Strict; Secure")
        let target = "/api/campaigns?adAccountId=\(Stack.dollars)"
        let name = String(cookie.output.1)
        try eventually("a hit", seconds: 5) {
            try curl(target, ["-H", "Cookie: \(name)"]).output.contains("x-cache: HIT\r\n")
        }
        // A cookie name that any host of the domain could set authenticates nobody, even with the same id.
        let plain = name.replacing("__Host-", with: "")
        #expect(try curl(target, ["-H", "Cookie: \(plain)"]).output.hasPrefix("HTTP/2 401"))
        #expect(try curl(target, ["-H", "Cookie: \(plain); \(name)"]).output.hasPrefix("HTTP/2 200"))
        // Neither cookie is accepted without TLS.
        for cookie in [name, plain.replacing(/.$/, with: "x")] {
            #expect(try stack.send("GET", target, token: .some(nil), headers: [("Cookie", cookie)]).status == 401)
        }
    }

    @Test("every kind of response requires TLS from then on")
    func strict() throws {
        for path in ["/", "/api/docs", "/api/nothing", "/nothing", "/api/ads", "/healthz"] {
            #expect(try curl(path).output.contains("strict-transport-security: max-age=63072000\r\n"), "\(path)")
        }
        #expect(try curl("/api/ads", ["-X", "PUT"]).output.contains("strict-transport-security: "))
    }

    @Test("plain requests are redirected to PUBLIC_URL, never to an address that a request names")
    func redirection() throws {
        let home = "https://ads.example.com:\(site.port)"
        for (host, target) in [
            ("ads.example.com", "/"), ("ads.example.com:80", "/api/ads?adAccountId=1"), ("evil.example", "/x"),
            ("127.0.0.1.evil.example", "/"), ("ADS.example.com", "//evil.example/%2e%2e"),
            ("localhost.evil.example", "/a"),
        ] {
            for method in ["GET", "POST", "TRACE"] {
                let answer = try stack.raw("\(method) \(target) HTTP/1.1\nHost: \(host)\nConnection: close\n\n")
                if method == "TRACE" {
                    #expect(answer.status == 405)
                } else if answer.status != 308 || answer.header("Location") != "\(home)\(target)" {
                    Issue.record("\(method) \(target) at \(host): \(answer.text)")
                }
                #expect(!(answer.header("Location") ?? "").hasPrefix("https://evil"))
                #expect(answer.header("Strict-Transport-Security") == nil)
            }
        }
        // A request without a host is no exception. Probes and this machine may do without TLS.
        #expect(try stack.raw("GET / HTTP/1.0\n\n").header("Location") == "\(home)/")
        #expect(try stack.raw("GET /healthz HTTP/1.1\nHost: 10.0.0.1\nConnection: close\n\n").status == 200)
        #expect(try stack.raw("GET \0 HTTP/1.1\nHost: ads.example.com\n\n").code == "REQUEST_MALFORMED")
        #expect(try stack.send("GET", "/api/ad-accounts").status == 200)
    }

    @Test("old TLS versions are refused, and plain HTTP on the TLS port gets an error that explains it")
    func versions() throws {
        #expect(try curl("/healthz", ["--tlsv1.2", "--tls-max", "1.2"]).output.hasPrefix("HTTP/2 200"))
        #expect(try curl("/healthz", ["--tlsv1.3"]).output.hasPrefix("HTTP/2 200"))
        for version in ["-tls1", "-tls1_1"] {
            let old = try Command.run(
                "/usr/bin/openssl",
                ["s_client", "-connect", "127.0.0.1:\(site.port)", version, "-cipher", "ALL:@SECLEVEL=0"]
            )
            #expect(old.status != 0 && old.errors.contains("alert protocol version"), "\(version): \(old.errors)")
        }
        let connection = try RawConnection(port: site.port)
        connection.write("GET /healthz HTTP/1.1\r\nHost: ads.example.com\r\nConnection: close\r\n\r\n")
        let answer = connection.read()
        #expect(answer.status == 400 && answer.code == "REQUEST_MALFORMED")
    }
}
