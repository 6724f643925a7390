/// JPEG files (ITU T.81, baseline) whose blocks of 8 × 8 pixels have one colour each.
enum JPEGPicture {
    static func bytes(_ width: Int, _ height: Int, _ number: UInt64) -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8]
        segment(0xE0, Array("JFIF".utf8) + [0, 1, 1, 0, 0, 1, 0, 1, 0, 0], &bytes)
        // A comment, as cameras and editors leave them.
        segment(0xFE, Array("secret place: 52.5200,13.4050 \(number)".utf8), &bytes)
        segment(0xDB, [0] + [UInt8](repeating: 16, count: 64), &bytes)
        let size = [UInt8(height >> 8), UInt8(height & 0xFF), UInt8(width >> 8), UInt8(width & 0xFF)]
        segment(0xC0, [8] + size + [3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0], &bytes)
        // Differences of brightness: twelve codes of four bits. Everything else: one code of one bit, "nothing follows".
        segment(0xC4, [0x00, 0, 0, 0, 12] + [UInt8](repeating: 0, count: 12) + (0..<12).map { UInt8($0) }, &bytes)
        segment(0xC4, [0x10, 1] + [UInt8](repeating: 0, count: 15) + [0], &bytes)
        segment(0xDA, [3, 1, 0x00, 2, 0x00, 3, 0x00, 0, 63, 0], &bytes)

        var bits = Bits()
        var before = [0, 0, 0]
        var dice = Randomness(number)
        let tint = [0, dice.below(120) - 60, dice.below(120) - 60]
        let (columns, rows) = ((width + 7) / 8, (height + 7) / 8)
        for row in 0..<rows {
            for column in 0..<columns {
                for component in 0..<3 {
                    // In steps of 16, as the table above has it; eight times that is one block's sum.
                    let light = component == 0 ? (row * 100 / rows + column * 100 / columns) - 100 : tint[component]
                    let value = light / 2
                    bits.append(difference: value - before[component])
                    before[component] = value
                }
            }
        }
        return bytes + bits.closed() + [0xFF, 0xD9]
    }

    private static func segment(_ marker: UInt8, _ content: [UInt8], _ bytes: inout [UInt8]) {
        let length = content.count + 2
        bytes += [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + content
    }

    private struct Bits {
        private var bytes: [UInt8] = []
        private var pending: UInt32 = 0
        private var count = 0

        mutating func append(_ value: Int, _ length: Int) {
            pending = pending << UInt32(length) | UInt32(value & (1 << length - 1))
            count += length
            while count >= 8 {
                let byte = UInt8(truncatingIfNeeded: pending >> UInt32(count - 8))
                bytes.append(byte)
                if byte == 0xFF { bytes.append(0) }
                count -= 8
            }
        }

        mutating func append(difference: Int) {
            var length = 0
            while abs(difference) >> length > 0 { length += 1 }
            append(length, 4)
            if length > 0 { append(difference < 0 ? difference + (1 << length) - 1 : difference, length) }
            append(0, 1)
        }

        mutating func closed() -> [UInt8] {
            if count > 0 { append(0x7F, 8 - count) }
            return bytes
        }
    }
}
