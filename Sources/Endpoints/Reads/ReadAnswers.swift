internal import Model

// The responses of reads.

extension RouteDescription {
    /// The held days of a range.
    static let coverage = OrderedJSON.object([
        ("from", .day.orNull.adding(["description": "The first held day; `null` if no day is held."])),
        ("to", .day.orNull.adding(["description": "The last held day."])),
        (
            "complete",
            .boolean.adding([
                "description": """
                Whether every day of the range is held and was read after it had ended, and its ads add up to the account.
                """
            ])
        ),
        (
            "whole_to",
            .day.orNull.adding([
                "description": """
                The last day that is held and was read after it had ended, in the account's time zone; `null` when there \
                is none. The numbers of later days, today's among them, will grow.
                """
            ])
        ),
    ])
    .adding(["description": "The held days of the range. Only in responses with a range."])

    private static let cacheHeaders = [
        Header(name: "Cache-Control", description: "How long shared caches may keep the response."),
        Header(name: "ETag", description: "A weak tag of this version of the response."),
        Header(name: "Vary", description: "Request headers on which the response depends."),
        Header(name: "X-Cache", description: "nginx's cache status: `HIT`, `MISS`, `STALE` …", isAlwaysSent: false),
    ]

    static func listAnswers(
        _ member: String,
        _ rows: OrderedJSON,
        isPaged: Bool,
        beside more: [(String, OrderedJSON)] = []
    ) -> [Answer] {
        var optional = more
        var headers = cacheHeaders
        if isPaged {
            let paging = OrderedJSON.object([("next", .string)]).adding([
                "description": "Present while there are more rows."
            ])
            optional.insert(("paging", paging), at: 0)
            headers.append(
                Header(
                    name: "X-Next-Cursor",
                    description: "Replaces `paging.next` in CSV.",
                    isAlwaysSent: false
                )
            )
        }
        if !more.isEmpty {
            headers.append(
                Header(
                    name: "X-Coverage",
                    description: "Replaces `coverage` in CSV.",
                    isAlwaysSent: false
                )
            )
        }
        let schema = OrderedJSON.object([(member, rows)], optional: optional)
        return [
            Answer(
                status: 200,
                description: "The rows.",
                content: [("application/json", schema), ("text/csv", .string)],
                headers: headers
            ),
            Answer(status: 304, description: "The client's copy is current.", headers: cacheHeaders),
        ]
    }
}
