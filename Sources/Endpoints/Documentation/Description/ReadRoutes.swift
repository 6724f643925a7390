internal import Model
internal import Store

// The routes whose responses are cached.

extension RouteDescription {
    static let campaigns = table(
        "listCampaigns",
        "List the campaigns of an account with their metrics",
        .campaigns
    )

    static let adSets = table(
        "listAdSets",
        "List the ad sets of an account with their metrics",
        .adSets
    )

    static let ads = table(
        "listAds",
        "List the ads of an account with their metrics",
        .ads
    )

    static let insights = RouteDescription(
        "listInsights",
        "Get the daily figures of an account or an object",
        """
        Every day of the range has a row, oldest first. A day without delivery has zeros, and a day that is not held has \
        `null`s.
        """,
        access: .viewer,
        parameters: [
            .adAccountID,
            Parameter(
                name: "level",
                description: "The level of the figures: the whole `account`, or the object with this `id`.",
                schema: .choice(AskedQuestion.SeriesLevel.allCases.map(\.rawValue))
                    .adding(["default": .text(AskedQuestion.SeriesLevel.account.rawValue)])
            ),
            Parameter(
                name: "id",
                description: "Facebook's id of the campaign, ad set or ad. Required unless `level` is `account`.",
                schema: .objectID
            ),
            from, to, range, includeToday, format, byteOrderMark, ids, ifNoneMatch,
        ],
        answers: listAnswers(
            AnswerKind.insights.member,
            .rows(SeriesQuestion.columns),
            isPaged: false,
            beside: [("coverage", coverage)]
        ),
        errors: [
            .adAccountIDRequired, .adAccountNotFound, .objectNotFound,
            .parameterInvalid("id", "is missing: level campaign needs the id of an object"), reversedRange, .twoRanges,
        ]
    )

    static let changes = RouteDescription(
        "listChanges",
        "List changes of an account's objects",
        "Changes of names, statuses, budgets, bids and schedules, by people or Facebook, as syncs saw them. Newest first.",
        access: .viewer,
        parameters: [
            .adAccountID,
            Parameter(
                name: "since",
                description: "The oldest time in the list: a time, or the start of a day in the account's time zone.",
                schema: dayOrMoment,
                example: "2026-03-01"
            ),
            limit, cursor, format, byteOrderMark, ids, ifNoneMatch,
        ],
        answers: listAnswers(AnswerKind.changes.member, .rows(ChangesQuestion.columns), isPaged: true),
        errors: [.adAccountIDRequired, .adAccountNotFound, limitTooLarge, .cursorInvalid]
    )

    private static func table(_ id: String, _ summary: String, _ table: AnswerTable) -> RouteDescription {
        RouteDescription(
            id,
            summary,
            """
            Newest first. Metrics cover the last 30 days, today included, unless `from`, `to` or `range` say otherwise; \
            `date_start` and `date_end` have the days. Sums of nothing are 0; undefined and unknown values are `null`. With a \
            range, `coverage` has the held days. If no day is held, all metrics are `null`.
            """,
            access: .viewer,
            parameters: [
                .adAccountID, from, to, range, includeToday,
                Parameter(
                    name: "status",
                    description: """
                        Comma-separated statuses or effective statuses; `ALL` for all. The default is all but \
                        `DELETED` and `ARCHIVED`.
                        """,
                    schema: .list(of: .choice(AskedQuestion.statusWords + ["ALL"])),
                    example: "ACTIVE,PAUSED"
                ),
                Parameter(name: "campaignId", description: "Only objects of this campaign.", schema: .objectID),
                Parameter(name: "adSetId", description: "Only ads of this ad set.", schema: .objectID),
                Parameter(
                    name: "q",
                    description: "A part of the name, ignoring case; or the id or its beginning.",
                    schema: ["type": "string", "maxLength": .number(AskedQuestion.longestSearch)]
                ),
                Parameter(
                    name: "sort",
                    description: """
                        The member of the rows to sort by; with `-` before it in descending order. Rows \
                        without a value come last. For a cost, rows with spend but \
                        without results count as the most expensive.
                        """,
                    schema: .choice(table.available.flatMap { [$0.name, "-\($0.name)"] }),
                    example: "-impressions"
                ),
                Parameter(
                    name: "fields",
                    description: """
                        The members that rows have, as a list with commas: names, groups, or `default` for those that they \
                        have without it. `id` is always among them. `GET /api/fields` lists all.
                        """,
                    schema: .list(
                        of: .choice(
                            [AskedQuestion.defaultFields] + Field.Group.allCases.map(\.rawValue)
                                + table.available.map(\.name)
                        )
                    ),
                    example: "default,cpm"
                ),
                Parameter(
                    name: "totals",
                    description: "`true` adds `totals`, `hidden` and `account` to the response (JSON only).",
                    schema: .choice(["true", "false"])
                ),
                limit, cursor, format, byteOrderMark, ids, ifNoneMatch,
            ],
            answers: listAnswers(
                table.kind.member,
                .rows(table),
                isPaged: true,
                beside: [("coverage", coverage)] + totals(table)
            ),
            errors: [
                .adAccountIDRequired, .adAccountNotFound, limitTooLarge, reversedRange, .twoRanges, .cursorInvalid,
                .fieldUnknown("spendings"),
            ]
        )
    }
}

