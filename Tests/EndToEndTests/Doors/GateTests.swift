import Foundation
import HTTPMessages
import Testing

/// The requests that nginx lets through, from any client.
extension DoorTests {
    @Test(
        "only existing paths and methods reach a responder",
        arguments: [
            ("GET", "/api/", 404), ("GET", "/api/nothing", 404), ("POST", "/api/nothing", 404),
            ("POST", "/nothing", 404), ("PUT", "/v/0/nothing.js", 404), ("POST", "/_authorize", 404),
            ("GET", "/api/sync/", 404),
            ("GET", "/api/campaigns/", 404), ("GET", "/api/sync/status/x", 404), ("GET", "/nothing", 404),
            ("GET", "/.git/config", 404), ("GET", "/_authorize", 404), ("GET", "/_authorize/api/ads", 404),
            ("GET", "/_errors/bad-request", 404), ("GET", "/_errors/address-too-long", 404),
            ("GET", "/api/_errors/", 404),
            ("TRACE", "/api/ads", 405), ("POST", "/v/0/app.js", 405), ("POST", "/index.html", 405), ("TRACE", "/", 405),
            ("PROPFIND", "/api/ads", 405), ("PUT", "/", 405),
            ("DELETE", "/api/campaigns", 405), ("PATCH", "/api/session", 405), ("GET", "/api/revalidate", 405),
            ("POST", "/api/openapi.json", 405), ("HEAD", "/api/revalidate", 405), ("FOO", "/healthz", 405),
        ]
    )
    func gate(method: String, path: String, status: Int) throws {
        let answer = try stack.send(method, path)
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.headers["Content-Type"] == "application/json; charset=utf-8")
        if method != "HEAD" { #expect(answer.code == (status == 404 ? "ROUTE_UNKNOWN" : "METHOD_NOT_ALLOWED")) }
        guard status == 405 else { return }
        let allowed = [
            "/api/ads": "GET, HEAD, OPTIONS", "/api/campaigns": "GET, HEAD, OPTIONS", "/": "GET, HEAD",
            "/api/session": "POST, GET, DELETE, HEAD, OPTIONS", "/api/revalidate": "POST, OPTIONS",
            "/api/openapi.json": "GET, HEAD, OPTIONS", "/healthz": "GET, HEAD, OPTIONS", "/v/0/app.js": "GET, HEAD",
            "/index.html": "GET, HEAD",
        ]
        #expect(answer.headers["Allow"] == allowed[path])
    }

