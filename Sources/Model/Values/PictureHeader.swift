/// The form and the size of a picture, by its first bytes. Names and types that a server gives it do not count.
package struct PictureHeader: Sendable, Equatable {
    package enum Form: Sendable, Equatable, CaseIterable {
        case png, jpeg, gif, webp
    }

    package let form: Form
    package let width: Int
    package let height: Int

    /// Pixels that a picture may have, so that its decoded form fits into memory.
    package static let mostPixels = 20_000_000
    package static let longestSide = 16_384

    package var isDecodable: Bool {
        (1...Self.longestSide).contains(width) && (1...Self.longestSide).contains(height)
            && width * height <= Self.mostPixels
    }

    /// - Returns: `nil` for all that is no picture of these forms, or whose size cannot be read.
    package init?(_ bytes: [UInt8]) {
        let reader = Reader(bytes: bytes)
        let size: (width: Int, height: Int)?
        if reader.has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0) {
            form = .png
            size = reader.pngSize
        } else if reader.has([0xFF, 0xD8, 0xFF], at: 0) {
            form = .jpeg
            size = reader.jpegSize
        } else if reader.has(Array("GIF87a".utf8), at: 0) || reader.has(Array("GIF89a".utf8), at: 0) {
            form = .gif
            size = reader.little(2, at: 6).flatMap { width in reader.little(2, at: 8).map { (width, $0) } }
        } else if reader.has(Array("RIFF".utf8), at: 0), reader.has(Array("WEBP".utf8), at: 8) {
            form = .webp
            size = reader.webpSize
        } else {
            return nil
        }
        guard let size else { return nil }
        (width, height) = size
    }

    private struct Reader {
        let bytes: [UInt8]

        func has(_ mark: [UInt8], at place: Int) -> Bool {
            place + mark.count <= bytes.count && bytes[place..<(place + mark.count)].elementsEqual(mark)
        }

        func big(_ count: Int, at place: Int) -> Int? {
            guard place + count <= bytes.count else { return nil }
            return bytes[place..<(place + count)].reduce(0) { $0 << 8 | Int($1) }
        }

        func little(_ count: Int, at place: Int) -> Int? {
            guard place + count <= bytes.count else { return nil }
            return bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
        }

        /// RFC 2083, section 4.1.1: IHDR is the first chunk.
        var pngSize: (Int, Int)? {
            guard has(Array("IHDR".utf8), at: 12), let width = big(4, at: 16), let height = big(4, at: 20) else {
                return nil
            }
            return (width, height)
        }

        /// ITU T.81, annex B: the frame's header is among the segments before the first scan.
        var jpegSize: (Int, Int)? {
            var place = 2
            while place + 4 <= bytes.count {
                guard bytes[place] == 0xFF else { return nil }
                let marker = bytes[place + 1]
                // Any number of bytes 0xFF may come before a marker.
                if marker == 0xFF {
                    place += 1
                    continue
                }
                if marker == 0x01 || (0xD0...0xD7).contains(marker) {
                    place += 2
                    continue
                }
                guard marker != 0xD9, marker != 0xDA, let length = big(2, at: place + 2), length >= 2 else {
                    return nil
                }
                // 0xC4, 0xC8 and 0xCC are tables.
                if (0xC0...0xCF).contains(marker), marker & 0x03 != 0 || marker == 0xC0 {
                    guard let height = big(2, at: place + 5), let width = big(2, at: place + 7) else { return nil }
                    return (width, height)
                }
                place += 2 + length
            }
            return nil
        }

        /// RFC 9649, section 2: the first chunk says how the rest is coded.
        var webpSize: (Int, Int)? {
            if has(Array("VP8 ".utf8), at: 12), has([0x9D, 0x01, 0x2A], at: 23) {
                return little(2, at: 26).flatMap { width in little(2, at: 28).map { (width & 0x3FFF, $0 & 0x3FFF) } }
            }
            if has(Array("VP8L".utf8), at: 12), has([0x2F], at: 20), let bits = little(4, at: 21) {
                return (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
            }
            if has(Array("VP8X".utf8), at: 12), let width = little(3, at: 24), let height = little(3, at: 27) {
                return (width + 1, height + 1)
            }
            return nil
        }
    }
}
