/// What a person would read of an HTML page. Plain text stays as it is.
enum PageText {
    /// The text of a page on one line: without tags, comments, styles and scripts. What is not closed reaches to the end.
    static func visible(_ page: String) -> String {
        var text = ""
        var rest = Substring(page)
        while let mark = rest.firstIndex(of: "<") {
            text += rest[..<mark]
            rest = rest[mark...]
            guard rest.dropFirst().first.map({ $0.isLetter || "/!?".contains($0) }) ?? false else {
                text.append(rest.removeFirst())
                continue
            }
            text.append(" ")
            if rest.hasPrefix("<!--") {
                rest = behind("-->", in: rest.dropFirst(4))
            } else if let name = hiddenElements.first(where: { isElement($0, at: rest) }) {
                rest = behind(">", in: behind("</\(name)", in: rest))
            } else {
                rest = behindTag(rest)
            }
        }
        return (text + rest).split { $0.isWhitespace }.joined(separator: " ")
    }

    /// Elements whose content is no text.
    private static let hiddenElements = ["script", "style", "noscript", "template", "svg"]

    private static func isElement(_ name: String, at tag: Substring) -> Bool {
        let found = tag.dropFirst().prefix(name.count)
        let next = tag.dropFirst(1 + name.count).first
        return found.lowercased() == name && next.map { $0.isWhitespace || $0 == ">" || $0 == "/" } ?? true
    }

    /// What follows the end of a text, in whatever case it is written; nothing when it does not occur.
    private static func behind(_ end: String, in text: Substring) -> Substring {
        var rest = text
        while !rest.isEmpty {
            if rest.prefix(end.count).lowercased() == end { return rest.dropFirst(end.count) }
            rest.removeFirst()
        }
        return rest
    }

    /// What follows a tag, whose attributes may have a `>` in quotes.
    private static func behindTag(_ text: Substring) -> Substring {
        var quote: Character?
        for place in text.indices {
            let character = text[place]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == ">" {
                return text[text.index(after: place)...]
            }
        }
        return text[text.endIndex...]
    }
}
