/// The meaning of an error's text when no member has it.
///
/// Texts change, so they count only without a code.
enum ErrorText {
    /// The most characters to examine: patterns on a megabyte would block a sync for minutes.
    static let longest = 300

    /// The code in a text such as `(#17) User request limit reached`. In another form (`[190]`, `error code 4`) it
    /// counts only if it is the code of a dead token or a limit, because texts contain other numbers.
    static func code(in text: String) -> Int? {
        let text = text.prefix(longest)
        if let match = text.firstMatch(of: #/\(#(?<code>-?[0-9]{1,7})\)/#) { return Int(match.output.code) }
        return text.matches(of: #/(?i)(?:#|\[|\b(?:error|code)\s*[:=#]?\s*\(?)\s*(?<code>[0-9]{1,7})\b/#)
            .lazy.compactMap { Int($0.output.code) }.first(where: isUrgent)
    }

    /// Whether it is the code of a dead token, or of a limit.
    private static func isUrgent(_ code: Int) -> Bool {
        [4, 17, 32, 102, 190, 341, 368, 613, 2635].contains(code) || (80_000..<80_100).contains(code)
    }

    /// The number of a member in JSON that was cut short: `"code":190` or `"code":"190"`.
    static func number(of member: String, in text: String) -> Int? {
        guard let place = text.firstRange(of: "\"\(member)\"") else { return nil }
        let rest = text[place.upperBound...].drop { " :\"\t\n\r".contains($0) }
        return Int(rest.prefix { $0.isNumber || $0 == "-" })
    }

    /// The text of a member in truncated JSON, as far as it goes.
    static func text(of member: String, in text: String) -> String? {
        guard let place = text.firstRange(of: "\"\(member)\"") else { return nil }
        let rest = text[place.upperBound...].drop { " :\t\n\r".contains($0) }
        guard rest.first == "\"" else { return nil }
        let found = rest.dropFirst().prefix { $0 != "\"" }
        return found.isEmpty ? nil : String(found).replacing(#"\/"#, with: "/")
    }

    /// The text of an HTML page on one line.
    static func withoutTags(_ text: String) -> String {
        var plain = ""
        var isTag = false
        for character in text {
            switch character {
            case "<": isTag = true
            case ">" where isTag:
                isTag = false
                plain.append(" ")
            default: if !isTag { plain.append(character) }
            }
        }
        return plain.split { $0.isWhitespace }.joined(separator: " ")
    }

    enum Meaning {
        case tokenInvalid
        case appLimit
        case accountLimit
    }

    /// The meaning of a text without a code, in the words of Facebook and of OAuth.
    static func meaning(of text: String) -> Meaning? {
        let text = text.prefix(longest).lowercased()
        let has = { (words: [String]) in words.contains { text.contains($0) } }
        if has(tokenWords) { return .tokenInvalid }
        if text.contains("application request limit") { return .appLimit }
        return has(limitWords) ? .accountLimit : nil
    }

    private static let tokenWords = [
        "validating access token", "session has expired", "session has been invalidated", "invalid oauth access token",
        "invalid access token", "malformed access token", "access token has expired", "access token is invalid",
        "access token could not be decrypted", "active access token must be used", "invalid_token",
        "session key invalid", "not authorized application",
    ]
    private static let limitWords = [
        "request limit reached", "too many api calls", "too many calls", "rate limit", "too many requests",
    ]
}
