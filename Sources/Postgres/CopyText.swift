/// The text format of `COPY`: tabs between fields, a newline after each row, `\N` for NULL.
enum CopyText {
    static func append(_ row: [String?], to buffer: inout [UInt8]) {
        for (index, field) in row.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: "\t")) }
            if let field {
                append(field, to: &buffer)
            } else {
                buffer += [UInt8(ascii: "\\"), UInt8(ascii: "N")]
            }
        }
        buffer.append(UInt8(ascii: "\n"))
    }

    private static func append(_ field: String, to buffer: inout [UInt8]) {
        for byte in field.utf8 {
            switch byte {
            case 0: continue  // PostgreSQL's text cannot hold it, and one name must not stop a whole load
            case UInt8(ascii: "\\"): buffer += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            case UInt8(ascii: "\t"): buffer += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case UInt8(ascii: "\n"): buffer += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\r"): buffer += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            default: buffer.append(byte)
            }
        }
    }
}
