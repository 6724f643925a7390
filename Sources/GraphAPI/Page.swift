internal import HTTPMessages

/// The envelope of a list.
struct Page<Object: Decodable>: Decodable {
    var data: [Object]
    var paging: Paging?
    var summary: Summary?

    struct Paging: Decodable {
        var cursors: Cursors?
        /// That it is there says that there is a next page. It may hold a token: nothing but its cursor is taken.
        var next: String?

        /// The cursor of the next page; `nil` when there is none to be had.
        var after: String? {
            if let after = cursors?.after, !after.isEmpty { return after }
            guard let query = next?.split(separator: "?", maxSplits: 1).last else { return nil }
            return (try? QueryParameters(decoding: String(query)))?["after"]
        }
    }

    struct Cursors: Decodable {
        var after: String?
    }

    struct Summary: Decodable {
        var totalCount: Int?

        enum CodingKeys: String, CodingKey {
            case totalCount = "total_count"
        }
    }
}
