internal import Model
internal import Store

// The routes whose answers caches keep.

extension RouteDescription {
    static let campaigns = table(
        "listCampaigns",
        "The campaigns of an account, with their metrics",
        .campaigns
    )

    static let adSets = table(
        "listAdSets",
        "The ad sets of an account, with their metrics",
        .adSets
    )

    static let ads = table(
        "listAds",
        "The ads of an account, with their metrics",
        .ads
    )

    static let insights = RouteDescription(
        "listInsights",
        "What an account, or one of its objects, had on each day",
        """
        Every day of the range has a row, oldest first. A day without delivery has zeros, and a day that is not held has \
        `null`s.
        """,
        access: .viewer,
        parameters: [
            .adAccountID,
            Parameter(
                name: "level",
                description: "Of what the days are: of the `account` as a whole, or of the object that `id` names.",
                schema: .choice(AskedQuestion.SeriesLevel.allCases.map(\.rawValue))
                    .adding(["default": .text(AskedQuestion.SeriesLevel.account.rawValue)])
            ),
            Parameter(
                name: "id",
                description: "Facebook's id of the campaign, ad set or ad. Needed unless `level` is `account`.",
                schema: .objectID
            ),
            from, to, format, byteOrderMark, ids, ifNoneMatch,
        ],
        answers: listAnswers(
            AnswerKind.insights.member,
            SeriesQuestion.columns,
            isPaged: false,
            beside: [("coverage", coverage)]
        ),
        errors: [
            .adAccountIDRequired, .adAccountNotFound, .objectNotFound,
            .parameterInvalid("id", "is missing: it names the campaign of level"), reversedRange,
        ]
    )

    static let changes = RouteDescription(
        "listChanges",
        "What people, or Facebook, changed of an account's objects",
        "Names, statuses, budgets, bids and schedules, as syncs saw them change; newest first.",
        access: .viewer,
        parameters: [
            .adAccountID,
            Parameter(
                name: "since",
                description: "A moment, or the day with whose beginning, in the account's time zone, the list ends.",
                schema: dayOrMoment,
                example: "2026-03-01"
            ),
            limit, cursor, format, byteOrderMark, ids, ifNoneMatch,
        ],
        answers: listAnswers(AnswerKind.changes.member, ChangesQuestion.columns, isPaged: true),
        errors: [.adAccountIDRequired, .adAccountNotFound, limitTooLarge, .cursorInvalid]
    )

    private static func table(_ id: String, _ summary: String, _ table: AnswerTable) -> RouteDescription {
        RouteDescription(
            id,
            summary,
            """
            Newest first. Metrics cover the last 30 days, today included, unless `from` or `to` say otherwise; `date_start` \
            and `date_end` tell which. Sums of nothing are 0, what is undefined or unknown is `null`. With `from` or `to`, \
            `coverage` says which of the days are held: when none is, all metrics are `null`.
            """,
            access: .viewer,
            parameters: [
                .adAccountID, from, to,
                Parameter(
                    name: "status",
                    description: """
                        Statuses or effective statuses, separated by commas; `ALL` for every one. Without it all but \
                        `DELETED` and `ARCHIVED`.
                        """,
                    schema: .list(of: .choice(AskedQuestion.statusWords + ["ALL"])),
                    example: "ACTIVE,PAUSED"
                ),
                Parameter(name: "campaignId", description: "Only what belongs to this campaign.", schema: .objectID),
                Parameter(name: "adSetId", description: "Only what belongs to this ad set.", schema: .objectID),
                Parameter(
                    name: "q",
                    description: "A part of the name, in capitals or not, or the id or its beginning.",
                    schema: ["type": "string", "maxLength": .number(AskedQuestion.longestSearch)]
                ),
                Parameter(
                    name: "sort",
                    description: """
                        A member of the rows by which they are ordered; with `-` before it in descending order. Rows \
                        without a value come last. A cost is worst where money was spent and nothing came of it: such \
                        rows count as the most expensive.
                        """,
                    schema: .choice(table.columns.flatMap { [$0.name, "-\($0.name)"] }),
                    example: "-impressions"
                ),
                Parameter(
                    name: "totals",
                    description: "`true` adds `totals`, `hidden` and `account` to the answer (JSON only).",
                    schema: .choice(["true", "false"])
                ),
                limit, cursor, format, byteOrderMark, ids, ifNoneMatch,
            ],
            answers: listAnswers(
                table.kind.member,
                table.columns,
                isPaged: true,
                beside: [("coverage", coverage)] + totals(table)
            ),
            errors: [.adAccountIDRequired, .adAccountNotFound, limitTooLarge, reversedRange, .cursorInvalid]
        )
    }
}

// MARK: Beside the rows

