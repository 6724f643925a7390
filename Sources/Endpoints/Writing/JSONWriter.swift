/// Writes small JSON texts, member by member. `RowWriter` writes long lists.
struct JSONWriter {
    private let buffer = ByteBuffer(capacity: 1 << 10)
    private var needsComma = false

    var bytes: [UInt8] { Array(buffer.bytes) }

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
        buffer.append(UInt8(ascii: bracket))
        needsComma = false
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        buffer.append(UInt8(ascii: bracket))
        needsComma = true
    }

    mutating func separate() {
        if needsComma { buffer.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// The name of the member whose value is written next.
    mutating func name(_ name: StaticString) {
        separate()
        buffer.append("\"")
        buffer.append(name)
        buffer.append("\":")
        needsComma = false
    }

    mutating func name(text: String) {
        value(text)
        buffer.append(UInt8(ascii: ":"))
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

    /// - Parameter number: PostgreSQL's text of a number, which is also valid JSON.
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

    func raw(_ text: StaticString) {
        buffer.append(text)
    }

    func raw(_ text: String) {
        buffer.append(text)
    }

    private func quoted(_ text: UnsafeBufferPointer<UInt8>) {
        buffer.append(UInt8(ascii: "\""))
        buffer.appendEscaped(text)
        buffer.append(UInt8(ascii: "\""))
    }
}
