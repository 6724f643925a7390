/// The envelope of a list.
struct Page<Object: Decodable>: Decodable {
    var data: [Object]
    var paging: Paging?
    var summary: Summary?

    struct Paging: Decodable {
        var cursors: Cursors?
        /// Only whether it is there counts: it says that there is a next page.
        var next: String?
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
