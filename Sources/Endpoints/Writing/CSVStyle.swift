internal import HTTPMessages

/// How an answer in CSV is written. Most such files are opened in a spreadsheet, so the mark is the default.
struct CSVStyle {
    enum IDs: String, CaseIterable {
        /// Digits: what programs expect, and what RFC 4180 has. Spreadsheets round them to 15 digits.
        case plain
        /// `="120208325579370399"`: a formula whose value is text, which Excel and Google Sheets keep whole.
        case text
    }

    /// U+FEFF in UTF-8. Excel takes a file that does not begin with it for one in the computer's old code page.
    static let byteOrderMark: StaticString = "\u{FEFF}"

    let beginsWithMark: Bool
    let ids: IDs

    init(_ parameters: Parameters) throws {
        beginsWithMark = try parameters.flag("bom") ?? true
        ids = try parameters.choice("ids", of: IDs.self) ?? .plain
    }
}
