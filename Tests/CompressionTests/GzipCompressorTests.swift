import Compression
import TestSupport
import Testing

@Suite struct GzipCompressorTests {
    @Test(
        "a body of any size becomes one gzip member, again and again",
        arguments: [0, 1, 100, 65_535, 65_536, 3_000_000]
    )
    func whole(size: Int) throws {
        let compressor = GzipCompressor()
        for seed in 0..<3 {
            let body = (0..<size).map { UInt8(truncatingIfNeeded: 32 + ($0 &* 31 &+ seed) % 64) }
            let member = try #require(body.withUnsafeBufferPointer(compressor.compress))
            let isSame = gunzip(member) == body
            #expect(isSame)
            #expect(size < 1000 || member.count < size / 10)
        }
    }

    @Test(
        "a body that cannot be compressed gets hardly larger, and those after it are compressed",
        arguments: [10, 300_000, 5_000_000]
    )
    func incompressible(size: Int) throws {
        let compressor = GzipCompressor()
        var generator = SystemRandomNumberGenerator()
        let body = (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let whole = try #require(body.withUnsafeBufferPointer(compressor.compress))
        let isWhole = gunzip(whole) == body
        #expect(isWhole && whole.count <= body.count + body.count / 1000 + 64)
        let text = Array(repeating: UInt8(ascii: "a"), count: 10_000)
        let member = try #require(text.withUnsafeBufferPointer(compressor.compress))
        let isSame = gunzip(member) == text
        #expect(isSame && member.count < 200)
    }
}
