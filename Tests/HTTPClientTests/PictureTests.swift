import HTTPMessages
import Testing

@testable import HTTPClient

@Suite struct PictureTests {
    @Test(
        "only addresses that anybody may have are public",
        arguments: [
            ("8.8.8.8", true), ("157.240.1.35", true), ("172.15.0.1", true), ("172.32.0.1", true), ("100.63.0.1", true),
            ("0.0.0.0", false), ("10.1.2.3", false), ("127.0.0.1", false), ("127.255.0.9", false),
            ("169.254.169.254", false), ("172.16.0.1", false), ("172.31.255.255", false), ("192.168.1.1", false),
            ("100.64.0.1", false), ("192.0.0.8", false), ("192.0.2.1", false), ("198.18.0.1", false),
            ("198.51.100.1", false), ("203.0.113.9", false), ("224.0.0.1", false), ("255.255.255.255", false),
        ]
    )
    func ipv4(_ text: String, _ isPublic: Bool) {
        let bytes = text.split(separator: ".").compactMap { UInt8($0) }
        #expect(PublicAddress.isPublic(bytes) == isPublic)
    }

    @Test(
        "IPv6 addresses that hold private IPv4 addresses are not public",
        arguments: [
            ([0x2A, 0x03, 0x28, 0x80], true), ([0x24, 0x04, 0x68, 0x00], true), ([], false),
            ([0xFE, 0x80], false), ([0xFC, 0x00], false), ([0xFD, 0x12], false), ([0xFF, 0x02], false),
            ([0x20, 0x02, 0x7F, 0x00, 0x00, 0x01], false), ([0x20, 0x01, 0x00, 0x00], false),
            ([0x20, 0x01, 0x0D, 0xB8], false), ([0x00, 0x64, 0xFF, 0x9B], false),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 8, 8, 8, 8], false),
        ] as [([UInt8], Bool)]
    )
    func ipv6(_ prefix: [UInt8], _ isPublic: Bool) {
        let bytes = prefix + [UInt8](repeating: 0, count: 16 - prefix.count)
        #expect(PublicAddress.isPublic(bytes) == isPublic)
        #expect(!PublicAddress.isPublic([]))
    }

    @Test(
        "pictures are on Facebook's networks, over TLS",
        arguments: [
            ("https://scontent-lax3-1.xx.fbcdn.net/v/t45/1_n.jpg?oh=1&oe=2", "/v/t45/1_n.jpg?oh=1&oe=2"),
            ("https://SCONTENT.cdninstagram.com", "/"), ("https://lookaside.fbsbx.com/a#b", "/a"),
            ("http://scontent.xx.fbcdn.net/a", nil), ("https://fbcdn.net.example.com/a", nil),
            ("https://evilfbcdn.net/a", nil), ("https://scontent.fbcdn.net:8443/a", nil),
            ("https://scontent.fbcdn.net@127.0.0.1/a", nil), ("https://a:b@scontent.fbcdn.net/a", nil),
            ("https://127.0.0.1/.fbcdn.net", nil), ("https://[::1]/a", nil), ("file:///etc/passwd", nil),
            ("https://scontent.fbcdn.net\\@127.0.0.1/", nil), ("https://scontent.fbcdn.net/a b", nil), ("", nil),
            ("https://www.facebook.com/ads/image", nil), ("http://127.0.0.1:8080/simulator/_cdn/v/x", nil),
        ]
    )
    func addresses(_ text: String, _ target: String?) {
        #expect(PictureAddress(text, graphURL: "https://graph.facebook.com")?.target == target)
    }

    @Test("a simulator on this host serves pictures from its own port only")
    func simulator() {
        let graph = "http://127.0.0.1:8080/simulator"
        let address = PictureAddress("http://127.0.0.1:8080/simulator/_cdn/v/x", graphURL: graph)
        #expect(address?.target == "/simulator/_cdn/v/x")
        #expect(address?.isSimulated == true)
        #expect(PictureAddress("http://127.0.0.1:5432/x", graphURL: graph) == nil)
        #expect(PictureAddress("http://localhost:8080/x", graphURL: graph) == nil)
        #expect(PictureAddress("http://127.0.0.1:8080@example.com/x", graphURL: graph) == nil)
    }

    @Test("a name that leads to a private address gets no connection")
    func privateAddress() throws {
        let server = try HostileServer { _ in Issue.record("there was a connection") }
        var limits = HTTPClient.Limits()
        limits.onlyPublicAddresses = true
        for host in ["127.0.0.1", "localhost"] {
            let client = try HTTPClient(baseURL: "http://\(host):\(server.port)", limits: limits)
            do {
                _ = try client.send(HTTPRequest(path: "/"))
                Issue.record("there was a response")
            } catch {
                #expect(error.code == .refused)
            }
        }
    }

    private func download(from server: HostileServer) throws -> Result<HTTPResponse, any Error> {
        let downloads = PictureDownloads(graphURL: server.url)
        return try downloads.download(["\(server.url)/_cdn/v/x.jpg?a=1"], tick: {})[0]
    }

    @Test("more than a picture may have is given up while it arrives")
    func huge() throws {
        let server = try HostileServer { connection in
            try connection.readRequest()
            try connection.send(Array("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n".utf8))
            // Endless, until the client hangs up.
            while true { try connection.send([UInt8](repeating: 7, count: 1 << 20)) }
        }
        let error = #expect(throws: TransportError.self) { try download(from: server).get() }
        #expect(error?.code == .tooLarge)
    }

    @Test("a redirect is returned and not followed")
    func redirect() throws {
        let elsewhere = try HostileServer { _ in Issue.record("the redirect was followed") }
        let server = try HostileServer(
            answering: "HTTP/1.1 302 Found\r\nLocation: \(elsewhere.url)/\r\nContent-Length: 0\r\n\r\n"
        )
        #expect(try download(from: server).get().status == 302)
    }

    @Test("each address has its own result, and other hosts are not asked")
    func several() throws {
        let server = try HostileServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let downloads = PictureDownloads(graphURL: server.url)
        let results = try downloads.download(
            ["\(server.url)/1", "http://127.0.0.1:1/2", "\(server.url)/3", "https://example.com/4"],
            tick: {}
        )
        #expect(
            results.map { (try? $0.get().body).map { String(decoding: $0, as: UTF8.self) } } == ["ok", nil, "ok", nil]
        )
    }

    @Test("what the tick throws ends the downloads")
    func urgency() throws {
        struct Urgent: Error {}
        let server = try HostileServer { connection in
            try connection.readRequest()
            _ = connection.waitForHangUp()
        }
        let downloads = PictureDownloads(graphURL: server.url)
        var ticks = 0
        #expect(throws: Urgent.self) {
            _ = try downloads.download(["\(server.url)/1"]) {
                ticks += 1
                if ticks == 3 { throw Urgent() }
            }
        }
    }
}
