internal import Model

// Sessions, people and roles.

extension RouteDescription {
    static let signIn = RouteDescription(
        "signIn",
        "Sign in",
        "Sets a cookie. The session expires after a day without use, and after two weeks in any case.",
        access: .everybody,
        body: Body(
            schema: .object([
                ("email", ["type": "string", "minLength": 1, "maxLength": 254]),
                ("password", ["type": "string", "maxLength": 1000]),
            ]),
            examples: [("person", ["email": "ada@example.com", "password": "correct horse battery staple"])]
        ),
        answers: [
            Answer(
                status: 200,
                description: "The signed-in person.",
                content: [("application/json", signedIn)],
                headers: [.notKept, Header(name: "Set-Cookie", description: "The session.")]
            )
        ],
        errors: [.signInRefused, .signInThrottled(seconds: 600), .crossSite] + database
    )

    static let session = RouteDescription(
        "getSession",
        "Get the current session",
        "Without a session `user` is `null`; that is not an error.",
        access: .everybody,
        answers: [
            Answer(
                status: 200,
                description: "The person, and how they authenticated: `session`, `token` or `proxy`.",
                content: [
                    (
                        "application/json",
                        .object([("user", user.orNull)], optional: [("via", way)] + facts)
                    )
                ],
                headers: [.notKept]
            )
        ],
        errors: database
    )

    static let signOut = RouteDescription(
        "signOut",
        "Sign out",
        access: .everybody,
        parameters: [
            Parameter(
                name: "everywhere",
                description: "`true` ends all sessions of the person.",
                schema: .choice(["true", "false"])
            )
        ],
        answers: [
            Answer(
                status: 200,
                description: "The number of ended sessions.",
                content: [("application/json", .object([("success", .constant(true)), ("ended", .integer)]))],
                headers: [.notKept, Header(name: "Set-Cookie", description: "Removes the cookie.")]
            )
        ],
        errors: [.parameterInvalid("everywhere", "is not one of true, false"), .crossSite] + database
    )

    private static let user = OrderedJSON.object([("id", .accountID), ("email", .string)])
    private static let way = OrderedJSON.choice(["session", "token", "proxy"])
    private static let signedIn = OrderedJSON.object([("user", user), ("via", way)] + facts)
    private static let facts: [(String, OrderedJSON)] = [
        ("facebookLogin", .boolean.adding(["description": "Whether people can connect accounts with Facebook Login."])),
        (
            "longestHistoryDays",
            .integer.adding(["description": "Days of results that Facebook keeps, today included."])
        ),
        ("longestRangeDays", .integer.adding(["description": "Days that a range may have at most."])),
    ]
    private static let database: [RequestError] = [.databaseUnavailable, .schemaUnknown]

    static let listAccess = RouteDescription(
        "listAccess",
        "List the people of an account and their roles",
        access: .owner,
        parameters: [.adAccountID],
        answers: [accessAnswer],
        errors: [.adAccountIDRequired, .adAccountNotFound]
    )

    static let grantAccess = RouteDescription(
        "grantAccess",
        "Set a person's role",
        "Replaces the person's current role. The account must keep an owner.",
        access: .owner,
        body: Body(
            schema: .object([
                ("adAccountId", ["type": "string", "minLength": 1]), ("email", ["type": "string", "minLength": 1]),
                ("role", .choice(Role.allCases.map(\.rawValue))),
            ]),
            examples: [
                ("role", ["adAccountId": "act_1569761797025413", "email": "ada@example.com", "role": "viewer"])
            ]
        ),
        answers: [accessAnswer],
        errors: changeErrors
    )

    static let revokeAccess = RouteDescription(
        "revokeAccess",
        "Remove a person's role",
        access: .owner,
        body: Body(
            schema: .object([
                ("adAccountId", ["type": "string", "minLength": 1]), ("email", ["type": "string", "minLength": 1]),
            ]),
            examples: [("person", ["adAccountId": "act_1569761797025413", "email": "ada@example.com"])]
        ),
        answers: [accessAnswer],
        errors: changeErrors
    )

    private static let changeErrors: [RequestError] = [
        .adAccountNotFound, .userNotFound, .lastOwner, .scopeInsufficient, .crossSite,
    ]
    private static let accessAnswer = Answer(
        status: 200,
        description: "The people with a role on the account.",
        content: [
            (
                "application/json",
                .object([
                    (
                        "access",
                        .list(of: .object([("email", .string), ("role", .choice(Role.allCases.map(\.rawValue)))]))
                    )
                ])
            )
        ],
        headers: [.notKept]
    )
}