extension RouteDescription {
    /// Which days of a range are held.
    static let coverage = JSONValue.object([
        ("from", .day.orNull.adding(["description": "The first day that is held; `null` when none is."])),
        ("to", .day.orNull.adding(["description": "The last day that is held."])),
        (
            "complete",
            .boolean.adding([
                "description": "Whether every day of the range is held, and its ads add up to the account."
            ])
        ),
    ])
    .adding(["description": "Which days of the range are held. Only in answers with a range."])

    /// What `totals=true` adds.
    private static func totals(_ table: AnswerTable) -> [(String, JSONValue)] {
        [
            (
                "totals",
                JSONValue.object(table.totalNames.map { ($0, .number.orNull) }).adding([
                    "description": """
                    Sums over all rows of the question, on whichever page they are. Ratios are made of the sums. A sum \
                    with an unknown value in it is `null`.
                    """
                ])
            ),
            (
                "hidden",
                JSONValue.object([("rows", .integer), ("spend", .number.orNull)]).adding([
                    "description": "The rows that the default status filter leaves out, and what they spent."
                ])
            ),
            (
                "account",
                JSONValue.object([("spend", .number.orNull)]).adding([
                    "description": "What the account as a whole spent on the same days."
                ])
            ),
        ]
    }
}

// MARK: Errors, as they could be

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
        description: "The account's own id, or its Facebook id with or without `act_`.",
        isRequired: true,
        schema: ["type": "string", "minLength": 1],
        example: "act_1569761797025413"
    )
}

extension RouteDescription {
    static let dayOrMoment: JSONValue = ["anyOf": [.day, .moment]]

    static let from = Parameter(
        name: "from",
        description: """
            The first day of the metrics, or a moment that is in it, in the account's time zone. Without it the 30 days until \
            `to`. A range has at most \(DayBounds.longest) days.
            """,
        schema: dayOrMoment,
        example: "2026-03-01"
    )
    static let to = Parameter(
        name: "to",
        description: "The last day of the metrics, or a moment that is in it. Without it today.",
        schema: dayOrMoment,
        example: "2026-03-31"
    )
    private static let limit = Parameter(
        name: "limit",
        description: "How many rows a page has. Without it there is one page.",
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
        description: "`csv` for a file that spreadsheets open. Without it what the header `Accept` prefers.",
        schema: .choice(AnswerFormat.allCases.map(\.rawValue)).adding(["default": .text(AnswerFormat.json.rawValue)])
    )
    private static let byteOrderMark = Parameter(
        name: "bom",
        description: "`false` leaves out the byte order mark (U+FEFF) with which CSV begins. Nothing to JSON.",
        schema: .choice(["true", "false"]).adding(["default": "true"])
    )
    private static let ids = Parameter(
        name: "ids",
        description: """
            `text` writes ids in CSV as `="120…"`, which Excel and Google Sheets keep whole; `plain` writes digits, which \
            spreadsheets round to 15. Nothing to JSON.
            """,
        schema: .choice(CSVStyle.IDs.allCases.map(\.rawValue)).adding(["default": .text(CSVStyle.IDs.plain.rawValue)])
    )
    private static let ifNoneMatch = Parameter(
        name: "If-None-Match",
        place: .header,
        description: "The `ETag` of the answer that the client has. If nothing has changed since, the answer is 304.",
        schema: .string
    )
}

// MARK: Answers

extension RouteDescription {
    private static let cacheHeaders = [
        Header(name: "Cache-Control", description: "For how long shared caches may keep the answer."),
        Header(name: "ETag", description: "Names this state of the answer; weak."),
        Header(name: "Vary", description: "What the answer depends on beside the address."),
        Header(name: "X-Cache", description: "nginx's cache status: `HIT`, `MISS`, `STALE` …", isAlwaysSent: false),
    ]

    private static func listAnswers(
        _ member: String,
        _ columns: [AnswerColumn],
        isPaged: Bool,
        beside more: [(String, JSONValue)] = []
    ) -> [Answer] {
        var optional = more
        var headers = cacheHeaders
        if isPaged {
            let paging = JSONValue.object([("next", .string)]).adding(["description": "While there are more rows."])
            optional.insert(("paging", paging), at: 0)
            headers.append(
                Header(
                    name: "X-Next-Cursor",
                    description: "In place of `paging.next`, which CSV has no room for.",
                    isAlwaysSent: false
                )
            )
        }
        if !more.isEmpty {
            headers.append(
                Header(
                    name: "X-Coverage",
                    description: "In place of `coverage`, which CSV has no room for.",
                    isAlwaysSent: false
                )
            )
        }
        let schema = JSONValue.object([(member, .rows(columns))], optional: optional)
        return [
            Answer(
                status: 200,
                description: "The rows.",
                content: [("application/json", schema), ("text/csv", .string)],
                headers: headers
            ),
            Answer(status: 304, description: "The client has this answer already.", headers: cacheHeaders),
        ]
    }
}
