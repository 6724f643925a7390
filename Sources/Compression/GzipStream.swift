internal import CZlib

/// Makes one gzip member out of pieces, for a body that is too large to be held. (libdeflate needs all of it at once.)
package final class GzipStream {
    /// zlib keeps the address of its state, so it may not move.
    private let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)

    /// - Parameter level: 1 (fastest) to 9 (smallest).
    package init(level: Int32 = 1) {
        state.initialize(to: z_stream())
        // Does what the macro deflateInit2 does, which Swift cannot call. Adding 16 to the 15 window bits selects gzip.
        // 8 is the usual memory level: 268 KB in total (zconf.h).
        let code = deflateInit2_(
            state,
            level,
            Z_DEFLATED,
            16 + 15,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(code == Z_OK, "zlib cannot begin: no memory, or no such level")
    }

    deinit {
        deflateEnd(state)
        state.deallocate()
        buffer.deallocate()
    }

    /// Takes a piece of the content. Returns what of the member is ready; often nothing.
    package func compress(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        // zlib counts in 32 bits.
        for start in stride(from: 0, to: bytes.count, by: 1 << 30) {
            let piece = bytes[start..<min(start + 1 << 30, bytes.count)]
            state.pointee.next_in = UnsafeMutablePointer(mutating: UnsafeBufferPointer(rebasing: piece).baseAddress)
            state.pointee.avail_in = UInt32(piece.count)
            run(Z_NO_FLUSH, into: &output)
        }
        return output
    }

    package func compress(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBufferPointer(compress)
    }

    /// The end of the member. Nothing may follow.
    package func finish() -> [UInt8] {
        var output: [UInt8] = []
        run(Z_FINISH, into: &output)
        return output
    }

    private func run(_ flush: Int32, into output: inout [UInt8]) {
        repeat {
            state.pointee.next_out = buffer.baseAddress
            state.pointee.avail_out = UInt32(buffer.count)
            let code = deflate(state, flush)
            // Z_BUF_ERROR: there was nothing left to do.
            precondition(code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR, "a finished gzip was written to")
            output += UnsafeMutableBufferPointer(rebasing: buffer.dropLast(Int(state.pointee.avail_out)))
        } while state.pointee.avail_out == 0
    }
}
