import Foundation
import HTTPClient
import HTTPMessages
import Testing

@Suite struct AnswerTests {
    @Test("status, headers and body arrive as sent; header names in any case, repeated names in order")
    func headers() throws {
        let server = try HostileServer(
            answering: [
                "HTTP/1.1 429 Whatever", "cOnTeNt-LeNgTh: 2", "X-App-Usage:{\"call_count\":28}", "x-empty:",
                "Set-Cookie: a=1", "X-Spaces: \t a b \t ", "set-cookie: b=2; path=/", "", "no",
            ].joined(separator: "\r\n")
        )
        let response = try HTTPClient(server).get()
        #expect(response.status == 429)
        #expect(response.text == "no")
        #expect(response.headers["Content-Length"] == "2")
        #expect(response.headers["x-app-usage"] == #"{"call_count":28}"#)
        #expect(response.headers["X-Empty"] == "")
        #expect(response.headers["X-Spaces"] == "a b")
        let cookies = response.headers.fields.filter { $0.name.lowercased() == "set-cookie" }
        #expect(cookies.map(\.value) == ["a=1", "b=2; path=/"])
        #expect(response.headers.fields.count == 6)
    }

    @Test("interim responses and their headers are skipped")
    func interim() throws {
        let server = try HostileServer(
            answering: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nX: early\r\n\r\n"
                + answer("whole", "X: late")
        )
        let response = try HTTPClient(server).get()
        #expect(response.status == 200)
        #expect(response.text == "whole")
        #expect(response.headers["Link"] == nil)
        #expect(response.headers["X"] == "late")
    }

    @Test(
        "bodies of every kind arrive complete",
        arguments: [
            (answer(""), ""),
            (answer("<html>Sorry, something went wrong.</html>"), "<html>Sorry, something went wrong.</html>"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n",
                "abcde"
            ),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""),
            ("HTTP/1.0 200 OK\r\n\r\nuntil the end", "until the end"),
            ("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy", "busy"),
        ]
    )
    func bodies(sent: String, body: String) throws {
        let server = try HostileServer(answering: sent, then: .hangUp)
        #expect(try HTTPClient(server).get().text == body)
    }

    @Test(
        "a response without a body ends with its header, and the connection serves the next request",
        arguments: [
            ("GET", "HTTP/1.1 204 No Content\r\n\r\n", 204),
            (
                "GET",
                "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Encoding: gzip\r\nContent-Length: 70\r\n\r\n", 304
            ),
            ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 70\r\nContent-Encoding: gzip\r\n\r\n", 200),
        ]
    )
    func bodiless(method: String, sent: String, status: Int) throws {
        let server = try HostileServer(answering: sent)
        let client = try HTTPClient(server)
        for _ in 1...3 {
            let response = try client.send(HTTPRequest(method: method, path: "/"))
            #expect(response.status == status)
            #expect(response.body.isEmpty)
        }
        #expect(server.connectionCount == 1)
    }

    @Test("a connection is reused, and one that the server closed meanwhile is replaced")
    func connections() throws {
        let kept = try HostileServer(answering: answer("kept"))
        let client = try HTTPClient(kept)
        for _ in 1...5 { #expect(try client.get().text == "kept") }
        #expect(kept.connectionCount == 1)

        let closed = try HostileServer(answering: answer("closed"), then: .hangUp)
        let other = try HTTPClient(closed)
        for _ in 1...5 { #expect(try other.get().text == "closed") }
        #expect(closed.connectionCount == 5)
    }

    @Test("a request arrives with its headers and few others")
    func request() throws {
        let requests = Record<Connection.Request>()
        let server = try HostileServer { connection in
            while true {
                requests.add(try connection.readRequest())
                try connection.send(answer("ok"))
            }
        }
        let client = try HTTPClient(server)
        let headers: HTTPHeaders = ["Authorization": "Bearer secret", "X-Empty": ""]
        _ = try client.send(HTTPRequest(path: "/v23.0/me", query: "fields=id%2Cname", headers: headers))
        _ = try client.send(HTTPRequest(method: "POST", path: "/empty"))
        _ = try client.send(HTTPRequest(method: "DELETE", path: "/1", headers: ["Accept-Encoding": "identity"]))

        #expect(
            requests.all.map(\.line) == [
                "GET /v23.0/me?fields=id%2Cname HTTP/1.1", "POST /empty HTTP/1.1", "DELETE /1 HTTP/1.1",
            ]
        )
        let own = ["Host: 127.0.0.1:\(server.port)", "User-Agent: AdMirror", "Accept: */*"]
        #expect(
            requests.all.map(\.headers) == [
                own + ["Accept-Encoding: gzip", "Authorization: Bearer secret", "X-Empty:"],
                own + ["Accept-Encoding: gzip", "Content-Length: 0"],
                own + ["Accept-Encoding: identity"],
            ]
        )
    }

    @Test("a body arrives complete, even if the caller has released it")
    func post() throws {
        let requests = Record<Connection.Request>()
        let server = try HostileServer { connection in
            requests.add(try connection.readRequest())
            try connection.send(answer("ok"))
        }
        let client = try HTTPClient(server)
        let size = 3 << 20
        do {
            let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 * 31) }
            client.start(
                HTTPRequest(method: "POST", path: "/", headers: ["Content-Type": "x/y"], body: body),
                number: 7
            )
        }
        let exchange = try client.collect(1)[0]
        #expect(try exchange.text() == "ok")
        #expect(exchange.number == 7)
        let request = try #require(requests.all.first)
        #expect(request.body.count == size)
        #expect(request.body.enumerated().allSatisfy { $1 == UInt8(truncatingIfNeeded: $0 * 31) })
        #expect(request.headers.contains("Content-Type: x/y"))
        #expect(!request.headers.contains { $0.lowercased().hasPrefix("expect") })
    }
}
