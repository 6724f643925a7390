internal import ASCII
internal import Glibc

/// Bytes that are written one piece after the other, by way of a pointer: a table's answer has thousands of pieces, and an
/// array checks and grows for each. Kept from answer to answer.
final class ByteBuffer {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    /// - Parameter capacity: bytes for which there is room at first.
    init(capacity: Int = 1 << 16) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit {
        base.deallocate()
    }

    /// The bytes that are there, until the next one is written.
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    /// Forgets all bytes; gives back the memory of an answer that was larger than most.
    func clear() {
        count = 0
        guard capacity > 4 << 20 else { return }
        base.deallocate()
        capacity = 1 << 16
        base = .allocate(capacity: capacity)
    }

    @inline(__always)
    private func makeRoom(_ wanted: Int) {
        if capacity - count < wanted { grow(wanted) }
    }

    private func grow(_ wanted: Int) {
        capacity = max(2 * capacity, count + wanted)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }

    func append(_ byte: UInt8) {
        makeRoom(1)
        base[count] = byte
        count += 1
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        makeRoom(bytes.count)
        memcpy(base + count, start, bytes.count)
        count += bytes.count
    }

    func append(_ text: StaticString) {
        text.withUTF8Buffer { append($0) }
    }

    func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    /// Text between the quotes of a JSON string. Runs that need no escape, which is nearly all there is, are copied eight
    /// bytes at a time. `<`, `>` and `&` are left as they are: the type of the answer is JSON, and `nosniff` goes with it.
    func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        guard let start = text.baseAddress else { return }
        makeRoom(6 * text.count)
        let source = UnsafeRawPointer(start)
        var index = 0
        while index < text.count {
            if text.count - index >= 8 {
                let eight = source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if !Self.hasSpecial(eight) {
                    UnsafeMutableRawPointer(base + count).storeBytes(of: eight, as: UInt64.self)
                    count += 8
                    index += 8
                    continue
                }
            }
            escape(text[index])
            index += 1
        }
    }

    /// Whether one of eight bytes is a control character, a quote or a backslash. (Bit Twiddling Hacks, "Determine if a word has
    /// a byte less than n": exact for the question whether there is any.)
    private static func hasSpecial(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let found =
            ((word &- ones &* 0x20) & ~word) | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
        return found & highs != 0
    }

    private func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): put("\\", byte)
        case UInt8(ascii: "\n"): put("\\", UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): put("\\", UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): put("\\", UInt8(ascii: "t"))
        case 0..<0x20: append("\\u00\(Hexadecimal.text([byte]))")
        default: append(byte)
        }
    }

    private func put(_ first: Unicode.Scalar, _ second: UInt8) {
        append(UInt8(ascii: first))
        append(second)
    }
}

@available(*, unavailable)
extension ByteBuffer: Sendable {}
