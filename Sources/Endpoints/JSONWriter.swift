/// Writes small JSON texts, member by member. `RowWriter` writes long lists.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    // MARK: Structure

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        open("{")
        body(&self)
        close("}")
    }

    mutating func array(_ body: (inout JSONWriter) -> Void) {
        separate()
        open("[")
        body(&self)
        close("]")
    }

    mutating func open(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = false
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        needsComma = true
    }

    mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// The name of the member whose value is written next.
    mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func name(text: String) {
        value(text)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    mutating func value(_ text: String?) {
        separate()
        guard var text else { return raw("null") }
        text.withUTF8 { quoted($0) }
    }

    mutating func value(_ number: Int?) {
        separate()
        raw(number.map(String.init) ?? "null")
    }

    mutating func value(_ flag: Bool) {
        separate()
        raw(flag ? "true" : "false")
    }

    mutating func null() {
        separate()
        raw("null")
    }

    mutating func member(_ name: StaticString, _ text: String?) {
        self.name(name)
        value(text)
    }

    mutating func member(_ name: StaticString, _ number: Int?) {
        self.name(name)
        value(number)
    }

    mutating func member(_ name: StaticString, _ flag: Bool) {
        self.name(name)
        value(flag)
    }

    mutating func member(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        object(body)
    }

    /// - Parameter number: PostgreSQL's text of a number, which is a JSON number as it stands.
    mutating func member(_ name: String, number: String?) {
        separate()
        raw("\"\(name)\":")
        raw(number ?? "null")
    }

    mutating func list(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
        self.name(name)
        array(body)
    }

    // MARK: Bytes

    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func raw(_ text: some Sequence<UInt8>) {
        bytes.append(contentsOf: text)
    }

    /// A string of UTF-8 text. Runs that need no escape, which is nearly all there is, are copied whole. `<`, `>` and
    /// `&` are left as they are: the type of the answer is JSON, and `nosniff` goes with it.
    mutating func quoted(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: text[start..<index])
            start = index + 1
            bytes.append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
            case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
            case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += Array("u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(contentsOf: text[start...])
        bytes.append(UInt8(ascii: "\""))
    }
}
