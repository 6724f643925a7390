internal import HTTPMessages

/// Names one state of a response. Weak, because the gzipped and the plain body share it (RFC 9110, section 8.8.1).
struct EntityTag: Sendable {
    private let name: String

    init(_ name: String) {
        self.name = name
    }

    /// `W/"ads-6fa1…"`
    var text: String { "W/\(opaque)" }

    private var opaque: String { "\"\(name)\"" }

    /// Whether the client has this state already: `If-None-Match`, compared weakly (RFC 9110, section 13.1.2).
    func matches(_ request: HTTPRequest) -> Bool {
        guard let header = request[.ifNoneMatch] ?? request.headers["If-None-Match"] else { return false }
        return header.split(separator: ",").contains { candidate in
            let tag = candidate.trimmingPrefix { $0.isWhitespace }
            let trimmed = tag.reversed().drop { $0.isWhitespace }.reversed()
            let text = String(trimmed)
            let sent = text.hasPrefix("W/") ? String(text.dropFirst(2)) : text
            return text == "*" || sent == opaque || Self.withoutCoding(sent) == opaque
        }
    }

    /// A tag as we sent it. Apache and some CDNs write the name of the encoding into it: `"…-gzip"`, `"…;br"`.
    ///
    /// nginx's map $encoded_tag (conf.d/admirror.conf) finds the same tags.
    private static func withoutCoding(_ tag: String) -> String {
        guard tag.hasSuffix("\"") else { return tag }
        var opaque = tag.dropLast()
        while let coding = codings.first(where: opaque.lowercased().hasSuffix) {
            let separated = opaque.dropLast(coding.utf8.count)
            guard let last = separated.last, "-;".contains(last) else { break }
            opaque = separated[...(separated.lastIndex { !"-;".contains($0) } ?? separated.startIndex)]
        }
        return "\(opaque)\""
    }

    private static let codings = ["gzip", "br", "zstd", "deflate"]
}
