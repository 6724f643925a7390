internal import HTTPMessages
internal import Model

/// The envelope of a list. If anything except its rows is unreadable, the response is requested again.
struct Page {
    let rows: [WireValue]
    /// Whether the answer says anything about pages.
    let hasPaging: Bool
    /// Whether there is a next page.
    let hasNext: Bool
    /// The cursor of the next page; `nil` if there is none.
    let after: String?
    /// How many rows the whole list has; `nil` when the answer does not say.
    let total: Int?

    /// - Parameter path: of the list, for the error.
    init(_ document: WireValue, _ path: String) throws(GraphError) {
        guard case .list(let rows) = document["data"] else {
            throw .unreadable("Facebook's response cannot be read: \(path) has no list of rows")
        }
        if rows.count > 1, !rows.contains(where: \.isObject) {
            throw .unreadable("Facebook's response cannot be read: no row of \(path) is a JSON object")
        }
        self.rows = rows
        // A number of rows that no list has says nothing.
        total = document["summary"]?["total_count"].flatMap(WireRow.count).flatMap {
            $0 <= ListProgress.mostRows ? $0 : nil
        }
        let paging = document["paging"] ?? .null
        let next = paging["next"] ?? .null
        guard paging.isObject || paging.isNothing, next.isNothing || WireRow.text(next) != nil else {
            throw .unreadable("Facebook's response cannot be read: the paging of \(path) is damaged")
        }
        hasPaging = document["paging"] != nil && paging != .null
        hasNext = !next.isNothing
        after = Self.cursor(paging["cursors"]?["after"]) ?? Self.cursor(inURL: next)
    }

    private static func cursor(_ value: WireValue?) -> String? {
        // A repaired cursor is another cursor.
        switch value {
        case .text(let text) where !text.isEmpty: text
        case .number(let digits): digits
        default: nil
        }
    }

    /// The URL may hold a token: nothing but its cursor is taken.
    private static func cursor(inURL url: WireValue) -> String? {
        guard case .text(let url) = url, let query = url.split(separator: "?", maxSplits: 1).last else { return nil }
        // PostgreSQL's text cannot hold U+0000, which may hide behind `%00`.
        let cursor = (try? QueryParameters(decoding: String(query)))?["after"]
        return cursor.flatMap { $0.utf8.contains(0) ? nil : $0 }
    }
}

extension WireValue {
    var isObject: Bool { if case .object = self { true } else { false } }
    /// PHP writes an empty object as an empty list.
    fileprivate var isNothing: Bool { self == .null || self == .list([]) }
}
