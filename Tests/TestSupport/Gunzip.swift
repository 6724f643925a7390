internal import CDeflate

/// The content of a gzip member; `nil` when it is damaged, or larger than 16 MiB.
package func gunzip(_ bytes: [UInt8]) -> [UInt8]? {
    guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
    defer { libdeflate_free_decompressor(decompressor) }
    var isComplete = false
    let content = [UInt8](unsafeUninitializedCapacity: 1 << 24) { buffer, count in
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
