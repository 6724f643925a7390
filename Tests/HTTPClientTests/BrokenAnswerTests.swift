import Foundation
import HTTPClient
import HTTPMessages
import Testing

@Suite struct BrokenAnswerTests {
    @Test(
        "a response that ends too early or is invalid is broken",
        arguments: [
            "", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":[",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnumber\r\nabc\r\n",
            "HTTP/1.1 200 OK\r\nX: 1\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: 1\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc",
            "SSH-2.0-OpenSSH_9.2\r\n", "\u{0}\u{1}\u{2}garbage\r\n\r\n", "HTTP/7 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", "<html>nothing but a page</html>",
        ],
        [HostileServer.Ending.hangUp, .reset]
    )
    func broken(sent: String, ending: HostileServer.Ending) throws {
        let server = try HostileServer(answering: sent, then: ending)
        let error = try HTTPClient(server).failure()
        #expect(error?.code == .broken, "\(String(describing: error))")
    }

    @Test("a connection that is reset without a response is broken, and the next request is answered")
    func reset() throws {
        let server = try HostileServer { connection in
            // A reset before the request can come while the client still connects. That is another failure: unreachable.
            try connection.readRequest()
            guard connection.number > 1 else { return connection.reset() }
            try connection.send(answer("better"))
        }
        let client = try HTTPClient(server)
        #expect(client.failure()?.code == .broken)
        #expect(try client.get().text == "better")
    }

    @Test("a port without a server is unreachable")
    func unreachable() throws {
        let socket = try Socket.bound()
        let client = try HTTPClient(baseURL: "http://127.0.0.1:\(socket.port())")
        #expect(client.failure()?.code == .unreachable)
        for number in 1...10 { client.start(number) }
        #expect(try client.collect(10).allSatisfy { $0.code == .unreachable })
    }

    @Test("an unknown host name is unreachable")
    func unknownName() throws {
        #expect(try HTTPClient(baseURL: "http://name.invalid").failure()?.code == .unreachable)
    }

    @Test("an error reveals nothing of the request")
    func secrets() throws {
        let socket = try Socket.bound()
        let server = try HostileServer(answering: "HTTP/1.1 200 secret-answer", then: .hangUp)
        for url in ["http://127.0.0.1:\(try socket.port())", server.url, "https://secret-host.invalid"] {
            let client = try HTTPClient(baseURL: url)
            let headers: HTTPHeaders = ["Authorization": "Bearer secret-header"]
            let request = HTTPRequest(path: "/secret-path", query: "access_token=secret-token", headers: headers)
            do {
                _ = try client.send(request)
                Issue.record("it was answered")
            } catch {
                #expect(!"\(error) \(String(reflecting: error))".contains("secret"))
            }
        }
    }
}
