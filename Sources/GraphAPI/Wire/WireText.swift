internal import ASCII

extension WireParser {
    /// A text whose opening quote has been read. `nil` when the body ends first.
    ///
    /// What a strict parser refuses becomes U+FFFD: bytes that are not UTF-8, half of a surrogate pair, control
    /// characters, and escapes that JSON does not have. So does U+0000, which PostgreSQL's text cannot hold. It is not cut
    /// out, because the digits around it would become another number.
    mutating func text() -> (text: String, isRepaired: Bool)? {
        let start = place
        // Most texts have neither escapes nor damage: they are copied once.
        while place < bytes.count, bytes[place] != UInt8(ascii: "\""), bytes[place] != UInt8(ascii: "\\"),
            bytes[place] >= 0x20
        { place += 1 }
        guard place < bytes.count else { return nil }
        let plain = UnsafeBufferPointer(rebasing: bytes[start..<place])
        guard bytes[place] != UInt8(ascii: "\"") else {
            place += 1
            return Self.string(plain)
        }
        return escapedText(after: plain)
    }

    private mutating func escapedText(
        after plain: UnsafeBufferPointer<UInt8>
    ) -> (text: String, isRepaired: Bool)? {
        var units = Array(plain)
        var isRepaired = false
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                let (text, wasRepaired) = units.withUnsafeBufferPointer(Self.string)
                return (text, isRepaired || wasRepaired)
            case UInt8(ascii: "\\"):
                guard place < bytes.count else { return nil }
                if let scalar = escape(), scalar != "\u{0}" {
                    units += scalar.utf8
                } else {
                    isRepaired = true
                    units += Self.replacement
                }
            case 0..<0x20:
                isRepaired = true
                units += Self.replacement
            default:
                units.append(byte)
            }
        }
        return nil
    }

    /// The character after a backslash; `nil` if it is invalid.
    private mutating func escape() -> Unicode.Scalar? {
        let letter = bytes[place]
        // A control character here is damage of its own.
        if letter >= 0x20 { place += 1 }
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: return nil
        }
        guard let first = hexUnit(at: place) else { return nil }
        place += 4
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        // The first half of a pair; what follows it is read by itself when it is not the other half.
        guard place + 1 < bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u"),
            let second = hexUnit(at: place + 2), (0xDC00..<0xE000).contains(second)
        else { return nil }
        place += 6
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private func hexUnit(at place: Int) -> UInt32? {
        guard place + 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[place..<(place + 4)] {
            guard let digit = Hexadecimal.digit(byte) else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    private static func string(_ units: UnsafeBufferPointer<UInt8>) -> (text: String, isRepaired: Bool) {
        if let text = String(validating: units, as: UTF8.self) { return (text, false) }
        return (String(decoding: units, as: UTF8.self), true)
    }
}
