internal import HTTPMessages
internal import Store

// Connecting ad accounts by Facebook Login.

extension RouteDescription {
    static let facebookConnect = RouteDescription(
        "connectFacebook",
        "Connect ad accounts by Facebook Login",
        "For a browser: sets a cookie, and leads to Facebook's dialog, which asks for `ads_read`.",
        access: .person,
        answers: [
            Answer(
                status: 302,
                description: "To the dialog.",
                headers: [.notKept, location, Header(name: "Set-Cookie", description: "Is good for 15 minutes.")]
            )
        ],
        errors: [.facebookAppMissing, .scopeInsufficient, .crossSite]
    )

    static let facebookCallback = RouteDescription(
        "endFacebookDialog",
        "Where Facebook's dialog leads back to",
        "Believes only what belongs to a dialog that the same browser has begun, and once. Never waits for Facebook.",
        access: .everybody,
        parameters: [
            Parameter(name: "state", description: "From the dialog's address.", schema: .string),
            Parameter(name: "code", description: "What a token is given for.", schema: .string),
            Parameter(name: "error", description: "The person has said no.", schema: .string),
            Parameter(name: "error_description", description: "Facebook's words; not read.", schema: .string),
        ],
        answers: [
            Answer(
                status: 302,
                description: "To `/#/settings?connection=<id>`.",
                headers: [.notKept, location, Header(name: "Set-Cookie", description: "Makes the browser forget it.")]
            )
        ],
        errors: [.connectionStateInvalid, .facebookAppMissing, .databaseUnavailable, .schemaUnknown]
    )

    static let facebookConnection = RouteDescription(
        "getFacebookConnection",
        "How far a connection is",
        "Ask again while it is `exchanging`. Only for the person who began it.",
        access: .person,
        parameters: [
            Parameter(
                name: "id",
                description: "From the address that the dialog led to.",
                isRequired: true,
                schema: .string,
                example: "0f6d8a5e-3c1b-4f0a-9a53-5a1f6f3f7b10"
            )
        ],
        answers: [
            Answer(
                status: 200,
                description: "The accounts are there once it is `ready`.",
                content: [("application/json", .object([("connection", connection)]))],
                headers: [.notKept]
            )
        ],
        errors: [.connectionNotFound]
    )

    static let facebookChoice = RouteDescription(
        "chooseFacebookAccounts",
        "Connect the accounts that were chosen",
        """
        All of them or none. Who connects an account that nobody owns becomes its owner; for an account of one's own it renews \
        the token. Their syncs begin at once.
        """,
        access: .person,
        body: Body(
            schema: .object([
                ("id", ["type": "string", "minLength": 1]),
                ("adAccounts", ["type": "array", "items": .string, "minItems": 1]),
            ]),
            examples: [
                (
                    "accounts",
                    ["id": "0f6d8a5e-3c1b-4f0a-9a53-5a1f6f3f7b10", "adAccounts": ["act_1569761797025413"]]
                )
            ]
        ),
        answers: [
            Answer(
                status: 200,
                description: "The accounts that are connected now.",
                content: [("application/json", .object([("connected", .list(of: .string))]))],
                headers: [.notKept]
            )
        ],
        errors: [
            .connectionNotFound, .connectionNotReady("waiting"), .connectionUnreadable,
            .adAccountTaken("1569761797025413"),
            .facebookAppMissing, .scopeInsufficient, .crossSite,
        ]
    )

    private static let location = Header(name: "Location", description: "Where to go.")
    private static let connection = JSONValue.object([
        ("id", .accountID),
        ("status", .choice(FacebookConnection.Status.allCases.map(\.rawValue))),
        ("error", .string.orNull),
        (
            "adAccounts",
            .list(
                of: .object([
                    ("facebook_id", .objectID), ("name", .string), ("currency", .string), ("time_zone", .string),
                    ("connected", .boolean),
                ])
            )
        ),
        ("missing_permissions", .list(of: .string)),
    ])
}
