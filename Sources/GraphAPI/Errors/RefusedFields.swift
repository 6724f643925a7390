/// The names of fields in the text of a refusal.
enum RefusedFields {
    /// The fields that a text refuses, in its order, by one of the ways in which Facebook words it:
    /// - `(#100) Tried accessing nonexisting field (x) on node type (AdSet)`
    /// - `(#100) reach, action_values are not valid for fields param. please check …`
    /// - `(#12) bid_info field is deprecated for versions v23.0 and higher`
    /// - `(#100) For field 'x': …`
    static func named(in message: String) -> [String] {
        // The field of a filter is not a requested field.
        let text = message.prefix(ErrorText.longest).replacing(#/(?i)filtering\s+field/#, with: "filter")
        var names: [String] = []
        for match in text.matches(of: #/(?i)non-?exist(?:ing|ent)\s+(?:field|column)s?\s*\((?<names>[^()]{1,300})\)/#) {
            names += list(match.output.names)
        }
        // The pattern takes long in a text without these words.
        if text.contains("not valid") { for match in text.matches(of: notValid) { names += list(match.output.names) } }
        for match in text.matches(of: #/(?i)for\s+(?:the\s+)?fields?\s+['"`](?<names>[^'"`]{1,100})['"`]/#) {
            names += list(match.output.names)
        }
        for match in text.matches(of: namesFirst) { names += list(match.output.names) }
        for match in text.matches(of: namesLast) { names += list(match.output.names) }
        return unique(names)
    }

    private typealias Names = Regex<(Substring, names: Substring)>

    /// `a, b are not valid for fields param`
    private static var notValid: Names {
        #/(?<names>[a-z0-9_.'"`, ]{0,300}[a-z0-9_.'"`]+)\s+(?:is|are)\s+not\s+valid\s+for\s+(?:the\s+)?fields\s+param/#
    }

    /// `a and b fields are …`
    private static var namesFirst: Names {
        #/
            (?<names>[a-z0-9_.'"`]+(?:(?:\s*,\s*|\s+and\s+)[a-z0-9_.'"`]+)*)
            \s+(?:field|column|metric)s?\s+(?:is|are|has\s+been|have\s+been|was|were)\b
        /#
    }

    /// `the fields a and b are …`
    private static var namesLast: Names {
        #/
            (?i)\b(?:field|column|metric)s?:?\s+
            (?<names>['"`(]?[a-z0-9_.]+['"`)]?(?:(?:\s*,\s*|\s+and\s+)['"`(]?[a-z0-9_.]+['"`)]?)*)
            \s+(?:is|are|has\s+been|have\s+been|was|were|do(?:es)?\s+not|cannot|requires?|can't)\b
        /#
    }

    /// All words of a text that may be names of fields: those in quotes or parentheses, and those with an underscore.
    /// They count only if they are names of requested fields.
    static func mentioned(in message: String) -> [String] {
        // Behind this Facebook lists what would have been right.
        var text = message.prefix(ErrorText.longest)
        for words in ["must be one of", "valid values", "available values", "valid fields"] {
            if let place = text.firstRange(of: words) { text = text[..<place.lowerBound] }
        }
        var names: [String] = []
        for match in text.matches(of: #/['"`(\[](?<names>[a-z0-9_.]+(?:\s*,\s*[a-z0-9_.]+)*)['"`)\]]/#) {
            names += list(match.output.names)
        }
        names += text.matches(of: #/\b[a-z0-9]+(?:_[a-z0-9]+)+\b/#).map { String($0.output) }
        return unique(names)
    }

    /// `a, 'b' and creative.c` as `a`, `b`, `c`.
    private static func list(_ text: Substring) -> [String] {
        text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
            .compactMap { $0.split(separator: ".").last.map(String.init) }
            .filter { !fillers.contains($0) }
    }

    /// Words around names, which are no names.
    private static let fillers: Set<String> = [
        "and", "or", "the", "field", "fields", "column", "columns", "param", "following", "values", "this", "that",
        "of",
        "these", "one", "metric", "metrics", "a",
    ]

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
