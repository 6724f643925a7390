/// Bytes in the form of gzip (RFC 1952), good and damaged, without compressing anything.
enum Gzip {
    private static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]

    /// A good gzip file whose blocks are stored (RFC 1951, section 3.2.4).
    static func stored(_ body: [UInt8]) -> [UInt8] {
        head + blocks(body, endsHere: true) + little(checksum(body)) + little(UInt32(truncatingIfNeeded: body.count))
    }

    /// A valid beginning; after the first half follows a block of a type that does not exist.
    static func broken(_ body: [UInt8]) -> [UInt8] {
        head + blocks(body.prefix(body.count / 2), endsHere: false) + [0x07] + body.suffix(64)
    }

    static func blocks(_ body: some Collection<UInt8>, endsHere: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(body)[...]
        repeat {
            let block = rest.prefix(0xFFFF)
            rest = rest.dropFirst(block.count)
            let length = UInt16(block.count)
            bytes.append(endsHere && rest.isEmpty ? 1 : 0)
            for number in [length, ~length] { bytes += [UInt8(number & 0xFF), UInt8(number >> 8)] }
            bytes += block
        } while !rest.isEmpty
        return bytes
    }

    private static func little(_ number: UInt32) -> [UInt8] {
        [0, 8, 16, 24].map { (shift: UInt32) in UInt8(truncatingIfNeeded: number >> shift) }
    }

    /// CRC-32.
    static func checksum(_ body: [UInt8]) -> UInt32 {
        let table = (0..<256).map { (byte: UInt32) -> UInt32 in
            var remainder = byte
            for _ in 0..<8 {
                let shifted: UInt32 = remainder >> 1
                remainder = remainder & 1 == 1 ? shifted ^ 0xEDB8_8320 : shifted
            }
            return remainder
        }
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in body {
            let place = Int((sum ^ UInt32(byte)) & 0xFF)
            sum = sum >> 8 ^ table[place]
        }
        return ~sum
    }
}
