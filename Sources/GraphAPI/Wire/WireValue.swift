internal import ASCII

/// A JSON value as Facebook sent it.
enum WireValue: Equatable {
    case null
    case bool(Bool)
    /// The digits as they came. Ids lie above 2^53, so no number passes through a double.
    case number(String)
    case text(String)
    /// A text in which characters were damaged. Each damaged character is U+FFFD.
    case repairedText(String)
    case list([WireValue])
    case object([Member])
    /// A value that no field can use: nested too deeply, or a word that JSON does not have.
    case unreadable

    struct Member: Equatable {
        let name: String
        let value: WireValue
    }

    /// Parses a body.
    ///
    /// Damage inside a text is repaired. Other damage inside a value costs only that value.
    /// - Returns: `nil` if the body is not JSON, for example because it is truncated.
    init?(parsing body: [UInt8]) {
        let value = body.withUnsafeBufferPointer { bytes -> WireValue? in
            var parser = WireParser(bytes)
            return parser.document()
        }
        guard let value else { return nil }
        self = value
    }

    /// A member of an object; `nil` if this is not an object or has no such member.
    ///
    /// A name that occurs twice with different values is unreadable, because the intended value is unknown.
    subscript(_ name: String) -> WireValue? {
        guard case .object(let members) = self else { return nil }
        return members.value(of: name)
    }
}

extension [WireValue.Member] {
    func value(of name: String) -> WireValue? {
        var found: WireValue?
        for member in self where member.name == name {
            if let found, found != member.value { return .unreadable }
            found = member.value
        }
        return found
    }
}

extension WireValue {
    /// JSON that any strict parser accepts. Values that cannot be read are `null`.
    var json: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null, .unreadable: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .number(let digits): text += ExactDecimalSyntax.isJSON(digits) ? digits : "null"
        case .text(let value), .repairedText(let value): Self.write(value, to: &text)
        case .list(let elements):
            text += "["
            for (place, element) in elements.enumerated() {
                if place > 0 { text += "," }
                element.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (place, member) in members.enumerated() {
                if place > 0 { text += "," }
                Self.write(member.name, to: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

/// The form of numbers in JSON (RFC 8259, section 6).
private enum ExactDecimalSyntax {
    static func isJSON(_ digits: String) -> Bool {
        var bytes = digits.utf8[...]
        func dropDigits() -> Bool {
            let rest = bytes.drop(while: \.isDigit)
            guard rest.count < bytes.count else { return false }
            bytes = rest
            return true
        }
        if bytes.first == UInt8(ascii: "-") { bytes = bytes.dropFirst() }
        if bytes.first == UInt8(ascii: "0") { bytes = bytes.dropFirst() } else if !dropDigits() { return false }
        if bytes.first == UInt8(ascii: ".") {
            bytes = bytes.dropFirst()
            if !dropDigits() { return false }
        }
        if bytes.first == UInt8(ascii: "e") || bytes.first == UInt8(ascii: "E") {
            bytes = bytes.dropFirst()
            if bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "-") { bytes = bytes.dropFirst() }
            if !dropDigits() { return false }
        }
        return bytes.isEmpty
    }
}
