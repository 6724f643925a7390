internal import ASCII

/// Parses JSON in one pass, and continues after damage inside a value.
struct WireParser {
    let bytes: UnsafeBufferPointer<UInt8>
    var place = 0

    /// Values nested more deeply than this are skipped. Facebook's answers have about eight levels.
    private static let mostDepth = 64
    /// Numbers with more characters than this are unreadable.
    private static let longestNumber = 400

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// - Returns: `nil` when the bytes are not one JSON value and nothing else.
    mutating func document() -> WireValue? {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { place = 3 }  // byte order mark
        guard let value = value(depth: 0), next() == nil else { return nil }
        return value
    }

    private mutating func value(depth: Int) -> WireValue? {
        switch next() {
        case nil: return nil
        case UInt8(ascii: "\""):
            place += 1
            return text().map { $0.isRepaired ? .repairedText($0.text) : .text($0.text) }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard depth < Self.mostDepth else { return skip() ? .unreadable : nil }
            place += 1
            return bytes[place - 1] == UInt8(ascii: "{") ? object(depth) : list(depth)
        default: return word()
        }
    }

    private mutating func object(_ depth: Int) -> WireValue? {
        var members: [WireValue.Member] = []
        if next() == UInt8(ascii: "}") {
            place += 1
            return .object([])
        }
        members.reserveCapacity(8)
        while next() == UInt8(ascii: "\"") {
            place += 1
            guard let name = text()?.text, next() == UInt8(ascii: ":") else { return nil }
            place += 1
            guard let value = value(depth: depth + 1) else { return nil }
            members.append(WireValue.Member(name: name, value: value))
            guard let mark = next() else { return nil }
            place += 1
            if mark == UInt8(ascii: "}") { return .object(members) }
            guard mark == UInt8(ascii: ",") else { return nil }
        }
        return nil
    }

    private mutating func list(_ depth: Int) -> WireValue? {
        var elements: [WireValue] = []
        if next() == UInt8(ascii: "]") {
            place += 1
            return .list([])
        }
        while true {
            guard let value = value(depth: depth + 1), let mark = next() else { return nil }
            elements.append(value)
            place += 1
            if mark == UInt8(ascii: "]") { return .list(elements) }
            guard mark == UInt8(ascii: ",") else { return nil }
        }
    }

    /// A number, `true`, `false`, `null`, or a word that JSON does not have, such as `NaN`.
    private mutating func word() -> WireValue? {
        let start = place
        while place < bytes.count, Self.isInWord(bytes[place]) { place += 1 }
        guard place > start else { return nil }
        let word = UnsafeBufferPointer(rebasing: bytes[start..<place])
        switch word[0] {
        case let first where first.isDigit || first == UInt8(ascii: "-"):
            return word.count <= Self.longestNumber ? .number(String(decoding: word, as: UTF8.self)) : .unreadable
        case UInt8(ascii: "t") where word.elementsEqual("true".utf8): return .bool(true)
        case UInt8(ascii: "f") where word.elementsEqual("false".utf8): return .bool(false)
        case UInt8(ascii: "n") where word.elementsEqual("null".utf8): return .null
        default: return .unreadable
        }
    }

    /// Skips a list or an object without recursion.
    /// - Returns: whether it ends as it should.
    private mutating func skip() -> Bool {
        var open: [UInt8] = []
        repeat {
            guard let byte = next() else { return false }
            place += 1
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open.append(byte)
            // In ASCII each bracket's partner is two places further.
            case UInt8(ascii: "}"), UInt8(ascii: "]"): guard open.popLast() == byte - 2 else { return false }
            case UInt8(ascii: "\""): guard text() != nil else { return false }
            case UInt8(ascii: ","), UInt8(ascii: ":"): break
            default:
                guard Self.isInWord(byte) else { return false }
            }
        } while !open.isEmpty
        return true
    }

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

    private static func isInWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
