internal import ASCII
internal import Model
internal import Store

/// Writes a list row by row, from PostgreSQL's text of each value.
struct RowWriter {
    /// A column of the rows with the text before it: the name in JSON, a comma in CSV. The days, which are not columns,
    /// are included.
    private struct Cell {
        let kind: AnswerColumn.Kind
        let prefix: Range<Int>
        let isID: Bool
    }

    private let format: AnswerFormat
    private let cells: [Cell]
    /// What stands after the last column: days.
    private let suffix: Range<Int>
    private let prefixes = ByteBuffer(capacity: 1 << 10)
    private let buffer: ByteBuffer
    private let head: AnswerHead?
    private var isFirstRow = true
    /// How CSV has Facebook's ids.
    var idsInCSV = CSVStyle.IDs.plain

    /// - Parameters:
    ///   - buffer: Receives the output.
    ///   - member: The name of the list.
    ///   - compared: The columns that rows also have of the days that they are compared with; `nil` without a comparison.
    ///   - head: Has `date_start` and `date_end`, and the members next to the list.
    init(
        _ format: AnswerFormat,
        _ buffer: ByteBuffer,
        member: String,
        _ columns: [AnswerColumn],
        compared: [AnswerColumn]? = nil,
        _ head: AnswerHead?
    ) {
        self.format = format
        self.buffer = buffer
        self.head = head
        var cells: [Cell] = []
        var start = 0
        for (index, column) in columns.enumerated() {
            switch format {
            case .json: prefixes.append("\(index == 0 ? "{" : ",")\"\(column.name)\":")
            case .csv: prefixes.append(index == 0 ? "" : ",")
            }
            switch column.kind {
            case .firstDay: prefixes.append(Self.day(head?.days?.since, format))
            case .lastDay: prefixes.append(Self.day(head?.days?.until, format))
            case .text, .number, .json, .timestamp, .ids:
                cells.append(Cell(kind: column.kind, prefix: start..<prefixes.count, isID: column.isID))
                start = prefixes.count
            }
        }
        if format == .json, compared != nil { prefixes.append(",\"previous\":{") }
        for (index, column) in (compared ?? []).enumerated() {
            switch format {
            case .json: prefixes.append("\(index == 0 ? "" : ",")\"\(column.name)\":")
            case .csv: prefixes.append(",")
            }
            cells.append(Cell(kind: column.kind, prefix: start..<prefixes.count, isID: false))
            start = prefixes.count
        }
        if format == .json, compared != nil { prefixes.append("}") }
        self.cells = cells
        suffix = start..<prefixes.count
        switch format {
        case .json: buffer.append("{\"\(member)\":[")
        case .csv:
            let names = columns.map(\.name) + (compared ?? []).map { "previous_\($0.name)" }
            buffer.append(names.joined(separator: ",") + "\r\n")
        }
    }

    private static func day(_ day: Day?, _ format: AnswerFormat) -> String {
        switch format {
        case .json: day.map { "\"\($0)\"" } ?? "null"
        case .csv: day?.description ?? ""
        }
    }

    mutating func write(_ row: borrowing AnswerRow) {
        if !isFirstRow, format == .json { buffer.append(UInt8(ascii: ",")) }
        isFirstRow = false
        for (index, cell) in cells.enumerated() {
            buffer.append(UnsafeBufferPointer(rebasing: prefixes.bytes[cell.prefix]))
            switch format {
            case .json: json(cell.kind, row.bytes(index))
            case .csv where cell.isID && idsInCSV == .text: csvID(row.bytes(index))
            case .csv: csv(cell.kind, row.bytes(index))
            }
        }
        buffer.append(UnsafeBufferPointer(rebasing: prefixes.bytes[suffix]))
        buffer.append(format == .json ? "}" : "\r\n")
    }

    /// Ends the list.
    /// - Parameter cursor: leads to the next page, if there is one. CSV has no place for it.
    func finish(cursor: String?) {
        guard format == .json else { return }
        buffer.append("]")
        // Base 64 needs no escape.
        if let cursor { buffer.append(",\"paging\":{\"next\":\"\(cursor)\"}") }
        if let coverage = head?.coverage { buffer.append(",\"coverage\":\(coverage.json)") }
        if let compared = head?.compared { buffer.append(",\"previous_coverage\":\(compared.json)") }
        if let totals = head?.totals {
            buffer.append(",\"totals\":{")
            write(totals.metrics)
            if let previous = totals.previous {
                buffer.append("\(totals.metrics.isEmpty ? "" : ",")\"previous\":{")
                write(previous)
                buffer.append("}")
            }
            buffer.append("}")
            if let hidden = totals.hiddenRows {
                buffer.append(",\"hidden\":{\"rows\":\(hidden),\"spend\":\(totals.hiddenSpend ?? "null")}")
                buffer.append(",\"account\":{\"spend\":\(totals.accountSpend ?? "null")}")
            }
        }
        buffer.append("}")
    }

    private func write(_ totals: [TableTotals.Metric]) {
        for (index, metric) in totals.enumerated() {
            buffer.append("\(index == 0 ? "" : ",")\"\(metric.name)\":")
            guard let value = metric.value else {
                buffer.append("null")
                continue
            }
            if metric.isText {
                Array(value.utf8).withUnsafeBufferPointer { json(.text, $0) }
            } else {
                buffer.append(value)
            }
        }
    }

    private func json(_ kind: AnswerColumn.Kind, _ text: UnsafeBufferPointer<UInt8>?) {
        guard let text else { return buffer.append("null") }
        switch kind {
        case .number, .json: buffer.append(text)
        case .ids:
            // `{1,2}`: digits and commas.
            let ids = text.dropFirst().dropLast()
            buffer.append("[")
            if !ids.isEmpty {
                buffer.append("\"")
                for byte in ids where byte != UInt8(ascii: "\"") {
                    if byte == UInt8(ascii: ",") { buffer.append("\",\"") } else { buffer.append(byte) }
                }
                buffer.append("\"")
            }
            buffer.append("]")
        case .text, .firstDay, .lastDay:
            buffer.append(UInt8(ascii: "\""))
            buffer.appendEscaped(text)
            buffer.append(UInt8(ascii: "\""))
        case .timestamp:
            buffer.append(UInt8(ascii: "\""))
            timestamp(text)
            buffer.append(UInt8(ascii: "\""))
        }
    }

    /// `"=""120…"""`, which a reader of RFC 4180 reads as `="120…"`.
    private func csvID(_ text: UnsafeBufferPointer<UInt8>?) {
        guard let text, !text.isEmpty, text.areDigits else { return csv(.text, text) }
        buffer.append("\"=\"\"")
        buffer.append(text)
        buffer.append("\"\"\"")
    }

    /// A field as RFC 4180 has it; nothing for NULL.
    func csv(_ kind: AnswerColumn.Kind, _ text: UnsafeBufferPointer<UInt8>?) {
        guard let text else { return }
        switch kind {
        case .number: buffer.append(text)
        case .ids:
            // Blanks between them.
            for byte in text.dropFirst().dropLast() {
                buffer.append(byte == UInt8(ascii: ",") ? UInt8(ascii: " ") : byte)
            }
        case .timestamp: timestamp(text)
        case .text, .json, .firstDay, .lastDay:
            let isQuoted = text.contains { Self.special.contains($0) }
            if isQuoted { buffer.append("\"") }
            // Spreadsheets run texts with this beginning as formulas, and names of ads are untrusted. An apostrophe
            // makes it text (OWASP, "CSV Injection").
            if let first = text.first, Self.formula.contains(first) { buffer.append("'") }
            for byte in text {
                if byte == UInt8(ascii: "\"") { buffer.append(byte) }
                buffer.append(byte)
            }
            if isQuoted { buffer.append("\"") }
        }
    }

    private static let special = Array("\",\r\n".utf8)
    private static let formula = Array("=+-@\t\r\n".utf8)

    /// `2024-03-12 22:02:47+00` becomes RFC 3339.
    private func timestamp(_ text: UnsafeBufferPointer<UInt8>) {
        buffer.append(UnsafeBufferPointer(rebasing: text.prefix(10)))
        buffer.append("T")
        buffer.append(UnsafeBufferPointer(rebasing: text.dropFirst(11).dropLast(3)))
        buffer.append("Z")
    }
}
