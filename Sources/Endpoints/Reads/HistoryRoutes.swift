internal import Model
internal import Store

// Daily figures, and changes of objects.

extension RouteDescription {
    static let insights = RouteDescription(
        "listInsights",
        "Get the daily figures of an account or an object",
        """
        Every day of the range has a row, oldest first. A day without delivery has zeros, and a day that is not held has \
        `null`s. `where` leaves out days.
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
            from, to, range, includeToday, conditions, fields(seriesNames), withTotals, compare, format, byteOrderMark,
            ids, ifNoneMatch,
        ],
        answers: listAnswers(
            AnswerKind.insights.member,
            .days(seriesNames),
            isPaged: false,
            beside: [
                ("coverage", coverage), ("previous_coverage", previousCoverage),
                totals(seriesNames.filter { $0 != SeriesQuestion.date }),
            ]
        ),
        errors: [
            .adAccountIDRequired, .adAccountNotFound, .objectNotFound, .fieldUnknown("spendings"),
            .parameterInvalid("id", "is missing: level campaign needs the id of an object"), reversedRange, .twoRanges,
        ]
    )

    /// What the days of an account or of an object can have.
    private static let seriesNames = {
        let account = SeriesQuestion.available(to: .account).map(\.name)
        let object = SeriesQuestion.available(to: .object(.ad, id: "")).map(\.name)
        return account + object.filter { !account.contains($0) }
    }()

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
}
