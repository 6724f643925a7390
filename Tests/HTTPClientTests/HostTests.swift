import HTTPClient
import HTTPMessages
import Testing

@Suite struct HostTests {
    @Test(
        "a redirect is returned and not followed: the other server sees no connection",
        arguments: [301, 302, 303, 307, 308]
    )
    func redirect(status: Int) throws {
        let other = try HostileServer(answering: answer("stolen"))
        let target = "\(other.url)/?x=1"
        let server = try HostileServer(
            answering: "HTTP/1.1 \(status) Go\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n"
        )
        let client = try HTTPClient(server)
        let request = HTTPRequest(path: "/", headers: ["Authorization": "Bearer secret"])
        let response = try client.send(request)
        #expect(response.status == status)
        #expect(response.headers["Location"] == target)
        client.start(request, number: 1)
        #expect(try client.collect(1)[0].result.get().status == status)
        #expect(other.connectionCount == 0)
    }

    @Test("no path changes the host")
    func paths() throws {
        let other = try HostileServer(answering: answer("stolen"))
        let server = try HostileServer(answering: answer("ours"))
        let client = try HTTPClient(server)
        for path in ["@127.0.0.1:\(other.port)/", ".example.com/", "", ":\(other.port)/"] {
            #expect(client.failure(path)?.code == .failed)
        }
        for path in ["//127.0.0.1:\(other.port)/", "/@127.0.0.1:\(other.port)/", "/http://127.0.0.1:\(other.port)/"] {
            #expect(try client.get(path).text == "ours")
        }
        #expect(other.connectionCount == 0)
    }

    @Test(
        "only http and https are accepted",
        arguments: ["ftp://127.0.0.1", "file:///etc", "127.0.0.1", "", "HTTP://x"]
    )
    func schemes(url: String) {
        #expect(throws: TransportError.self) { try HTTPClient(baseURL: url) }
    }
}
