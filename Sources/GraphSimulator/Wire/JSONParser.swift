extension JSON {
    /// Parses a JSON text. Returns `nil` when the bytes are not one JSON value. Integers keep all their digits.
    ///
    /// `JSONDecoder` finds out the type of an unknown value by attempts that fail, and every failure throws an error.
    /// Swift Testing takes a backtrace of each, so that the attempts would be most of a test's work.
    init?(parsing text: some Sequence<UInt8>) {
        var parser = JSONParser(Array(text))
        guard let value = parser.document() else { return nil }
        self = value
    }
}

/// Reads JSON strictly by RFC 8259, in one pass.
private struct JSONParser {
    private let bytes: [UInt8]
    private var place = 0

    /// Deeper values are refused, so that no text exhausts the stack.
    private static let mostDepth = 200

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() -> JSON? {
        guard let value = value(depth: 0), next() == nil else { return nil }
        return value
    }

    private mutating func value(depth: Int) -> JSON? {
        guard depth < Self.mostDepth, let byte = next() else { return nil }
        switch byte {
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return array(depth)
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return take("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func object(_ depth: Int) -> JSON? {
        place += 1
        var members: [(String, JSON)] = []
        if skip(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            guard next() == UInt8(ascii: "\""), let name = string(), skip(UInt8(ascii: ":")),
                let value = value(depth: depth + 1)
            else { return nil }
            members.append((name, value))
        } while skip(UInt8(ascii: ","))
        return skip(UInt8(ascii: "}")) ? .object(members) : nil
    }

    private mutating func array(_ depth: Int) -> JSON? {
        place += 1
        var elements: [JSON] = []
        if skip(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            guard let value = value(depth: depth + 1) else { return nil }
            elements.append(value)
        } while skip(UInt8(ascii: ","))
        return skip(UInt8(ascii: "]")) ? .array(elements) : nil
    }

    // MARK: Strings

    private mutating func string() -> String? {
        place += 1
        var units: [UInt8] = []
        var start = place
        while place < bytes.count {
            let byte = bytes[place]
            guard byte >= 0x20 else { return nil }
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
                place += 1
                continue
            }
            units += bytes[start..<place]
            place += 1
            if byte == UInt8(ascii: "\"") { return String(validating: units, as: UTF8.self) }
            guard let scalar = escape() else { return nil }
            units += scalar.utf8
            start = place
        }
        return nil
    }

    /// The character of an escape whose backslash has been read.
    private mutating func escape() -> Unicode.Scalar? {
        guard place < bytes.count else { return nil }
        place += 1
        switch bytes[place - 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let first = unit() else { return nil }
            guard 0xD800..<0xDC00 ~= first else { return Unicode.Scalar(first) }
            guard take("\\u"), let second = unit(), 0xDC00..<0xE000 ~= second else { return nil }
            return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        default: return nil
        }
    }

    /// The UTF-16 unit of four hexadecimal digits.
    private mutating func unit() -> UInt32? {
        guard place + 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[place..<place + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        place += 4
        return unit
    }

    // MARK: Numbers

    private mutating func number() -> JSON? {
        let start = place
        _ = take("-")
        guard take("0") || digits() else { return nil }
        let wholeEnd = place
        if take(".") {
            guard digits() else { return nil }
        }
        if take("e") || take("E") {
            _ = take("-") || take("+")
            guard digits() else { return nil }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if wholeEnd == place, let number = Int(text) { return .int(number) }
        guard let number = Double(text), number.isFinite else { return nil }
        return .double(number)
    }

    /// Whether at least one digit is there; they are then read.
    private mutating func digits() -> Bool {
        let start = place
        while place < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[place] { place += 1 }
        return place > start
    }

    // MARK: Bytes

    /// The next byte that is not white space; `place` is there.
    private mutating func next() -> UInt8? {
        while place < bytes.count {
            switch bytes[place] {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            default: return bytes[place]
            }
        }
        return nil
    }

    /// Whether the next byte after white space is this one; it is then read.
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard next() == byte else { return false }
        place += 1
        return true
    }

    /// Whether these characters are next; they are then read.
    private mutating func take(_ word: StaticString) -> Bool {
        let end = place + word.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        for offset in 0..<word.utf8CodeUnitCount where bytes[place + offset] != word.utf8Start[offset] { return false }
        place = end
        return true
    }
}
