internal import HTTPMessages
internal import Model
internal import Store

/// How long answers stay fresh in shared caches. Said here and nowhere else: nginx obeys.
enum CachePolicy {
    static let cacheControl = "public, s-maxage=300, stale-while-revalidate=600"

    static func shared(_ validator: Validator) -> HTTPHeaders {
        [
            "Content-Type": "application/json; charset=utf-8",
            "Cache-Control": cacheControl,
            "ETag": validator.etag,
            // What is told depends on who asks. nginx knows that by other means and is told to ignore it.
            "Vary": "Authorization, Cookie, Accept-Encoding",
        ]
    }
}

/// Stands for one state of what one table route answers for one account.
struct Validator {
    /// Raised when the form of the answers changes, so that no cache mixes old and new.
    private static let format = 1

    private let table: String
    private let account: AdAccount.ID
    private let version: Int

    init(_ table: AnswerTable, _ account: AdAccount.ID, _ version: Int) {
        self.table = table.member
        self.account = account
        self.version = version
    }

    var cacheKey: String { "\(table):\(account):\(Self.format).\(version)" }

    /// Weak, because the gzipped and the plain answer share it (RFC 9110, section 8.8.1).
    var etag: String { "W/\"\(table)-\(account.rawValue.prefix(8))-\(Self.format).\(version)\"" }

    /// Whether the client has this state already: `If-None-Match`, compared weakly (RFC 9110, section 13.1.2).
    func matches(_ request: HTTPRequest) -> Bool {
        guard let header = request.headers["If-None-Match"] else { return false }
        let opaque = etag.dropFirst(2)
        return header.split(separator: ",").contains { candidate in
            let tag = candidate.trimmingPrefix { $0.isWhitespace }
            let trimmed = tag.reversed().drop { $0.isWhitespace }.reversed()
            let text = String(trimmed)
            return text == "*" || text == opaque || text == "W/\(opaque)"
        }
    }
}
