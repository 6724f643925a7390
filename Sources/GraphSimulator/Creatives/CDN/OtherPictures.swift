// Files of three more forms, written without compressing anything.

/// PNG files (RFC 2083) of two colours, one of which is transparent for some.
enum PNGPicture {
    static func bytes(_ width: Int, _ height: Int, _ number: UInt64) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        chunk("IHDR", big(width) + big(height) + [1, 3, 0, 0, 0], &bytes)
        var dice = Randomness(number)
        chunk("PLTE", (0..<6).map { _ in UInt8(dice.below(256)) }, &bytes)
        if number & 1 == 1 { chunk("tRNS", [0], &bytes) }
        chunk("tEXt", Array("Author".utf8) + [0] + Array("secret author".utf8), &bytes)
        let row = { (y: Int) -> [UInt8] in
            [0] + (0..<(width + 7) / 8).map { ($0 + y / 8) % 8 < 4 ? 0xFF : 0 }
        }
        let pixels = (0..<height).flatMap(row)
        chunk("IDAT", [0x78, 1] + Gzip.blocks(pixels, endsHere: true) + big(adler(pixels)), &bytes)
        chunk("IEND", [], &bytes)
        return bytes
    }

    /// The head of a file that claims to have so many pixels, and has none.
    static func claim(_ width: Int, _ height: Int) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        chunk("IHDR", big(width) + big(height) + [8, 6, 0, 0, 0], &bytes)
        chunk("IDAT", [0x78, 1, 1, 0, 0, 0xFF, 0xFF, 0, 0, 0, 1], &bytes)
        chunk("IEND", [], &bytes)
        return bytes
    }

    private static func chunk(_ name: String, _ content: [UInt8], _ bytes: inout [UInt8]) {
        let body = Array(name.utf8) + content
        bytes += big(content.count) + body + big(Int(Gzip.checksum(body)))
    }

    private static func big(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func adler(_ bytes: [UInt8]) -> Int {
        var (a, b) = (1, 0)
        for byte in bytes {
            a = (a + Int(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return b << 16 | a
    }
}

/// GIF files (GIF89a) with two colours. The code of each pixel has eight bits, and the table of codes is emptied in time.
enum GIFPicture {
    static func bytes(_ width: Int, _ height: Int, _ number: UInt64) -> [UInt8] {
        var dice = Randomness(number)
        let size = [UInt8(width & 0xFF), UInt8(width >> 8), UInt8(height & 0xFF), UInt8(height >> 8)]
        var bytes = Array("GIF89a".utf8) + size + [0xF6, 0, 0]
        bytes += (0..<6).map { _ in UInt8(dice.below(256)) } + [UInt8](repeating: 0, count: 126 * 3)
        bytes += [0x2C, 0, 0, 0, 0] + size + [0, 7]
        var codes: [UInt8] = []
        codes.reserveCapacity(width * height + width * height / 100)
        for pixel in 0..<width * height {
            if pixel % 120 == 0 { codes.append(0x80) }
            codes.append((pixel % width / 16 + pixel / width / 16) % 2 == 0 ? 0 : 1)
        }
        codes.append(0x81)
        var rest = codes[...]
        while !rest.isEmpty {
            let block = rest.prefix(255)
            bytes += [UInt8(block.count)] + block
            rest = rest.dropFirst(block.count)
        }
        return bytes + [0, 0x3B]
    }
}

/// WebP files (RFC 9649, lossless) of one colour. Each of the five codes has one word, so pixels take no bits.
enum WebPPicture {
    static func bytes(_ width: Int, _ height: Int, _ number: UInt64) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) { for bit in 0..<count { bits.append(value >> bit & 1 == 1) } }
        append(width - 1, 14)
        append(height - 1, 14)
        append(0, 1 + 3)  // opaque, version 0
        append(0, 3)  // no transform, no cache of colours, one group of codes
        var dice = Randomness(number)
        for value in [dice.below(256), dice.below(256), dice.below(256), 255] {
            append(1, 1)  // a simple code
            append(0, 1)  // of one word
            append(1, 1)  // that has eight bits
            append(value, 8)
        }
        append(0b0001, 4)  // distances: one word, of one bit, 0
        var data: [UInt8] = [0x2F]
        for start in stride(from: 0, to: bits.count, by: 8) {
            data.append(bits[start..<min(start + 8, bits.count)].enumerated().reduce(0) { $0 | ($1.1 ? 1 << $1.0 : 0) })
        }
        let note = Array("secret note \(number)".utf8)
        let body = Array("WEBP".utf8) + chunk("VP8L", data) + chunk("EXIF", note)
        return Array("RIFF".utf8) + little(body.count) + body
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        Array(name.utf8) + little(content.count) + content + (content.count % 2 == 1 ? [0] : [])
    }

    private static func little(_ number: Int) -> [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
