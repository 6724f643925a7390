import FoundationEssentials
import HTTPMessages

/// Places in a list, as texts that mean nothing to the reader.
enum Cursor {
    private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// What cursors of objects begin with.
    private static let mark = "AQHR"

    /// The place of an object: survives objects that come and go around it.
    static func object(_ id: Int) -> String {
        let scrambled = UInt64(id) &* multiplier
        let check = Randomness.mixed(scrambled) & 0xFFFF
        return text(mark + String(scrambled, radix: 36) + "_" + String(check, radix: 36))
    }

    /// The id in a cursor of `object`; nil when it is none.
    static func objectID(_ cursor: String) -> Int? {
        guard let plain = plain(cursor), plain.hasPrefix(mark) else { return nil }
        let pieces = plain.dropFirst(mark.count).split(separator: "_")
        guard pieces.count == 2, let scrambled = UInt64(pieces[0], radix: 36),
            UInt64(pieces[1], radix: 36) == Randomness.mixed(scrambled) & 0xFFFF
        else { return nil }
        return Int(exactly: scrambled &* 0xF1DE_83E1_9937_733D)
    }

    /// How many of a list's objects come before the page that `after` asks for.
    static func start(_ parameters: QueryParameters, in ids: [Int]) throws(GraphError) -> Int {
        guard let after = parameters["after"] else { return 0 }
        guard let id = objectID(after), let place = ids.firstIndex(of: id) else { throw .invalidCursor }
        return place + 1
    }

    /// The place of an insights row: its offset from the first row, 0-based. `MjQZD` is 24.
    static func offset(_ offset: Int) -> String { text(String(offset)) }

    static func offset(_ cursor: String) -> Int? {
        plain(cursor).flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// A cursor of the same place with another text.
    static func another(_ cursor: String) -> String {
        guard let plain = plain(cursor) else { return cursor }
        return text(plain.hasPrefix(mark) ? "\(mark)0\(plain.dropFirst(mark.count))" : "0\(plain)")
    }

    /// Whether it was made by `another`: its number begins with a zero that does not count.
    static func isAnother(_ cursor: String) -> Bool {
        guard let plain = plain(cursor) else { return false }
        return plain.hasPrefix("\(mark)0") || (plain.count > 1 && plain.hasPrefix("0"))
    }

    /// Base64 with every `=` written as `ZD`.
    private static func text(_ plain: String) -> String {
        let encoded = Data(plain.utf8).base64EncodedString()
        return encoded.filter { $0 != "=" } + encoded.filter { $0 == "=" }.map { _ in "ZD" }.joined()
    }

    private static func plain(_ cursor: String) -> String? {
        // Whole groups of four, and one letter more for each `=`: a cursor may end in `ZD` by itself.
        let padding = cursor.utf8.count % 4
        guard padding < 3, cursor.hasSuffix(String(repeating: "ZD", count: padding)) else { return nil }
        let encoded = cursor.dropLast(padding * 2) + String(repeating: "=", count: padding)
        return Data(base64Encoded: String(encoded)).flatMap { String(validating: $0, as: UTF8.self) }
    }
}

/// One page of a list, before it is wrapped in Graph's envelope.
struct Page {
    var data: [JSON]
    /// Cursors of the first and the last row; nil when there are none.
    var before: String?
    var after: String?
    var hasNext = false
    var hasPrevious = false
    var summary: JSON?

    /// Leaves out all rows but the first ones, and says that there are no more.
    mutating func end(after rows: Int) {
        data = Array(data.prefix(rows))
        hasNext = false
        if data.isEmpty { (before, after) = (nil, nil) }
    }

    /// `{"data":[…],"paging":{"cursors":{…},"next":"…"},"summary":{…}}`; no `next` on the last page, no `paging`
    /// without rows.
    /// - Parameters:
    ///   - url: of this list, without a query.
    ///   - parameters: of this request; `next` repeats them all, the access token too.
    ///   - hasCursors: otherwise the links alone lead on.
    func envelope(url: String, parameters: QueryParameters, limit: Int, hasCursors: Bool = true) -> JSON {
        var paging: JSON?
        if let before, let after {
            let next = hasNext ? link(url, parameters, limit, "after", after) : nil
            let previous = hasPrevious ? link(url, parameters, limit, "before", before) : nil
            paging = .present([
                ("cursors", hasCursors ? ["before": .string(before), "after": .string(after)] : nil),
                ("previous", previous.map(JSON.string)), ("next", next.map(JSON.string)),
            ])
        }
        return .present([("data", .array(data)), ("paging", paging), ("summary", summary)])
    }

    private func link(
        _ url: String,
        _ parameters: QueryParameters,
        _ limit: Int,
        _ direction: String,
        _ cursor: String
    ) -> String {
        var parameters = parameters
        parameters.items.removeAll { ["after", "before", "limit"].contains($0.name) }
        parameters.append("limit", String(limit))
        parameters.append(direction, cursor)
        return "\(url)?\(parameters.encoded)"
    }
}

extension QueryParameters {
    /// The wanted number of rows: 25 without a `limit`, at most `cap`. Asking for more is no error.
    func limit(cap: Int) throws(GraphError) -> Int {
        guard let text = self["limit"] else { return min(25, cap) }
        guard let limit = Int(text), limit >= 0 else { throw .parameter("Param limit must be an integer {limit}") }
        return min(limit, cap)
    }
}
