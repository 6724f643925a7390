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

    /// A time without fractions of a second: `2026-03-01T12:30:05Z`.
    static func moment(_ time: String) -> String {
        time.firstIndex(of: ".").map { time[..<$0] + "Z" } ?? time
    }

    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 })
        )
    }

    /// SGR numbers (ECMA-48).
    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
    }

    /// Coloured on a terminal, plain elsewhere and for those who want none (https://no-color.org).
    static func coloured(_ text: String, _ colour: Colour) -> String {
        let isWanted = isTerminal(.output) && (processEnvironment()["NO_COLOR"] ?? "").isEmpty
        return isWanted ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// A secret from a file, or from standard input; at a terminal after a prompt, without an echo.
    static func readSecret(_ what: String, file: String?) throws -> String {
        let secret = try readLine(what, file: file).split(whereSeparator: \.isWhitespace).joined()
        guard !secret.isEmpty else { throw missing(what, file: file) }
        return secret
    }

    /// A password in the same way. Blanks in it are meant; a line feed at its end is not.
    static func readPassword(file: String?) throws -> String {
        var text = try readLine("password", file: file)
        while text.last?.isNewline == true { text.removeLast() }
        guard !text.isEmpty else { throw missing("password", file: file) }
        return text
    }

    private static func missing(_ what: String, file: String?) -> Exit {
        guard let file else {
            let option = what == "password" ? "--password-file" : "--token-file"
            return .failed("there is no \(what) on standard input: pipe it in, or name a file with \(option)")
        }
        return .failed("the file \(file) has no \(what)")
    }

    private static func readLine(_ what: String, file: String?) throws -> String {
        let text: String?
        if let file {
            text = readFile(file)
            guard text != nil else {
                throw Exit.failed("the file \(file) cannot be read: check its name and mode")
            }
        } else if isTerminal(.input) {
            text = promptForSecret("\(what): ")
        } else {
            text = readStandardInput()
        }
        guard let text else { throw missing(what, file: file) }
        return text
    }
}
