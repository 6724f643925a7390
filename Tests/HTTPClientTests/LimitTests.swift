import Foundation
import HTTPClient
import HTTPMessages
import Testing

@Suite struct LimitTests {
    @Test("a server that accepts no connection is unreachable after the connection timeout")
    func connecting() throws {
        let listener = try Socket.bound()
        #expect(listen(listener.descriptor, 0) == 0)
        // With a backlog of zero the kernel accepts one connection; the client's has to wait.
        let first = Socket.connected(to: try listener.port())
        #expect(first != nil)
        var limits = HTTPClient.Limits()
        limits.connect = 1
        let client = try HTTPClient(baseURL: "http://127.0.0.1:\(listener.port())", limits: limits)
        takesLess(than: 20) { #expect(client.failure()?.code == .unreachable) }
    }

    @Test("a silent server is abandoned after the silence timeout")
    func silence() throws {
        let hungUp = Meeting(of: 2)
        let server = try HostileServer { connection in
            try connection.readRequest()
            if connection.waitForHangUp() { _ = hungUp.join() }
        }
        let client = try HTTPClient(server) { $0.silence = 1 }
        takesLess(than: 20) { #expect(client.failure()?.code == .timedOut) }
        #expect(hungUp.join())
    }

    @Test("less than a byte per second is silence too")
    func trickle() throws {
        let server = try HostileServer { connection in
            try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            for _ in 1...100 {
                Thread.sleep(forTimeInterval: 1.5)
                try connection.send(" ")
            }
        }
        let client = try HTTPClient(server) { $0.silence = 3 }
        takesLess(than: 60) { #expect(client.failure()?.code == .timedOut) }
    }

    @Test("an exchange ends after its timeout, even if bytes still arrive")
    func exchange() throws {
        let server = try HostileServer { connection in
            try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\n\r\n")
            for _ in 1...400 {
                Thread.sleep(forTimeInterval: 0.1)
                try connection.send("            ")
            }
        }
        let client = try HTTPClient(server) { $0.exchange = 1 }
        takesLess(than: 20) { #expect(client.failure()?.code == .timedOut) }
    }

    @Test("a body of more than 32 MiB is too large, with or without a declared length", arguments: [true, false])
    func largeBody(isLengthTold: Bool) throws {
        let size = 40 << 20
        let server = try HostileServer { connection in
            try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\n" + (isLengthTold ? "Content-Length: \(size)\r\n\r\n" : "\r\n"))
            let part = [UInt8](repeating: 0x20, count: 1 << 20)
            for _ in 1...40 { try connection.send(part) }
        }
        let client = try HTTPClient(server)
        #expect(client.failure()?.code == .tooLarge)
    }

    @Test("a body as large as the limit arrives complete, one that is a byte larger does not")
    func bodyLimit() throws {
        let body = String(repeating: "x", count: 1000)
        let server = try HostileServer(answering: answer(body))
        #expect(try HTTPClient(server) { $0.body = 1000 }.get().text == body)
        #expect(try HTTPClient(server) { $0.body = 999 }.failure()?.code == .tooLarge)
    }

    @Test(
        "headers without an end are too large",
        arguments: ["X-Header: \(String(repeating: "x", count: 100))\r\n", "\r\nHTTP/1.1 100 Continue\r\n", "x"]
    )
    func endlessHeaders(part: String) throws {
        let server = try HostileServer { connection in
            try connection.readRequest()
            try connection.send("HTTP/1.1 100 Continue\r\n")
            let parts = String(repeating: part, count: 100)
            while true { try connection.send(parts) }
        }
        let client = try HTTPClient(server)
        let error = client.failure()
        #expect(error?.code == .tooLarge, "\(String(describing: error))")
    }

    @Test("headers as large as the Graph API's are accepted")
    func largeHeaders() throws {
        let usage = String(repeating: "x", count: 60_000)
        let server = try HostileServer(
            answering: answer("ok", "X-One: \(usage)", "X-Two: \(usage)", "X-Three: \(usage)")
        )
        let response = try HTTPClient(server).get()
        #expect(response.headers["x-three"] == usage)
        #expect(response.text == "ok")
    }
}
