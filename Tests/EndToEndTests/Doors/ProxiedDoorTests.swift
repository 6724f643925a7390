import Foundation
import HTTPMessages
import Testing

/// AdMirror behind a proxy that signs people in, and beside sites whose pages may read.
@Suite(.serialized)
struct ProxiedDoorTests {
    private static let origin = "https://dashboard.example.com"
    private static let shared = Result {
        try Stack([
            "TRUSTED_PROXIES": "127.0.0.1", "TRUSTED_USER_HEADER": "X-Forwarded-User", "ALLOWED_ORIGINS": origin,
            "CLIENT_CONCURRENCY": "20",
        ])
    }
    private let stack: Stack
    private let target = "/api/campaigns?adAccountId=\(Stack.dollars)"

    init() throws {
        stack = try Self.shared.get()
    }

    private func ask(
        _ method: String = "GET",
        _ target: String? = nil,
        as user: String,
        _ headers: [(String, String)] = [],
        body: String = ""
    ) throws -> HTTPResponse {
        try stack.send(
            method,
            target ?? self.target,
            token: .some(nil),
            headers: [("X-Forwarded-User", user)] + headers,
            body: body
        )
    }

    @Test("a person whom the proxy signed in reads only their own data, also from the cache")
    func user() throws {
        let viewer = "vi@example.com"
        _ = try stack.person(viewer, role: "viewer")
        _ = try stack.person("stranger@example.com")
        let hit = try stack.hit(target)
        for email in [viewer, Stack.admin, viewer.uppercased()] {
            let answer = try ask(as: email)
            #expect(answer.status == 200 && answer.headers["X-Cache"] == "HIT" && answer.body == hit.body, "\(email)")
            // A shared cache between them and nginx must store a separate copy for each caller.
            let varies = answer.headers.all("Vary").joined(separator: ", ")
            #expect(varies.contains("X-Forwarded-User") && varies.contains("Authorization"), "\(varies)")
        }
        #expect(try ask(as: "stranger@example.com").code == "AD_ACCOUNT_NOT_FOUND")
        #expect(try ask(as: "unknown@example.com").code == "USER_UNKNOWN")
        #expect(try ask(as: "").code == "AUTHENTICATION_REQUIRED")
        // A token takes precedence over the header: a client that sends one means it.
        let token = [("Authorization", "Bearer \(try stack.person("both@example.com"))")]
        #expect(try ask(as: viewer, token).status == 404)
        try stack.admirror("access", "revoke", viewer, Stack.dollars)
        try eventually("the role is gone", seconds: 1.3) { try ask(as: viewer).status == 404 }
    }

    @Test("the proxy's header permits changes only from our own pages")
    func crossSite() throws {
        let type = ("Content-Type", "application/json")
        let body = #"{"path":"/api/changes"}"#
        let foreign = try ask("POST", "/api/revalidate", as: Stack.admin, [type, ("Origin", Self.origin)], body: body)
        #expect(foreign.code == "CROSS_SITE")
        let own = [type, ("Sec-Fetch-Site", "same-origin")]
        #expect(try ask("POST", "/api/revalidate", as: Stack.admin, own, body: body).status == 200)
    }

    @Test("nginx ignores the proxy's header, client address and TLS from everybody but the proxy")
    func outside() throws {
        _ = try stack.hit(target)
        let forged = "X-Forwarded-User: \(Stack.admin)\nX-Forwarded-For: 203.0.113.9\nX-Forwarded-Proto: https\n"
        let rest = " HTTP/1.1\nHost: x\nConnection: close\n"
        // Sent as a proxy would, so that nginx's cache has an authorization.
        #expect(try ask(as: Stack.admin).status == 200)
        for address in ["127.0.0.2", "127.1.0.1"] {
            for claim in [forged, "\(forged)X-Forwarded-For: 127.0.0.1\n", "X_Forwarded_User: \(Stack.admin)\n"] {
                let answer = try stack.raw("GET \(target)\(rest)\(claim)\n", from: address)
                #expect(answer.status == 401, "\(answer.text)")
            }
        }
        // The proxy's client gets in by no other spelling of the header either.
        let spelled = try stack.raw("GET \(target)\(rest)X_Forwarded_User: \(Stack.admin)\n\n")
        #expect(spelled.status == 401)
        let body = #"{"email":"\#(Stack.admin)","password":"\#(try stack.secret("password"))"}"#
        let signedIn = try stack.raw(
            "POST /api/session\(rest)\(forged)Content-Type: application/json\nContent-Length: \(body.utf8.count)\n\n\(body)",
            from: "127.0.0.3"
        )
        #expect(signedIn.status == 200)
        #expect(signedIn.header("Set-Cookie")?.hasPrefix("admirror=") == true)
        #expect(signedIn.header("Strict-Transport-Security") == nil)
        #expect(try stack.audit().first == "signed_in,\(Stack.admin),127.0.0.3,-")
    }

