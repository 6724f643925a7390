/// Makes one gzip member out of pieces, for a body that is too large to be held.
package final class GzipStream {
    private let deflater = Deflater()
    private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)

    package init() {
        deflater.begin(isStream: true)
    }

    deinit {
        buffer.deallocate()
    }

    /// Takes a piece of the content. Returns what of the member is ready; often nothing.
    package func compress(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        // igzip counts in 32 bits.
        for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
            let piece = UnsafeBufferPointer(rebasing: bytes[start..<min(start + 1 << 30, bytes.count)])
            deflater.compress(piece, isLast: false, through: buffer) { output += $0 }
        }
        return output
    }

    package func compress(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBufferPointer(compress)
    }

    /// The end of the member. Nothing may follow.
    package func finish() -> [UInt8] {
        var output: [UInt8] = []
        deflater.compress(UnsafeBufferPointer(start: nil, count: 0), isLast: true, through: buffer) { output += $0 }
        return output
    }
}
