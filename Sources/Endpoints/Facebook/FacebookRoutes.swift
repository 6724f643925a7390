internal import HTTPMessages
internal import Store

// Connecting ad accounts with Facebook Login.

extension RouteDescription {
    static let facebookConnect = RouteDescription(
        "connectFacebook",
        "Connect ad accounts with Facebook Login",
        "For browsers. Sets a cookie and redirects to Facebook's dialog, which requests `ads_read`.",
        access: .person,
        answers: [
            Answer(
                status: 302,
                description: "Redirects to the dialog.",
                headers: [.notKept, location, Header(name: "Set-Cookie", description: "Valid for 15 minutes.")]
            )
        ],
        errors: [.facebookAppMissing, .scopeInsufficient, .crossSite]
    )

    static let facebookCallback = RouteDescription(
        "endFacebookDialog",
        "Receive the response of Facebook's dialog",
        "Accepts each response once, and only for a dialog that the same browser started. Never waits for Facebook.",
        access: .everybody,
        parameters: [
            Parameter(name: "state", description: "The state in the dialog's address.", schema: .string),
            Parameter(name: "code", description: "The code that Facebook exchanges for a token.", schema: .string),
            Parameter(name: "error", description: "Set if the person declined.", schema: .string),
            Parameter(name: "error_description", description: "Facebook's words; not read.", schema: .string),
        ],
        answers: [
            Answer(
                status: 302,
                description: "To `/#/settings?connection=<id>`.",
                headers: [.notKept, location, Header(name: "Set-Cookie", description: "Removes the cookie.")]
            )
        ],
        errors: [.connectionStateInvalid, .facebookAppMissing, .databaseUnavailable, .schemaUnknown]
    )

    static let facebookConnection = RouteDescription(
        "getFacebookConnection",
        "Get the state of a connection",
        "Repeat the request while it is `exchanging`. Only the person who started it can see it.",
        access: .person,
        parameters: [
            Parameter(
                name: "id",
                description: "The id in the address to which the callback redirects.",
                isRequired: true,
                schema: .string,
                example: "0f6d8a5e-3c1b-4f0a-9a53-5a1f6f3f7b10"
            )
        ],
        answers: [
            Answer(
                status: 200,
                description: "The connection. It has accounts once it is `ready`.",
                content: [("application/json", .object([("connection", connection)]))],
                headers: [.notKept]
            )
        ],
        errors: [.connectionNotFound]
    )

    static let facebookChoice = RouteDescription(
        "chooseFacebookAccounts",
        "Connect the chosen accounts",
        """
        Connects all of them or none. A person who connects an account without an owner becomes its owner. An owner renews \
        the token. The syncs start at once.
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
                description: "The connected accounts.",
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

    private static let location = Header(name: "Location", description: "The target of the redirect.")
    private static let connection = OrderedJSON.object([
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