// MARK: Members next to the rows

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

    /// The members that `totals=true` adds.
    private static func totals(_ table: AnswerTable) -> [(String, OrderedJSON)] {
        [
            (
                "totals",
                OrderedJSON.object([], optional: table.totalNames.map { ($0, .number.orNull) }).adding([
                    "description": """
                    Sums over all rows of the question, on all pages. Ratios are computed from the sums. A sum \
                    with an unknown value is `null`.
                    """
                ])
            ),
            (
                "hidden",
                OrderedJSON.object([("rows", .integer), ("spend", .number.orNull)]).adding([
                    "description": "The rows that the default status filter excludes, and their spend."
                ])
            ),
            (
                "account",
                OrderedJSON.object([("spend", .number.orNull)]).adding([
                    "description": "What the whole account spent on the same days."
                ])
            ),
        ]
    }
}

// MARK: Examples of errors

extension RouteDescription {
    static let reversedRange = RequestError.rangeInvalid("from (2026-03-31) is after to (2026-03-01)")
    private static let limitTooLarge = RequestError.parameterInvalid(
        "limit",
        "is not a whole number from \(AskedQuestion.limits.lowerBound) to \(AskedQuestion.limits.upperBound)"
    )
}

// MARK: Parameters

extension RouteDescription.Parameter {
    static let adAccountID = Self(
        name: "adAccountId",
        description: "AdMirror's id of the account, or Facebook's with or without `act_`.",
        isRequired: true,
        schema: ["type": "string", "minLength": 1],
        example: "act_1569761797025413"
    )
}

extension RouteDescription {
    static let dayOrMoment: OrderedJSON = ["anyOf": [.day, .moment]]

    static let from = Parameter(
        name: "from",
        description: """
            The first day of the metrics, or a time on it, in the account's time zone. The default is the 30 days until \
            `to`. A range has at most \(DayBounds.longest) days.
            """,
        schema: dayOrMoment,
        example: "2026-03-01"
    )
    static let to = Parameter(
        name: "to",
        description: "The last day of the metrics, or a time on it. The default is today.",
        schema: dayOrMoment,
        example: "2026-03-31"
    )
    private static let range = Parameter(
        name: "range",
        description: """
            The days of the metrics by name, in the account's time zone, instead of `from` and `to`. Weeks begin on Monday. \
            Ranges that are not over yet end yesterday, unless they have no earlier day.
            """,
        schema: .choice(RelativeRange.allCases.map(\.rawValue)),
        example: RelativeRange.last7Days.rawValue
    )
    private static let includeToday = Parameter(
        name: "includeToday",
        description: "`true` makes a `range` that is not over yet end today. Ignored without `range`.",
        schema: .choice(["true", "false"]).adding(["default": "false"])
    )
    private static let limit = Parameter(
        name: "limit",
        description: "Rows per page. Without it there is one page.",
        schema: .integer(in: AskedQuestion.limits),
        example: "100"
    )
    private static let cursor = Parameter(
        name: "cursor",
        description: """
            Where the page begins: `paging.next` of the page before it, which was asked with the same parameters but for \
            `limit`.
            """,
        schema: .string
    )
    private static let format = Parameter(
        name: "format",
        description: "`csv` for a file that spreadsheets open. The default follows the header `Accept`.",
        schema: .choice(AnswerFormat.allCases.map(\.rawValue)).adding(["default": .text(AnswerFormat.json.rawValue)])
    )
    private static let byteOrderMark = Parameter(
        name: "bom",
        description: "`false` omits the byte order mark (U+FEFF) at the start of CSV. Ignored for JSON.",
        schema: .choice(["true", "false"]).adding(["default": "true"])
    )
    private static let ids = Parameter(
        name: "ids",
        description: """
            `text` writes ids in CSV as `="120…"`, which Excel and Google Sheets do not round; `plain` writes digits, which \
            spreadsheets round to 15. Ignored for JSON.
            """,
        schema: .choice(CSVStyle.IDs.allCases.map(\.rawValue)).adding(["default": .text(CSVStyle.IDs.plain.rawValue)])
    )
    static let ifNoneMatch = Parameter(
        name: "If-None-Match",
        place: .header,
        description: "The `ETag` of the client's copy. If nothing has changed, the response is 304.",
        schema: .string
    )
}

// MARK: Answers

extension RouteDescription {
    private static let cacheHeaders = [
        Header(name: "Cache-Control", description: "How long shared caches may keep the response."),
        Header(name: "ETag", description: "A weak tag of this version of the response."),
        Header(name: "Vary", description: "Request headers on which the response depends."),
        Header(name: "X-Cache", description: "nginx's cache status: `HIT`, `MISS`, `STALE` …", isAlwaysSent: false),
    ]

    private static func listAnswers(
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
