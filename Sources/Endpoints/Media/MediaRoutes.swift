internal import Store

extension RouteDescription {
    static let picture = RouteDescription(
        "getPicture",
        "A picture of an ad",
        """
        AdMirror's own copy, without whatever else the original file held. The members `thumbnail` and `image` of ads have the \
        address. It never changes.
        """,
        access: .viewer,
        parameters: [
            Parameter(
                name: "adAccountId",
                place: .path,
                description: "The ad account: AdMirror's id, or Facebook's with or without `act_`.",
                isRequired: true,
                schema: .string
            ),
            Parameter(
                name: "name",
                place: .path,
                description: "The name of the picture.",
                isRequired: true,
                schema: OrderedJSON.string.adding(["pattern": "^[0-9a-f]{64}$"])
            ),
            Parameter(
                name: "w",
                description: "The width in pixels at most. Pictures are never enlarged. Without it: 256.",
                schema: .choice(Thumbnail.widths.map(String.init))
            ),
        ],
        answers: [
            Answer(
                status: 200,
                description: "The picture.",
                content: [("image/jpeg", .string), ("image/webp", .string)],
                headers: keptByBrowsers
            ),
            Answer(status: 304, description: "The client's copy is current.", headers: keptByBrowsers),
        ],
        errors: [.parameterInvalid("w", "is not one of 64, 256, 1080"), .adAccountNotFound, .pictureNotFound]
    )

    private static let keptByBrowsers = [
        Header(name: "Cache-Control", description: "`private, max-age=604800, immutable`"),
        Header(name: "ETag", description: "Names the picture."),
    ]
}
