import Compression
import Foundation
import Store

@testable import Endpoints
@testable import HTTPClient

func checkWriting(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    try checkJSON(text)
    try checkCSV(text)
    try checkGzip(input)
}

private func checkJSON(_ text: String) throws {
    // Foundation's reader drops byte order marks.
    guard !text.unicodeScalars.contains("\u{FEFF}") else { return }
    let bytes = JSONEncoding.bytes(of: OrderedJSON.array([.text(text), OrderedJSON(members: [(text, .text(text))])]))
    let list = try JSONSerialization.jsonObject(with: Data(bytes)) as? [Any]
    let member = (list?[1] as? [String: String])?.first
    try hold(isSame(list?[0] as? String, text), "JSON holds another text: \(text)")
    try hold(isSame(member?.key, text) && isSame(member?.value, text), "JSON holds another member: \(text)")
    try hold(bytes.allSatisfy { $0 >= 0x20 }, "a control character in JSON")
}

/// The fields that a reader of RFC 4180 finds for a field between two others.
private func checkCSV(_ text: String) throws {
    let buffer = ByteBuffer()
    let writer = RowWriter(.csv, buffer, member: "ads", [], nil)
    buffer.clear()
    for (index, value) in ["before", text, "behind"].enumerated() {
        if index > 0 { buffer.append(",") }
        var value = value
        value.withUTF8 { writer.csv(.text, $0) }
    }
    let isFormula = text.utf8.first.map { "=+-@\t\r\n".utf8.contains($0) } ?? false
    let expected = ["before", (isFormula ? "'" : "") + text, "behind"].map { Array($0.utf8) }
    try hold(fields(Array(buffer.bytes)) == expected, "CSV holds another text: \(text)")
}

/// The fields of the only line; `nil` if there are several lines, or a quote in a place where none is allowed.
private func fields(_ line: [UInt8]) -> [[UInt8]]? {
    let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
    var fields: [[UInt8]] = []
    var rest = line[...]
    while true {
        var field: [UInt8] = []
        if rest.first == quote {
            rest = rest.dropFirst()
            while let byte = rest.popFirst() {
                if byte != quote {
                    field.append(byte)
                } else if rest.first == quote {
                    field.append(quote)
                    rest = rest.dropFirst()
                } else {
                    break
                }
            }
        } else {
            while let byte = rest.first, byte != comma {
                guard byte != quote, byte != 0x0D, byte != 0x0A else { return nil }
                field.append(byte)
                rest = rest.dropFirst()
            }
        }
        fields.append(field)
        guard let next = rest.popFirst() else { return fields }
        guard next == comma else { return nil }
    }
}

private func checkGzip(_ bytes: [UInt8]) throws {
    guard let compressed = bytes.withUnsafeBufferPointer({ GzipCompressor().compress($0) }) else {
        throw Violation(description: "not compressed")
    }
    try hold(try gunzip(compressed, limit: bytes.count) == bytes, "gzip holds other bytes")
    // The same bytes as a hostile response: whatever they are, no more than the limit is unpacked.
    if let content = try? gunzip(bytes, limit: 1 << 16) { try hold(content.count <= 1 << 16, "too much unpacked") }
}
