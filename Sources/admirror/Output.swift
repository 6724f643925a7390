import FoundationEssentials
import Program

/// Prints what commands have to say.
enum Output {
    /// Pretty JSON, with its members in order of their names.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Columns that align, without rules: the form that `cut` and eyes both like. Control characters of names that come
    /// from outside are shown as `?`, so that none of them reaches the terminal.
    static func table(_ header: [String], _ rows: [[String]]) {
        let clean = ([header] + rows).map { $0.map(printable) }
        let widths = header.indices.map { column in clean.map { $0[column].count }.max() ?? 0 }
        for row in clean {
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }
            print(cells.joined(separator: "  "))
        }
    }

    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 })
        )
    }

    /// A secret from a file, or from standard input; at a terminal after a prompt, without an echo.
    static func readSecret(_ what: String, file: String?) throws -> String {
        let text: String?
        if let file {
            text = readFile(file)
        } else if isTerminal(.input) {
            text = promptForSecret("\(what): ")
        } else {
            text = readStandardInput()
        }
        let secret = text?.split(whereSeparator: \.isWhitespace).joined() ?? ""
        guard !secret.isEmpty else { throw ExitCodeError.failed("no \(what) was given on standard input or in a file") }
        return secret
    }
}