    @Test("an unusual request is refused or read by its meaning, and never gets the response to another request")
    func confusing() throws {
        let stranger = try stack.person("mallory@example.com")
        let target = "/api/campaigns?adAccountId=\(Stack.euros)"
        let hit = try stack.hit(target)
        let ids = try Self.ids(hit)
        let name = try #require(ids.first)
        let rest = " HTTP/1.1\nHost: x\nAuthorization: Bearer \(stranger)\nConnection: close\n"
        let query = "?adAccountId=\(Stack.euros)"
        let requests: [(String, Set<Int>)] = [
            ("POST /api/sync\(rest)Content-Length: 2\nContent-Length: 3\n\n{}", [400]),
            ("POST /api/sync\(rest)Content-Length: 2\nTransfer-Encoding: chunked\n\n0\n\n", [400]),
            ("POST /api/sync\(rest)Content-Length: +2\n\n{}", [400]),
            ("POST /api/sync\(rest)Content-Length: -2\n\n{}", [400]),
            ("POST /api/sync\(rest)Transfer-Encoding: chunked, identity\n\n0\n\n", [400]),
            ("POST /api/sync\(rest)Transfer-Encoding: xchunked\n\n0\n\n", [400]),
            ("GET \(target)\(rest)Content-Length: 60\n\nGET \(target) HTTP/1.1\nHost: x\n\n", [404]),
            ("GET http://evil.example\(target)\(rest)\n", [400, 404]),
            ("GET http://evil.example/api/%2e%2e\(target)\(rest)\n", [400, 404]),
            ("GET /api/%2e%2e\(target)\(rest)\n", [404]),
            ("GET /api/..%2f\(target.dropFirst())\(rest)\n", [404]),
            ("GET /%61pi/campaigns\(query)\(rest)\n", [404]),
            ("GET //api//campaigns\(query)\(rest)\n", [404]),
            ("GET /api/campaigns;x\(query)\(rest)\n", [404]),
            ("GET /api%2fcampaigns\(query)\(rest)\n", [404]),
            ("GET /api/campaigns%20\(query)\(rest)\n", [404]),
            ("GET /api/campaigns%0a\(query)\(rest)\n", [404]),
            ("GET /API/campaigns\(query)\(rest)\n", [404]),
            ("GET /api/../_authorize/api/campaigns\(query)\(rest)\n", [404]),
            ("GET /%5fauthorize\(query)\(rest)\n", [404]),
            ("GET /../../etc/passwd\(rest)\n", [400]),
            ("GET /%2e%2e/%2e%2e/etc/passwd\(rest)\n", [400]),
            ("GET /..%5c..%5cetc/passwd\(rest)\n", [404]),
            ("GET /api/campaigns%00\(query)\(rest)\n", [400]),
            ("GET /api/campaigns\0\(query)\(rest)\n", [400]),
            ("GET \(target)\(rest)X-Nul: a\0b\n\n", [400]),
            ("GET \(target)%00\(rest)\n", [400]),
            ("GET \(target)\(rest)Host: y\n\n", [400]),
            ("GET \(target) HTTP/1.1\nConnection: close\n\n", [400]),
            ("GET \(target) HTTP/3.7\nHost: x\n\n", [400]),
            ("CONNECT x:80\(rest)\n", [400, 405]),
            ("GET \(target)", [0]),
            ("GET \(target)\n", [0]),
            ("\u{16}\u{3}\u{1}\n\n", [400]),
            // A header that looks like a grant of ours, sent by a client.
            (
                "GET \(target)\(rest)ADMIRROR_GRANT: campaigns\nADMIRROR-GRANT: campaigns\nX-Cache-Key: \(target)\n\n",
                [404]
            ),
            ("GET \(target)\(rest)ADMIRROR_USER: \(Stack.admin)\nX-Forwarded-User: \(Stack.admin)\n\n", [404]),
            ("GET \(target)\(rest)X-Original-URL: /healthz\nX-Rewrite-URL: /healthz\n\n", [404]),
            ("GET /healthz\(rest)X-HTTP-Method-Override: DELETE\n\n", [200]),
        ]
        for (request, statuses) in requests {
            let answer = try stack.raw(request)
            #expect(statuses.contains(answer.status), "\(request.debugDescription): \(answer.text.prefix(200))")
            #expect(!answer.text.contains(name), "\(request.debugDescription)")
            #expect(answer.text.components(separatedBy: "HTTP/1.1 ").count <= 2, "\(request.debugDescription)")
        }
        // A sync may have changed numbers meanwhile.
        #expect(try Self.ids(stack.hit(target)) == ids)
    }

    private static func ids(_ answer: HTTPResponse) throws -> [String] {
        try #require(try answer.json()["campaigns"] as? [[String: Any]]).compactMap { $0["id"] as? String }.sorted()
    }

