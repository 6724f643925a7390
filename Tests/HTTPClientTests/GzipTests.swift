import Compression
import HTTPClient
import HTTPMessages
import Testing

@Suite struct GzipTests {
    private static let text = (1...5000).map { "{\"id\":\"\($0 * 7919)\"}" }.joined(separator: ",")

    private static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        try #require(bytes.withUnsafeBufferPointer(GzipCompressor().compress))
    }

    private static func gzippedText() throws -> [UInt8] { try gzip(Array(text.utf8)) }

    private static func server(_ body: [UInt8], encoding: String = "gzip") throws -> HostileServer {
        try HostileServer(answering: answer(body, "Content-Encoding: \(encoding)"))
    }

    @Test("gzip is decompressed", arguments: ["gzip", "GZIP", "x-gzip"])
    func good(encoding: String) throws {
        let server = try Self.server(Self.gzippedText(), encoding: encoding)
        #expect(try HTTPClient(server).get().text == Self.text)
    }

    @Test("the gzip of nothing is empty, and an empty body needs no gzip")
    func empty() throws {
        let nothing: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        for body in [nothing, []] {
            let server = try Self.server(body)
            #expect(try HTTPClient(server).get().body == [])
        }
    }

    @Test("gzip that is damaged anywhere is broken")
    func damaged() throws {
        let good = try Self.gzippedText()
        for position in [0, 3, 12, good.count / 2, good.count - 6, good.count - 2] {
            var bytes = good
            bytes[position] ^= 0x55
            let server = try Self.server(bytes)
            let code = try HTTPClient(server).failure()?.code
            #expect(code == .broken, "\(position)")
        }
    }

    @Test("gzip that ends too early, or continues after its end, is broken", arguments: [-5000, -9, -8, -1, 1, 100])
    func wrongEnd(difference: Int) throws {
        var bytes = try Self.gzippedText()
        bytes = Array(bytes.prefix(bytes.count + difference)) + [UInt8](repeating: 0, count: max(0, difference))
        let server = try Self.server(bytes)
        #expect(try HTTPClient(server).failure()?.code == .broken)
    }

    @Test("invalid gzip, or an encoding that was not requested, is broken")
    func other() throws {
        for (body, encoding) in [("{\"data\":[]}", "gzip"), ("a long text that is no gzip", "gzip"), ("x", "br")] {
            let server = try Self.server(Array(body.utf8), encoding: encoding)
            #expect(try HTTPClient(server).failure()?.code == .broken)
        }
        let plain = try Self.server(Array("plain".utf8), encoding: "identity")
        #expect(try HTTPClient(plain).get().text == "plain")
    }

    @Test("a gzip bomb is too large; one with a false size is broken")
    func bomb() throws {
        var bomb = try Self.gzip([UInt8](repeating: 0, count: 200 << 20))
        #expect(bomb.count < 1 << 20)
        let honest = try Self.server(bomb)
        #expect(try HTTPClient(honest).failure()?.code == .tooLarge)

        bomb.replaceSubrange((bomb.count - 4)..., with: [0, 1, 0, 0])
        let lying = try Self.server(bomb)
        #expect(try HTTPClient(lying).failure()?.code == .broken)
    }

    @Test("a body may be as large as the limit, and not a byte larger")
    func limit() throws {
        let size = 1 << 20
        let server = try Self.server(Self.gzip([UInt8](repeating: 0x20, count: size)))
        #expect(try HTTPClient(server) { $0.body = size }.get().body.count == size)
        #expect(try HTTPClient(server) { $0.body = size - 1 }.failure()?.code == .tooLarge)
    }
}
