internal import Foundation

/// JSON text, parsed with Foundation's parser rather than with ours.
package struct JSON {
    package let value: Any?

    package init(_ bytes: [UInt8]) {
        value = try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
    }

    private init(_ value: Any?) {
        self.value = value
    }

    package subscript(name: String) -> JSON { JSON((value as? [String: Any])?[name]) }

    package subscript(index: Int) -> JSON {
        guard let list = value as? [Any], list.indices.contains(index) else { return JSON(Any?.none) }
        return JSON(list[index])
    }

    package var list: [JSON] { (value as? [Any] ?? []).map { JSON($0) } }
    package var names: Set<String> { Set((value as? [String: Any] ?? [:]).keys) }
    /// The text of a string; `nil` for everything else.
    package var string: String? { value as? String }
    package var isNull: Bool { value is NSNull }
    package var isMissing: Bool { value == nil }

    /// The value of a number; `nil` for everything else, also for `true` and `false`.
    package var number: Double? {
        guard value is NSNumber || value is Double || value is Int, boolean == nil else { return nil }
        return (value as? NSNumber)?.doubleValue
    }

    package var integer: Int? { number.flatMap { Int(exactly: $0) } }

    package var boolean: Bool? {
        guard let number = value as? NSNumber, CFBooleanType.isBoolean(number) else { return nil }
        return number.boolValue
    }

    /// The member names of the objects `depth` brackets deep, in the order of the text, which parsers forget.
    package static func memberNames(_ bytes: [UInt8], depth wanted: Int) -> [String] {
        var names: [String] = []
        var depth = 0
        var text: [UInt8]?
        var last: [UInt8] = []
        var isEscaped = false
        for byte in bytes {
            if text != nil {
                if isEscaped {
                    isEscaped = false
                    text?.append(byte)
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    last = text ?? []
                    text = nil
                } else {
                    text?.append(byte)
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): text = []
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ":") where depth == wanted: names.append(String(decoding: last, as: UTF8.self))
            default: break
            }
        }
        return names
    }
}

private enum CFBooleanType {
    /// Foundation distinguishes `true` from `1` by the type of its number object.
    static func isBoolean(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c" || String(cString: number.objCType) == "B"
    }
}