    @Test("clients that send nothing or little delay nobody and are disconnected", .timeLimit(.minutes(2)))
    func slowClients() throws {
        let slow = try (0..<90).map { index in
            let connection = try RawConnection(port: stack.port, from: "127.0.0.9")
            // Half of them are slow with the headers, half with the body.
            connection.write(
                index % 2 == 0
                    ? "GET /api/ads HTTP/1.1\r\nHost: x\r\n"
                    : "POST /api/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
            )
            return connection
        }
        let began = ContinuousClock.now
        for _ in 0..<10 { #expect(try stack.send("GET", "/api/ad-accounts").status == 200) }
        #expect(ContinuousClock.now - began < .seconds(3))
        let idle = try RawConnection(port: stack.port, from: "127.0.0.9")
        #expect(idle.isClosed(within: 9), "a connection that sends nothing is not kept for long")
        for connection in [slow[0], slow[1]] {
            let answer = connection.read(seconds: 20)
            #expect(answer.text.isEmpty || answer.status == 408, "\(answer.text)")
            #expect(ContinuousClock.now - began < .seconds(19))
        }
    }

    @Test("one address can have a hundred requests at a time, and no more")
    func connections() throws {
        let request = "POST /api/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
        let held = try (0..<110).map { _ in
            let connection = try RawConnection(port: stack.port, from: "127.0.0.10")
            connection.write(request)
            return connection
        }
        // Before nginx gives up on bodies that do not arrive.
        try eventually("a hundred are held", seconds: 9) {
            let answer = try stack.raw("GET /healthz HTTP/1.1\nHost: x\nConnection: close\n\n", from: "127.0.0.10")
            guard answer.status == 429 else { return false }
            #expect(answer.code == "TOO_MANY_REQUESTS")
            #expect(Int(answer.header("Retry-After") ?? "") ?? 0 > 0)
            return true
        }
        #expect(try stack.send("GET", "/healthz").status == 200)
        withExtendedLifetime(held) {}
    }

    @Test("nginx and the database slow down a client that guesses passwords")
    func throttled() throws {
        func attempt(_ email: String, _ password: String, from address: String) throws -> RawAnswer {
            let body = #"{"email":"\#(email)","password":"\#(password)"}"#
            return try stack.raw(
                "POST /api/session HTTP/1.1\nHost: x\nContent-Type: application/json\nConnection: close\nContent-Length: \(body.utf8.count)\n\n\(body)",
                from: address
            )
        }
        let answers = try (0..<14).map { _ in try attempt("", "", from: "127.0.0.11") }
        #expect(answers.prefix(11).allSatisfy { $0.status == 400 })
        let refused = try #require(answers.last)
        #expect(refused.status == 429 && refused.code == "TOO_MANY_REQUESTS")
        #expect(Int(refused.header("Retry-After") ?? "") ?? 0 > 0)
        // Reads are not sign-ins.
        #expect(
            try stack.raw("GET /api/session HTTP/1.1\nHost: x\nConnection: close\n\n", from: "127.0.0.11").status == 200
        )

        for index in 0..<10 {
            let answer = try attempt("target@example.com", "guess \(index)", from: "127.0.1.\(index + 1)")
            #expect(answer.status == 401 && answer.code == "SIGN_IN_REFUSED")
        }
        let late = try attempt("target@example.com", "guess", from: "127.0.2.1")
        #expect(late.status == 429 && late.code == "SIGN_IN_THROTTLED")
        #expect((1...900).contains(Int(late.header("Retry-After") ?? "") ?? 0))
    }

    @Test("nginx slows down repeated connecting of accounts, both the start and the callback")
    func connecting() throws {
        let statuses = try (0..<30).map { index in
            let path = index % 2 == 0 ? "/api/facebook/connect" : "/api/facebook/callback"
            return try stack.raw("GET \(path) HTTP/1.1\nHost: x\nConnection: close\n\n", from: "127.0.0.12").status
        }
        #expect(statuses.prefix(20).allSatisfy { $0 == 400 || $0 == 401 }, "\(statuses)")
        #expect(statuses.suffix(2) == [429, 429], "\(statuses)")
        // The progress route may be polled often.
        let look = "GET /api/facebook/connection HTTP/1.1\nHost: x\nConnection: close\n\n"
        #expect(try stack.raw(look, from: "127.0.0.12").status == 401)
    }

    @Test("the address, user and TLS in a request's headers count from trusted proxies only")
    func forged() throws {
        let forged = [
            ("X-Forwarded-For", "203.0.113.9"), ("X-Real-IP", "203.0.113.9"), ("Forwarded", "for=203.0.113.9"),
            ("X-Forwarded-Proto", "https"), ("X-Forwarded-User", Stack.admin), ("X-Remote-User", Stack.admin),
            ("Remote-User", Stack.admin), ("HTTPS", "on"),
        ]
        _ = try stack.signIn(Stack.admin, "x", headers: forged)
        #expect(try stack.audit().first == "sign_in_refused,\(Stack.admin),127.0.0.1,-")
        #expect(try stack.send("GET", "/api/ad-accounts", token: .some(nil), headers: forged).status == 401)
        let session = try stack.signIn(headers: forged)
        #expect(session.headers["Set-Cookie"]?.hasPrefix("admirror=") == true)
        #expect(session.headers["Strict-Transport-Security"] == nil)
    }
}
