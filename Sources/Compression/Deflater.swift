internal import CIsal

/// The state of igzip, Intel's implementation of gzip. On answers of ours its level 1 is as small as that of zlib or libdeflate, and
/// takes a third of the time of libdeflate, a tenth of zlib's. Level 0 is no faster, and a quarter larger.
final class Deflater {
    /// igzip keeps the address of its state, so it may not move.
    private let state = UnsafeMutablePointer<isal_zstream>.allocate(capacity: 1)
    /// What level 1 needs to find repetitions: `ISAL_DEF_LVL1_DEFAULT`, 64 × 4 KB more than the tables themselves.
    private let table = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 19)

    deinit {
        state.deallocate()
        table.deallocate()
    }

    /// Begins another member.
    func begin(isStream: Bool) {
        if isStream { isal_deflate_init(state) } else { isal_deflate_stateless_init(state) }
        state.pointee.level = 1
        state.pointee.level_buf = table.baseAddress
        state.pointee.level_buf_size = UInt32(table.count)
        state.pointee.gzip_flag = UInt16(IGZIP_GZIP)
    }

    /// Compresses a whole member at once.
    /// - Returns: its size; `nil` if it does not fit, or cannot be counted in 32 bits.
    func compressWhole(_ body: UnsafeBufferPointer<UInt8>, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        guard body.count < UInt32.max, buffer.count < UInt32.max else { return nil }
        state.pointee.end_of_stream = 1
        offer(body)
        take(buffer)
        return isal_deflate_stateless(state) == COMP_OK ? Int(state.pointee.total_out) : nil
    }

    /// Compresses a piece.
    /// - Parameter output: Called with what is ready, in `buffer`, as often as it is full.
    func compress(
        _ piece: UnsafeBufferPointer<UInt8>,
        isLast: Bool,
        through buffer: UnsafeMutableBufferPointer<UInt8>,
        output: (UnsafeMutableBufferPointer<UInt8>) -> Void
    ) {
        state.pointee.end_of_stream = isLast ? 1 : 0
        offer(piece)
        repeat {
            take(buffer)
            let code = isal_deflate(state)
            precondition(code == COMP_OK, "igzip does not know its own state")
            output(UnsafeMutableBufferPointer(rebasing: buffer.dropLast(Int(state.pointee.avail_out))))
        } while state.pointee.avail_out == 0 || state.pointee.avail_in > 0
    }

    private func offer(_ piece: UnsafeBufferPointer<UInt8>) {
        state.pointee.next_in = UnsafeMutablePointer(mutating: piece.baseAddress)
        state.pointee.avail_in = UInt32(piece.count)
    }

    private func take(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        state.pointee.next_out = buffer.baseAddress
        state.pointee.avail_out = UInt32(buffer.count)
    }
}
