/// Bytes as hex digits, two for each.
package enum Hexadecimal {
    private static let lowerCase = Array("0123456789abcdef".utf8)
    private static let upperCase = Array("0123456789ABCDEF".utf8)

    /// Lower-case digits.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [lowerCase[Int($0 >> 4)], lowerCase[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The bytes of digits in either case; `nil` for any other text.
    package static func bytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for byte in text {
            guard let digit = digit(byte) else { return nil }
            if let first = high { bytes.append(first << 4 | digit) }
            high = high == nil ? digit : nil
        }
        return high == nil ? bytes : nil
    }

    /// The value of a digit, by its code.
    package static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// A byte as in URLs: `%2F`.
    package static func percentEncoded(_ byte: UInt8) -> [UInt8] {
        [UInt8(ascii: "%"), upperCase[Int(byte >> 4)], upperCase[Int(byte & 15)]]
    }
}
