internal import ASCII

/// Reads settings from the environment and collects problems.
package struct SettingsReader {
    private let environment: [String: String]
    package private(set) var problems: [String] = []

    package init(environment: [String: String]) {
        self.environment = environment
    }

    package mutating func note(_ problem: String) {
        problems.append(problem)
    }

    package func isGiven(_ setting: Setting) -> Bool {
        environment[setting.name].map { !$0.isEmpty } ?? false
            || environment["\(setting.name)_FILE"].map { !$0.isEmpty } ?? false
    }

    /// The setting's value, from `X` or from the file that `X_FILE` names, or else its default. Empty counts as unset.
    package mutating func text(_ setting: Setting) -> String? {
        let direct = environment[setting.name].flatMap { $0.isEmpty ? nil : $0 }
        guard let file = environment["\(setting.name)_FILE"], !file.isEmpty else { return direct ?? setting.standard }
        if direct != nil {
            note("\(setting.name) and \(setting.name)_FILE are both set: keep one")
            return nil
        }
        guard let content = readFile(file) else {
            note("\(setting.name)_FILE: cannot read \(file)")
            return nil
        }
        let value = content.trimmingSuffix { $0.isNewline }
        if value.isEmpty { note("\(setting.name)_FILE: \(file) is empty") }
        return value.isEmpty ? nil : value
    }

    /// Values with commas or blanks between them.
    package mutating func list(_ setting: Setting) -> [String] {
        (text(setting) ?? "").split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    package mutating func number(_ setting: Setting, in range: ClosedRange<Int>) -> Int {
        optionalNumber(setting, in: range) ?? range.lowerBound
    }

    package mutating func optionalNumber(_ setting: Setting, in range: ClosedRange<Int>) -> Int? {
        guard let text = text(setting) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            note("\(setting.name) is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// 32 bytes from 64 hex digits.
    package mutating func key(_ setting: Setting) -> [UInt8]? {
        guard let text = text(setting) else { return nil }
        guard let bytes = Hexadecimal.bytes(text.utf8), bytes.count == 32 else {
            note("\(setting.name) is not 64 hex digits: use the output of `openssl rand -hex 32`")
            return nil
        }
        return bytes
    }
}

extension String {
    fileprivate func trimmingSuffix(while isCut: (Character) -> Bool) -> String {
        var rest = self[...]
        while let last = rest.last, isCut(last) { rest.removeLast() }
        return String(rest)
    }
}
