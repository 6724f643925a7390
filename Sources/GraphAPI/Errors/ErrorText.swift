/// The meaning of an error's text when no member has it.
///
/// Texts change, so they count only without a code.
enum ErrorText {
    /// The most characters to examine: patterns on a megabyte would block a sync for minutes.
    static let longest = 300

    /// The code that stands in the text of a Graph error: `(#17) User request limit reached`. Written in another way
    /// (`[190]`, `error code 4`) it counts only when it is the code of a dead token or of a limit: other numbers stand in
    /// many texts.
    static func code(in text: String) -> Int? {
        if let code = graphCode(in: text) { return code }
        let loose = #/(?i)(?:\[(?<bracket>[0-9]{1,7})\]|(?:#|\b(?:error|code)\s*[:=#]?\s*\(?)\s*(?<code>[0-9]{1,7})\b)/#
        return text.prefix(longest).matches(of: loose)
            .lazy.compactMap { ($0.output.bracket ?? $0.output.code).flatMap { Int($0) } }.first(where: isUrgent)
    }

    /// The code in Facebook's own notation: `(#17) …`.
    static func graphCode(in text: String) -> Int? {
        text.prefix(longest).firstMatch(of: #/\(#(?<code>-?[0-9]{1,7})\)/#).flatMap { Int($0.output.code) }
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

    /// Whether a text has words that Facebook uses for errors, and other servers do not.
    static func isFacebooks(_ text: String) -> Bool {
        let words = text.prefix(longest).lowercased()
        return meaning(of: text) != nil || facebookWords.contains { words.contains($0) }
    }

    private static let tokenWords = [
        "validating access token", "session has expired", "session has been invalidated", "invalid oauth access token",
        "invalid access token", "malformed access token", "access token has expired", "access token is invalid",
        "access token could not be decrypted", "active access token must be used", "invalid_token",
        "session key invalid", "not authorized application",
    ]
    private static let facebookWords = [
        "oauthexception", "graphmethodexception", "access token", "session key", "deemed abusive",
        "misusing this feature", "temporarily blocked", "calls to this api", "graph api",
    ]
    private static let limitWords = [
        "request limit reached", "too many api calls", "too many calls", "rate limit", "too many requests",
    ]
}
