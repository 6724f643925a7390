internal import Store

extension RouteDescription {
    static let revalidate = RouteDescription(
        "revalidate",
        "Make the next read come from the database",
        """
        Takes effect on every nginx host within a second. A sync that changed anything does the same. Needs the manager role; a \
        path without an account means all accounts that the caller manages.
        """,
        access: .manager,
        body: Body(
            schema: [
                "type": "object",
                "oneOf": [
                    .object([("tag", tag)], optional: [("path", ["type": "null"])]),
                    .object([("path", path)], optional: [("tag", ["type": "null"])]),
                ],
            ],
            examples: [
                ("tag", ["tag": "campaigns-1569761797025413"]),
                ("path", ["path": "/api/campaigns"]),
            ]
        ),
        answers: [
            Answer(
                status: 200,
                description: "The revalidated tags, one per account.",
                content: [
                    (
                        "application/json",
                        .object([("success", .constant(true)), ("revalidated", .list(of: .string))])
                    )
                ],
                headers: [.notKept]
            )
        ],
        errors: [.revalidationUnclear, .adAccountNotFound]
    )

    private static let kinds = AnswerKind.allCases.map(\.rawValue).joined(separator: "|")
    private static let tag: OrderedJSON = [
        "type": "string",
        "pattern": .text(
            "^(?:\(kinds))-(?:(?:act_)?[0-9]{1,20}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"
        ),
        "description": "A kind of list and an account.",
    ]
    private static let path: OrderedJSON = [
        "type": "string",
        "pattern": .text("^/api/(?:\(kinds))(?:\\?[ -~]*)?$"),
        "description": "A route, with `?adAccountId=` for one account.",
    ]
}
