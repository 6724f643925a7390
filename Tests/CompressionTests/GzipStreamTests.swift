import Compression
import TestSupport
import Testing

@Suite struct GzipStreamTests {
    /// (Compared here, because `#expect` would spend hours computing the difference of two large arrays.)
    private func isGzip(_ member: [UInt8], of content: [UInt8]) -> Bool { gunzip(member) == content }

    /// Text that compresses as well as JSON and differs from piece to piece.
    private static func text(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var number = 0
        while bytes.count < count {
            number += 1
            bytes += "{\"id\":\"\(number &* 7919)\",\"name\":\"a name\"},".utf8
        }
        return Array(bytes.prefix(count))
    }

    @Test("the pieces form one gzip member with all the content")
    func pieces() {
        let stream = GzipStream()
        var member: [UInt8] = []
        var content: [UInt8] = []
        for size in [1, 0, 100, 70_000, 3, 1 << 20, 0] {
            let piece = Self.text(size)
            content += piece
            member += stream.compress(piece)
        }
        member += stream.finish()
        #expect(isGzip(member, of: content))
    }

    @Test("empty content gives an empty gzip member")
    func nothing() {
        #expect(gunzip(GzipStream().finish()) == [])
        let stream = GzipStream()
        #expect(gunzip(stream.compress([]) + stream.finish()) == [])
    }

    @Test("incompressible content survives the round trip")
    func incompressible() {
        var generator = SystemRandomNumberGenerator()
        let content = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let stream = GzipStream()
        #expect(isGzip(stream.compress(content) + stream.finish(), of: content))
    }

    @Test("100 MB in pieces of 64 KB survive the round trip, and compressed output is available early")
    func large() {
        let piece = Self.text(1 << 16)
        let stream = GzipStream()
        var member: [UInt8] = []
        var early = 0
        for number in 0..<1600 {
            member += stream.compress(piece)
            if number == 800 { early = member.count }
        }
        member += stream.finish()
        #expect(early > member.count / 3)
        let content = gunzip(member, limit: 1600 << 16)
        #expect(content?.count == 1600 << 16)
        let isEndRight = content?.suffix(1 << 16) == piece[...]
        #expect(isEndRight)
    }
}
