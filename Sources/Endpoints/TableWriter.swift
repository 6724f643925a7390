internal import Store

/// Writes the answer of a table route cell by cell, from PostgreSQL's text of each value.
struct TableWriter {
    private(set) var writer = JSONWriter()
    private let table: AnswerTable
    /// `"name":` of each column, with the bracket or comma that goes before it.
    private let prefixes: [[UInt8]]
    private var isFirstRow = true

    init(_ table: AnswerTable) {
        self.table = table
        prefixes = table.columns.enumerated().map { Array("\($0 == 0 ? "{" : ",")\"\($1.name)\":".utf8) }
        writer.reserve(1 << 16)
        writer.raw("{\"\(table.member)\":[")
    }

    mutating func cell(_ column: Int, _ text: UnsafeBufferPointer<UInt8>?) {
        if column == 0 {
            if !isFirstRow { writer.raw(",") }
            isFirstRow = false
        }
        writer.raw(prefixes[column])
        if let text {
            switch table.columns[column].kind {
            case .text: writer.quoted(text)
            case .number: writer.raw(text)
            case .timestamp: timestamp(text)
            }
        } else {
            writer.raw("null")
        }
        if column == prefixes.count - 1 { writer.raw("}") }
    }

    /// `2024-03-12 22:02:47+00` becomes RFC 3339.
    private mutating func timestamp(_ text: UnsafeBufferPointer<UInt8>) {
        writer.raw("\"")
        writer.raw(text.prefix(10))
        writer.raw("T")
        writer.raw(text.dropFirst(11).dropLast(3))
        writer.raw("Z\"")
    }

    consuming func finish() -> [UInt8] {
        writer.raw("]}")
        return writer.bytes
    }
}
