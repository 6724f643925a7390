internal import CDeflate

/// The content of a gzip member; `nil` if it is damaged or larger than `limit`.
package func gunzip(_ bytes: [UInt8], limit: Int = 1 << 24) -> [UInt8]? {
    guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
    defer { libdeflate_free_decompressor(decompressor) }
    var isComplete = false
    let content = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        let result = libdeflate_gzip_decompress(
            decompressor,
            bytes,
            bytes.count,
            buffer.baseAddress,
            buffer.count,
            &count
        )
        isComplete = result == LIBDEFLATE_SUCCESS
        if !isComplete { count = 0 }
    }
    return isComplete ? content : nil
}
