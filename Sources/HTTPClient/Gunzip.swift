internal import CDeflate

/// Decompresses a gzip member.
///
/// libcurl could do that, too, but accepts truncated data (7.88), and libdeflate is faster.
/// - Parameter limit: The most bytes to decompress.
func gunzip(_ bytes: [UInt8], limit: Int) throws(TransportError) -> [UInt8] {
    guard let decompressor = libdeflate_alloc_decompressor() else {
        throw TransportError(code: .failed, message: "out of memory")
    }
    defer { libdeflate_free_decompressor(decompressor) }

    // The last four bytes contain the size of the content, unless they are wrong or missing.
    let size = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let room = min(size, limit)
    var (read, result) = (0, LIBDEFLATE_BAD_DATA)
    let content = [UInt8](unsafeUninitializedCapacity: max(room, 1)) { buffer, count in
        result = libdeflate_gzip_decompress_ex(
            decompressor,
            bytes,
            bytes.count,
            buffer.baseAddress,
            room,
            &read,
            &count
        )
        if result != LIBDEFLATE_SUCCESS { count = 0 }
    }
    if result == LIBDEFLATE_INSUFFICIENT_SPACE, size > limit { throw .tooLarge(limit) }
    guard result == LIBDEFLATE_SUCCESS, read == bytes.count else {
        throw TransportError(code: .broken, message: "the gzip data of the response is damaged")
    }
    return content
}

extension TransportError {
    static func tooLarge(_ limit: Int) -> TransportError {
        TransportError(code: .tooLarge, message: "the response is larger than \(limit) bytes")
    }
}
