/// Writes the marks and values of JSON, with commas where they belong. `JSONEncoding` decides what is written.
struct JSONWriter {
    private let buffer = ByteBuffer(capacity: 1 << 10)
    private var needsComma = false

    var bytes: [UInt8] { Array(buffer.bytes) }

    mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        buffer.append(UInt8(ascii: bracket))
        needsComma = false
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        buffer.append(UInt8(ascii: bracket))
        needsComma = true
    }

    /// The name of the member whose value is written next.
    mutating func name(_ name: String) {
        value(name)
        buffer.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func value(_ text: String) {
        separate()
        var text = text
        buffer.append(UInt8(ascii: "\""))
        text.withUTF8 { buffer.appendEscaped($0) }
        buffer.append(UInt8(ascii: "\""))
    }

    mutating func value(_ number: Int) { literal(String(number)) }

    mutating func value(_ flag: Bool) { literal(flag ? "true" : "false") }

    mutating func null() { literal("null") }

    /// - Parameter text: A value as JSON has it.
    mutating func literal(_ text: String) {
        separate()
        buffer.append(text)
    }

    private mutating func separate() {
        if needsComma { buffer.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}
