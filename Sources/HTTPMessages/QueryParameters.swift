internal import ASCII

/// The parameters of a query string or of a form body, decoded, in their order.
package struct QueryParameters: Sendable, Equatable {
    package var items: [Item] = []

    package struct Item: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package enum DecodingError: Error, Equatable {
        /// The decoded bytes are not UTF-8, or a `%` is not followed by two hex digits.
        case malformed
        /// A `%00`: no parameter may contain it, because C strings and PostgreSQL's text cannot.
        case nulByte
    }

    package init(_ items: [Item] = []) {
        self.items = items
    }

    /// Decodes `a=1&b=x+y%21`. Empty pieces are skipped, a piece without `=` has an empty value.
    package init(decoding text: String) throws(DecodingError) {
        for piece in text.utf8.split(separator: UInt8(ascii: "&")) {
            let halves = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count > 1 ? try Self.decode(halves[1]) : ""
            items.append(Item(name: try Self.decode(halves[0]), value: value))
        }
    }

    /// The value of the first parameter of that name.
    package subscript(name: String) -> String? { items.first { $0.name == name }?.value }

    /// All values of that name.
    package func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

    package mutating func append(_ name: String, _ value: String) {
        items.append(Item(name: name, value: value))
    }

    /// A query string with everything but letters, digits and `-._~` percent-encoded.
    package var encoded: String {
        items.map { "\(Self.encode($0.name))=\(Self.encode($0.value))" }.joined(separator: "&")
    }

    package static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += Hexadecimal.percentEncoded(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func decode(_ piece: Substring.UTF8View.SubSequence) throws(DecodingError) -> String {
        var bytes: [UInt8] = []
        var rest = piece
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(Hexadecimal.digit),
                    let low = rest.popFirst().flatMap(Hexadecimal.digit)
                else { throw .malformed }
                bytes.append(high << 4 | low)
            default:
                bytes.append(byte)
            }
        }
        if bytes.contains(0) { throw .nulByte }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
        return text
    }
}
