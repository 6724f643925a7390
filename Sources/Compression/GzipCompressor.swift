/// Makes gzip bodies. One compressor serves any number of bodies, one after the other.
package final class GzipCompressor {
    private let deflater = Deflater()

    package init() {}

    /// The body as one gzip member; `nil` for one of 4 GB or more.
    package func compress(_ body: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        deflater.begin(isStream: false)
        // What cannot be compressed is stored in blocks of 64 KB with 5 bytes each. The rest is for the member's head and end.
        let bound = body.count + body.count / 8192 + 64
        let compressed = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = deflater.compressWhole(body, into: buffer) ?? 0
        }
        return compressed.isEmpty ? nil : compressed
    }
}
