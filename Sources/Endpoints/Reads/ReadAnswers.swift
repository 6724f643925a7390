internal import Model

// The responses of reads.

extension RouteDescription {
    /// The held days of a range.
    static let coverage = OrderedJSON.object(heldDays)
        .adding(["description": "The held days of the range. Only in responses with a range."])

    /// The days to compare with, and which of them are held.
    static let previousCoverage = OrderedJSON.object([("date_start", .day), ("date_end", .day)] + heldDays)
        .adding(["description": "The compared days, and the held ones of them. Only with `compare`."])

    private static let heldDays: [(String, OrderedJSON)] = [
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
    ]

    /// The sums that `totals=true` adds.
    static func totals(_ names: [String]) -> (String, OrderedJSON) {
        (
            "totals",
            OrderedJSON.object([], optional: OrderedJSON.metrics(names) + [("previous", .previous(names))])
                .adding([
                    "description": """
                    Sums over all rows of the question, on all pages. Ratios are computed from the sums. A sum with an unknown \
                    value is `null`.
                    """
                ])
        )
    }

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
        for (name, header) in [("coverage", "X-Coverage"), ("previous_coverage", "X-Previous-Coverage")]
        where more.contains(where: { $0.0 == name }) {
            headers.append(Header(name: header, description: "Replaces `\(name)` in CSV.", isAlwaysSent: false))
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