    @Test("the proxy's client address and TLS count for the audit, the cookie and rate limits")
    func word() throws {
        // The proxy's client wrote everything left of the address that the proxy saw.
        let client = [("X-Forwarded-For", "198.51.100.66, 203.0.113.7"), ("X-Forwarded-Proto", "https")]
        let answer = try stack.signIn(headers: client)
        #expect(answer.headers["Set-Cookie"]?.hasPrefix("__Host-admirror=") == true)
        #expect(answer.headers["Set-Cookie"]?.hasSuffix("; Secure") == true)
        #expect(answer.headers["Strict-Transport-Security"] != nil)
        #expect(try stack.audit().first == "signed_in,\(Stack.admin),203.0.113.7,-")

        let cookie = ("Cookie", String(answer.headers["Set-Cookie"]?.prefix { $0 != ";" } ?? ""))
        let secure = ("X-Forwarded-Proto", "https")
        #expect(try stack.send("GET", target, token: .some(nil), headers: [cookie, secure]).status == 200)
        // In the same second: an authorization over TLS is not valid without TLS.
        #expect(try stack.send("GET", target, token: .some(nil), headers: [cookie]).status == 401)

        func attempt(_ address: String) throws -> Int {
            try stack.signIn("nobody@example.com", "", headers: [("X-Forwarded-For", address)]).status
        }
        let statuses = try (0..<14).map { _ in try attempt("203.0.113.8") }
        #expect(statuses.last == 429)
        // One customer owns a whole IPv6 /64.
        func attemptFromIPv6(_ address: String) throws -> Int {
            try stack.signIn("", "", headers: [("X-Forwarded-For", address)]).status
        }
        let network = try (0..<14).map { try attemptFromIPv6("2001:db8:0:1:\($0)::1") }
        #expect(network.last == 429 && network.first == 400, "\(network)")
        #expect(try attemptFromIPv6("2001:db8:0:2::1") == 400)
        #expect(try stack.signIn(headers: [("X-Forwarded-For", "203.0.113.9")]).status == 200)
    }

    @Test("pages of an allowed site may read with a token, other pages may not, and cookies are never sent for either")
    func origins() throws {
        _ = try stack.hit(target)
        func names(_ answer: HTTPResponse) -> Set<String> {
            Set(answer.headers.fields.map { $0.name.lowercased() }.filter { $0.hasPrefix("access-control-") })
        }
        let allowed = [("Origin", Self.origin)]
        for answer in [
            try stack.send("GET", target, headers: allowed),
            try stack.send("GET", target, token: .some(nil), headers: allowed),
            try stack.send("GET", "/api/nothing", headers: allowed),
            try stack.send(
                "OPTIONS",
                target,
                token: .some(nil),
                headers: allowed + [
                    ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization"),
                ]
            ),
        ] {
            #expect(answer.headers.all("Access-Control-Allow-Origin") == [Self.origin])
            #expect(answer.headers["Access-Control-Allow-Headers"]?.contains("Authorization") == true)
            #expect(answer.headers.all("Vary").joined(separator: ", ").contains("Origin"))
            #expect(Int(answer.headers["Access-Control-Max-Age"] ?? "").map { $0 >= 600 } == true)
            #expect(!names(answer).contains("access-control-allow-credentials"))
        }
        // One site caused the response to be cached; every other site still gets its own headers.
        for other in [
            "https://evil.example", "null", "\(Self.origin).evil.example", "http://dashboard.example.com", "",
        ] {
            let answer = try stack.send("GET", target, headers: [("Origin", other)])
            #expect(answer.headers["X-Cache"] == "HIT")
            #expect(names(answer).isEmpty, "\(other)")
        }
    }

    @Test("CLIENT_CONCURRENCY limits the simultaneous requests of one address")
    func concurrency() throws {
        // nginx ends a connection whose body does not come within ten seconds. A busy machine may open the last of the twenty
        // only then.
        var held: [RawConnection] = []
        try eventually("twenty are held", seconds: 60) {
            held = try (0..<20).map { _ in
                let connection = try RawConnection(port: stack.port, from: "127.0.0.14")
                connection.write("POST /api/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
                return connection
            }
            let look = "GET /healthz HTTP/1.1\nHost: x\nConnection: close\n\n"
            return try stack.raw(look, from: "127.0.0.14").code == "TOO_MANY_REQUESTS"
        }
        #expect(try stack.send("GET", "/healthz").status == 200)
        withExtendedLifetime(held) {}
    }
}
