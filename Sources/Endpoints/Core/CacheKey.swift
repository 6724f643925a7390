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
        return "9-" + String(Hexadecimal.text(sha256(tables.utf8)).prefix(8))
    }()

    let kind: AnswerKind
    let account: AdAccount.ID
    var version: DataVersion
    let days: AnswerDays
    /// The rest of the question in one spelling; empty for the default question.
    private let digest: String

    init(_ kind: AnswerKind, _ account: AdAccount.ID, _ version: DataVersion, _ days: AnswerDays, question: String) {
        self.kind = kind
        self.account = account
        self.version = version
        self.days = days
        digest = Self.digest(question, days)
    }

    private static func digest(_ question: String, _ days: AnswerDays) -> String {
        guard !question.isEmpty || days != AnswerDays() else { return "" }
        let text = "\(question) \(days.text)"
        return String(Hexadecimal.text(sha256(text.utf8)).prefix(32))
    }

    /// `campaigns:6fa1…:2:5.3:2026-03-01:2026-03-31:::9f86…`
    var text: String { "\(kind.rawValue):\(account):\(Self.format):\(version):\(days.text):\(digest)" }

    /// Reads what `text` wrote.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 9, let kind = AnswerKind(rawValue: String(parts[0])), parts[2] == Self.format,
            let version = DataVersion(parts[3]), let days = AnswerDays(parts[4..<8])
        else { return nil }
        self.kind = kind
        account = AdAccount.ID(rawValue: String(parts[1]))
        self.version = version
        self.days = days
        digest = String(parts[8])
    }

    /// Whether the key was made for this question.
    func isFor(_ kind: AnswerKind, question: String) -> Bool {
        self.kind == kind && digest == Self.digest(question, days)
    }

    var tag: EntityTag {
        let question = digest.isEmpty ? "" : "-\(digest.prefix(16))"
        return EntityTag("\(kind.rawValue)-\(account.rawValue.prefix(8))-\(Self.format).\(version)\(question)")
    }
}

/// How long answers stay fresh in shared caches. Said here and nowhere else: nginx obeys.
enum CachePolicy {
    static let cacheControl = "public, s-maxage=300, stale-while-revalidate=600"

    static func shared(_ key: CacheKey, _ format: AnswerFormat) -> HTTPHeaders {
        var headers: HTTPHeaders = [
            "Content-Type": format.contentType,
            "Cache-Control": cacheControl,
            "ETag": key.tag.text,
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
