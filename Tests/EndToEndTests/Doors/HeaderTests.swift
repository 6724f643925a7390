import Foundation
import HTTPMessages
import Testing

/// The headers for browsers in every response.
extension DoorTests {
    @Test("every kind of response has the security headers")
    func headers() throws {
        let target = "/api/campaigns?adAccountId=\(Stack.yen)&limit=2"
        let miss = try stack.send("GET", target)
        let hit = try stack.hit(target)
        let same = try stack.send("GET", target, headers: [("If-None-Match", hit.headers["ETag"] ?? "")])
        let large = String(repeating: "x", count: 200_000)
        let answers: [(String, HTTPResponse, Int)] = [
            ("miss", miss, 200), ("hit", hit, 200), ("not modified", same, 304),
            ("page", try stack.send("GET", "/"), 200), ("style", try stack.send("GET", "/admirror.css"), 200),
            ("docs", try stack.send("GET", "/api/docs"), 200),
            ("document", try stack.send("GET", "/api/openapi.json"), 200),
            ("accounts", try stack.send("GET", "/api/ad-accounts"), 200),
            ("alive", try stack.send("GET", "/healthz"), 200),
            ("OPTIONS", try stack.send("OPTIONS", target), 204),
            ("nobody", try stack.send("GET", target, token: .some(nil)), 401),
            ("unknown account", try stack.send("GET", "/api/ads?adAccountId=1"), 404),
            ("unknown path", try stack.send("GET", "/api/nothing"), 404),
            ("unknown path and method", try stack.send("POST", "/api/nothing"), 404),
            ("no file", try stack.send("GET", "/x"), 404),
            ("method", try stack.send("PUT", "/api/ads"), 405), ("TRACE", try stack.send("TRACE", "/api/ads"), 405),
            ("precondition", try stack.send("GET", target, headers: [("If-Match", "\"x\"")]), 412),
            ("large", try stack.send("POST", "/api/sync", headers: [], body: large), 413),
            ("long", try stack.send("GET", "/?\(large.prefix(9000))"), 414),
            ("headers", try stack.send("GET", "/", headers: [("X", String(large.prefix(9000)))]), 400),
        ]
        for (name, answer, status) in answers {
            #expect(answer.status == status, "\(name): \(answer.text.prefix(200))")
            let policies = answer.headers.all("Content-Security-Policy")
            #expect(!policies.isEmpty, "\(name)")
            for policy in policies {
                #expect(
                    policy.hasPrefix("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"),
                    "\(name)"
                )
                #expect(!policy.contains("unsafe") && !policy.contains("*"), "\(name)")
            }
            for (header, value) in [
                ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"),
                ("Cross-Origin-Opener-Policy", "same-origin"),
            ] {
                #expect(answer.headers.all(header) == [value], "\(name): \(header)")
            }
            #expect(answer.headers["Permissions-Policy"] != nil, "\(name)")
            #expect(answer.headers["Server"] == "nginx", "\(name)")
            // Without TLS there is no TLS header, and pages of other sites get no CORS header.
            #expect(answer.headers["Strict-Transport-Security"] == nil, "\(name)")
            #expect(answer.headers.fields.allSatisfy { !$0.name.lowercased().hasPrefix("access-control-") }, "\(name)")
            if status >= 400 { #expect(answer.code != nil && answer.headers["Cache-Control"] == "no-store", "\(name)") }
        }
    }

    @Test("pages of other sites get no CORS headers unless they are allowed")
    func noCORS() throws {
        for headers in [
            [("Origin", "https://dashboard.example.com")], [("Origin", "null")],
            [("Origin", "https://dashboard.example.com"), ("Access-Control-Request-Method", "GET")],
        ] {
            for method in ["GET", "OPTIONS"] {
                let answer = try stack.send(method, "/api/ad-accounts", headers: headers)
                #expect(answer.headers.fields.allSatisfy { !$0.name.lowercased().hasPrefix("access-control-") })
            }
        }
    }
}
