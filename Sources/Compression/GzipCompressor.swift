internal import CDeflate

/// Makes gzip bodies. One compressor serves any number of bodies, one after the other.
package final class GzipCompressor {
    private let handle: OpaquePointer?

    /// - Parameter level: 1 (fastest) to 12 (smallest). Level 1 of libdeflate is about as small as zlib's 6 here.
    package init(level: Int32 = 1) {
        handle = libdeflate_alloc_compressor(level)
    }

    deinit {
        libdeflate_free_compressor(handle)
    }

    /// The body as one gzip member; `nil` when there is no memory for it.
    package func compress(_ body: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard let handle else { return nil }
        let bound = libdeflate_gzip_compress_bound(handle, body.count)
        let compressed = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = libdeflate_gzip_compress(handle, body.baseAddress, body.count, buffer.baseAddress, bound)
        }
        return compressed.isEmpty ? nil : compressed
    }
}
