internal import ASCII
internal import HTTPMessages
internal import Model
internal import Secrets
internal import Store

/// Names one answer in caches: of what kind, about which account, in which state of its data, to which question.
struct CacheKey: Equatable {
    /// Names the form of the answers, so that no cache mixes old and new. The number is raised when the form changes; what
    /// follows from the declarations of fields changes the rest.
    private static let format: String = {
        let tables = AnswerTable.all.map(\.form).joined(separator: "\n\n")
        return "8-" + String(Hexadecimal.text(sha256(tables.utf8)).prefix(8))
    }()

    let kind: AnswerKind
    let account: AdAccount.ID
    var version: DataVersion
    /// The requested days, in the account's time zone.
    let days: DayRange?
    /// The rest of the question in one spelling; empty for the default question.
    private let digest: String

    init(_ kind: AnswerKind, _ account: AdAccount.ID, _ version: DataVersion, _ days: DayRange?, question: String) {
        self.kind = kind
        self.account = account
        self.version = version
        self.days = days
        digest = Self.digest(question, days)
    }

    private static func digest(_ question: String, _ days: DayRange?) -> String {
        guard !question.isEmpty || days != nil else { return "" }
        let text = days.map { "\(question) \($0.since) \($0.until)" } ?? question
        return String(Hexadecimal.text(sha256(text.utf8)).prefix(32))
    }

    /// `campaigns:6fa1…:2:5.3:2026-03-01:2026-03-31:9f86…`
    var text: String {
        "\(kind.rawValue):\(account):\(Self.format):\(version):\(days.map { "\($0.since):\($0.until)" } ?? ":"):\(digest)"
    }

    /// Reads what `text` wrote.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 7, let kind = AnswerKind(rawValue: String(parts[0])), parts[2] == Self.format,
            let version = DataVersion(parts[3])
        else { return nil }
        self.kind = kind
        account = AdAccount.ID(rawValue: String(parts[1]))
        self.version = version
        if let since = Day(String(parts[4])), let until = Day(String(parts[5])) {
            days = DayRange(since: since, until: until)
        } else {
            guard parts[4].isEmpty, parts[5].isEmpty else { return nil }
            days = nil
        }
        digest = String(parts[6])
    }

    /// Whether the key was made for this question.
    func isFor(_ kind: AnswerKind, question: String) -> Bool {
        self.kind == kind && digest == Self.digest(question, days)
    }

    /// Weak, because the gzipped and the plain answer share it (RFC 9110, section 8.8.1).
    var etag: String {
        let question = digest.isEmpty ? "" : "-\(digest.prefix(16))"
        return "W/\"\(kind.rawValue)-\(account.rawValue.prefix(8))-\(Self.format).\(version)\(question)\""
    }

    /// Whether the client has this answer already: `If-None-Match`, compared weakly (RFC 9110, section 13.1.2).
    func matches(_ request: HTTPRequest) -> Bool {
        guard let header = request[.ifNoneMatch] ?? request.headers["If-None-Match"] else { return false }
        let opaque = etag.dropFirst(2)
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

/// How long answers stay fresh in shared caches. Said here and nowhere else: nginx obeys.
enum CachePolicy {
    static let cacheControl = "public, s-maxage=300, stale-while-revalidate=600"

    static func shared(_ key: CacheKey, _ format: AnswerFormat) -> HTTPHeaders {
        var headers: HTTPHeaders = [
            "Content-Type": format.contentType,
            "Cache-Control": cacheControl,
            "ETag": key.etag,
            // The response depends on how the person authenticated. nginx handles that in another way and ignores this
            // header.
            "Vary": "Authorization, Cookie, Accept, Accept-Encoding",
        ]
        if format == .csv {
            headers.add("Content-Disposition", "attachment; filename=\"\(key.kind.rawValue).csv\"")
        }
        return headers
    }
}
