internal import Model
internal import Store

// The tables of campaigns, ad sets and ads.

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

    private static func table(_ id: String, _ summary: String, _ table: AnswerTable) -> RouteDescription {
        RouteDescription(
            id,
            summary,
            """
            Newest first. Metrics cover the last 30 days, today included, unless `from`, `to` or `range` say otherwise; \
            `date_start` and `date_end` have the days. Sums of nothing are 0; undefined and unknown values are `null`. With a \
            range, `coverage` has the held days. If no day is held, all sums are `null`. `reach`, `frequency` and \
            `unique_clicks` are held for `last_7d`, `last_14d`, `last_30d`, `this_month` and `last_month` up to yesterday, \
            if the table was read in the last 14 days, and `null` for other ranges.
            """,
            access: .viewer,
            parameters: [
                .adAccountID, from, to, range, includeToday,
                status,
                Parameter(name: "campaignId", description: "Only objects of this campaign.", schema: .objectID),
                Parameter(name: "adSetId", description: "Only ads of this ad set.", schema: .objectID),
                Parameter(
                    name: "q",
                    description: "A part of the name, ignoring case; or the id or its beginning.",
                    schema: ["type": "string", "maxLength": .number(AskedQuestion.longestSearch)]
                ),
                conditions,
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
                fields(table.available.map(\.name)), withTotals, compare, limit, cursor, format, byteOrderMark, ids,
                ifNoneMatch,
            ],
            answers: listAnswers(
                table.kind.member,
                .rows(table),
                isPaged: true,
                beside: [("coverage", coverage), ("previous_coverage", previousCoverage)] + totals(table)
            ),
            errors: [
                .adAccountIDRequired, .adAccountNotFound, limitTooLarge, reversedRange, .twoRanges, .cursorInvalid,
                .fieldUnknown("spendings"), .conditionInvalid("spend", "has no operator"), .comparisonWithoutRange,
            ]
        )
    }

    static let status = Parameter(
        name: "status",
        description: """
            Comma-separated statuses or effective statuses; `ALL` for all. The default is all but `DELETED` and `ARCHIVED`.
            """,
        schema: .list(of: .choice(AskedQuestion.statusWords + ["ALL"])),
        example: "ACTIVE,PAUSED"
    )

    /// The members that `totals=true` adds to a table.
    private static func totals(_ table: AnswerTable) -> [(String, OrderedJSON)] {
        [
            totals(table.totalNames),
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
