internal import Model
internal import Store

extension RouteDescription {
    static let creatives = RouteDescription(
        "listCreatives",
        "List what the ads of an account show, with the metrics of all ads that show the same",
        """
        A row is a group of ads with the same picture or video and the same texts. Its metrics are the sums of its ads, its \
        ratios are made of these sums. What does not add up, such as `reach`, is `null`. `ads` has the ids of the newest \
        \(CreativesQuestion.mostAds) ads, `ad_count` counts all. Most spend first. Ads whose creative AdMirror has not read yet \
        are grouped by it.
        """,
        access: .viewer,
        parameters: [
            .adAccountID, from, to, range, includeToday, status,
            Parameter(name: "campaignId", description: "Only ads of this campaign.", schema: .objectID),
            Parameter(name: "adSetId", description: "Only ads of this ad set.", schema: .objectID),
            conditions,
            Parameter(
                name: "sort",
                description: "The member of the rows to sort by; with `-` before it in descending order.",
                schema: .choice(CreativesQuestion.available.flatMap { [$0.name, "-\($0.name)"] }),
                example: "-spend"
            ),
            fields(CreativesQuestion.available.map(\.name)), limit, cursor, format, byteOrderMark, ids, ifNoneMatch,
        ],
        answers: listAnswers(
            AnswerKind.creatives.member,
            .groups(CreativesQuestion.available),
            isPaged: true,
            beside: [("coverage", coverage)]
        ),
        errors: [
            .adAccountIDRequired, .adAccountNotFound, limitTooLarge, reversedRange, .twoRanges, .cursorInvalid,
            .fieldUnknown("spendings"), .conditionInvalid("spend", "has no operator"),
        ]
    )
}
