import Foundation
import HTTPClient
import HTTPMessages
import Testing

@Suite(.enabled(if: TLSServer.isReachable, "https goes through a proxy here")) struct TLSTests {
    @Test("an untrusted certificate is refused, and so is one for another name")
    func untrusted() throws {
        let server = try TLSServer()
        #expect(try HTTPClient(baseURL: server.url).failure()?.code == .untrusted)
        #expect(try HTTPClient(baseURL: server.plainURL).failure()?.code == .untrusted)
        let otherName = "https://localhost:\(server.port)"
        #expect(try HTTPClient(baseURL: otherName, authorities: server.certificate).failure()?.code == .untrusted)
        #expect(try HTTPClient(baseURL: server.url, authorities: server.certificate).get().status == 200)
        let noFile = "\(server.certificate).missing"
        #expect(try HTTPClient(baseURL: server.url, authorities: noFile).failure()?.code == .untrusted)
    }

    @Test("several requests share one HTTP/2 connection, and all are pending at once")
    func multiplexing() throws {
        let meeting = Meeting(of: 8)
        let backend = try HostileServer { connection in
            let request = try connection.readRequest()
            if meeting.join() { try connection.send(answer("{\"path\":\"\(request.path)\"}", "Connection: close")) }
        }
        let server = try TLSServer(backend: backend)
        let client = try HTTPClient(baseURL: server.url, authorities: server.certificate)
        for number in 1...8 { client.start(HTTPRequest(path: "/backend/\(number)"), number: number) }
        let exchanges = try client.collect(8)
        #expect(Set(exchanges.map(\.number)) == Set(1...8))
        for exchange in exchanges { #expect(try exchange.text() == "{\"path\":\"/backend/\(exchange.number)\"}") }
        let headers = try exchanges.map { try $0.result.get().headers }
        #expect(Set(headers.map { $0["x-protocol"] }) == ["HTTP/2.0"])
        #expect(Set(headers.map { $0["X-Connection"] }).count == 1)
        #expect(try client.get().headers["X-Connection"] == headers[0]["X-Connection"])
    }

    @Test("a server with HTTP/1.1 only gets one connection per request")
    func fallback() throws {
        let meeting = Meeting(of: 8)
        let backend = try HostileServer { connection in
            try connection.readRequest()
            if meeting.join() { try connection.send(answer("ok", "Connection: close")) }
        }
        let server = try TLSServer(backend: backend)
        let client = try HTTPClient(baseURL: server.plainURL, authorities: server.certificate)
        for number in 1...8 { client.start(HTTPRequest(path: "/backend/\(number)"), number: number) }
        let headers = try client.collect(8).map { try $0.result.get().headers }
        #expect(Set(headers.map { $0["X-Protocol"] }) == ["HTTP/1.1"])
        #expect(Set(headers.map { $0["X-Connection"] }).count == 8)
        let later = try client.get().headers["X-Connection"]
        #expect(headers.contains { $0["X-Connection"] == later })
    }

    @Test(
        "hundreds of responses arrive complete, although the server ends a connection after a few",
        arguments: [7, 1000]
    )
    func many(requests: Int) throws {
        let server = try TLSServer(requests: requests)
        let client = try HTTPClient(baseURL: server.url, authorities: server.certificate)
        let count = 400
        for number in 1...count {
            let path = "/" + String(repeating: "\(number)-", count: number * 5)
            client.start(HTTPRequest(path: path), number: number)
        }
        var numbers: Set<Int> = []
        for exchange in try client.collect(count) {
            numbers.insert(exchange.number)
            let text = try exchange.text()
            #expect(text == "/" + String(repeating: "\(exchange.number)-", count: exchange.number * 5))
        }
        #expect(numbers.count == count)
    }

    @Test("a response that is too large or cancelled does not disturb the others on the connection")
    func oneOfMany() throws {
        let gates = Gates()
        let backend = try HostileServer { connection in
            let request = try connection.readRequest()
            guard gates.pass(request.path) else { return }
            try connection.send(answer("ok", "Connection: close"))
        }
        let server = try TLSServer(backend: backend)
        var limits = HTTPClient.Limits()
        limits.body = 1 << 20
        let client = try HTTPClient(baseURL: server.url, limits: limits, authorities: server.certificate)
        let first = try client.get()
        client.start(HTTPRequest(path: "/backend/1"), number: 1)
        client.start(HTTPRequest(path: "/large"), number: 2)
        #expect(try client.collect(1).map(\.code) == [.tooLarge])
        gates.open("/backend/1")
        #expect(try client.collect(1)[0].text() == "ok")

        for number in 2...4 { client.start(HTTPRequest(path: "/backend/\(number)"), number: number) }
        #expect(client.next(within: 0.1) == nil)
        client.cancelAll()
        for number in 2...4 { gates.open("/backend/\(number)") }
        let last = try client.get("/later")
        #expect(last.text == "/later")
        #expect(last.headers["X-Connection"] == first.headers["X-Connection"])
        #expect(client.next(within: 60) == nil)
    }

    @Test("a response that the server breaks off is broken, and so are all when it goes away")
    func brokenOff() throws {
        let meeting = Meeting(of: 3)
        let backend = try HostileServer { connection in
            guard try connection.readRequest().path != "/backend/short" else {
                return try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
            }
            _ = meeting.join()
            _ = connection.waitForHangUp()
        }
        let server = try TLSServer(backend: backend)
        let client = try HTTPClient(baseURL: server.url, authorities: server.certificate)
        #expect(client.failure("/backend/short")?.code == .broken)
        for number in 1...3 { client.start(HTTPRequest(path: "/backend/\(number)"), number: number) }
        #expect(try client.goOn { meeting.isComplete }.isEmpty)
        server.stop()
        #expect(try client.collect(3).allSatisfy { $0.code == .broken })
        #expect(client.failure()?.code == .unreachable)
    }

    @Test("a server that does not finish the handshake is unreachable or broken, and gets no request")
    func handshake() throws {
        var limits = HTTPClient.Limits()
        limits.connect = 1
        let silent = try HostileServer { connection in _ = connection.waitForHangUp() }
        let silentURL = "https://127.0.0.1:\(silent.port)"
        #expect(try HTTPClient(baseURL: silentURL, limits: limits).failure()?.code == .unreachable)

        let hangingUp = try HostileServer { _ in }
        #expect(try HTTPClient(baseURL: "https://127.0.0.1:\(hangingUp.port)").failure()?.code == .broken)

        let plain = try HostileServer { connection in try connection.send(answer("no TLS")) }
        #expect(try HTTPClient(baseURL: "https://127.0.0.1:\(plain.port)").failure()?.code == .broken)
    }
}
