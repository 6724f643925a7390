extension RouteDescription {
    static let fields = RouteDescription(
        "listFields",
        "The fields that rows can have",
        "Names for the parameters `fields` and `sort`, with labels and descriptions for people.",
        access: .everybody,
        parameters: [ifNoneMatch],
        answers: [
            Answer(
                status: 200,
                description: "The fields.",
                content: [("application/json", .object([("fields", .list(of: FieldList.schema))]))],
                headers: keptForMinutes
            ), unchanged,
        ]
    )

    static let openAPI = RouteDescription(
        "getDescription",
        "This description, for programs",
        "OpenAPI 3.1.",
        access: .everybody,
        parameters: [ifNoneMatch],
        answers: [
            Answer(
                status: 200,
                description: "The document.",
                content: [("application/json", .object([("openapi", .string), ("paths", ["type": "object"])]))],
                headers: keptForMinutes
            ), unchanged,
        ]
    )

    static let documentation = RouteDescription(
        "getDocumentation",
        "This description, for people",
        access: .everybody,
        parameters: [ifNoneMatch],
        answers: [
            Answer(status: 200, description: "A page.", content: [("text/html", .string)], headers: keptForMinutes),
            unchanged,
        ]
    )

    private static let keptForMinutes = [
        Header(name: "Cache-Control", description: "`public, max-age=300`"),
        Header(name: "ETag", description: "Changes with the document, which only a new version of AdMirror changes."),
    ]
    private static let unchanged = Answer(
        status: 304,
        description: "The client's copy is current.",
        headers: keptForMinutes
    )
}
