internal import Model
internal import Store

// The connected ad accounts.

extension RouteDescription {
    static let adAccounts = RouteDescription(
        "listAdAccounts",
        "List the accounts that the caller can access",
        "Each account has sums for an overview: of the last 30 days, or of `from` to `to`.",
        access: .viewer,
        parameters: [from, to],
        answers: [
            Answer(
                status: 200,
                description: "The accounts.",
                content: [("application/json", .object([("adAccounts", .list(of: account))]))],
                headers: [
                    Header(name: "Cache-Control", description: "`private, no-cache`"),
                    Header(name: "Vary", description: "Request headers on which the response depends."),
                ]
            )
        ],
        errors: [
            .parameterInvalid("from", "is neither a day such as 2026-03-12 nor a time such as 2026-03-12T22:02:47Z"),
            reversedRange,
        ]
    )

    static let changeAdAccount = RouteDescription(
        "changeAdAccount",
        "Choose what an account counts as conversions",
        """
        From then on `conversions` and `cost_per_conversion` have this event in all answers about the account. \
        `conversion_value` and `roas` are `null` unless it is `purchases`.
        """,
        access: .owner,
        parameters: [
            Parameter(
                name: "id",
                place: .path,
                description: "AdMirror's id of the account, or Facebook's with or without `act_`.",
                isRequired: true,
                schema: .string,
                example: "act_1569761797025413"
            )
        ],
        body: Body(
            schema: .object([("conversionEvent", conversionEvent.orNull)]),
            examples: [("event", ["conversionEvent": "leads"]), ("purchases", ["conversionEvent": .null])]
        ),
        answers: [
            Answer(
                status: 200,
                description: "The account's event.",
                content: [
                    (
                        "application/json",
                        .object([
                            ("id", .accountID), ("facebook_id", .objectID), ("conversionEvent", conversionEvent),
                        ])
                    )
                ],
                headers: [.notKept]
            )
        ],
        errors: [.adAccountNotFound, .scopeInsufficient, .crossSite]
    )

    private static let account = OrderedJSON.object(
        [
            ("id", .accountID),
            ("facebook_id", .objectID),
            ("name", .string),
            ("currency", OrderedJSON.string.orNull.adding(["description": "ISO 4217; `null` until the first sync."])),
            ("time_zone", OrderedJSON.string.adding(["description": "The time zone of the account's days."])),
            ("status", .string.orNull),
            ("sync_status", .choice(["idle", "syncing", "error"])),
            ("sync_error", .string.orNull),
            ("last_synced_at", .moment.orNull),
            ("fresh", OrderedJSON.boolean.adding(["description": "Synced within `SYNC_INTERVAL_SECONDS`."])),
            ("role", .choice(Role.allCases.map(\.rawValue))),
            ("token_expires_at", .moment.orNull),
            (
                "token_problem",
                .string.orNull.adding(["description": "A problem that a person must solve, from 14 days in advance."])
            ),
            ("hold", hold),
            (
                "held_until",
                .moment.orNull.adding(["description": "When the hold ends; `null` if only a person can end it."])
            ),
            ("conversionEvent", conversionEvent),
            (
                "disable_reason",
                .string.orNull.adding(["description": "Why Facebook stopped the account, in its words."])
            ),
            ("balance", .number.orNull.adding(["description": "What is owed to Facebook."])),
            ("amount_spent", .number.orNull.adding(["description": "What counts towards `spend_cap`."])),
            ("spend_cap", .number.orNull.adding(["description": "The account's spending limit; `null` for none."])),
        ],
        // Missing if the account was connected between two queries.
        optional: [("totals", totals)]
    )

    private static let conversionEvent: OrderedJSON = [
        "type": "string",
        "pattern": .text("^(\(ConversionEvent.names.joined(separator: "|"))|\(CustomConversion.prefix)[0-9]{1,20})$"),
        "description": "What `conversions` counts.",
    ]

    static let customConversions = RouteDescription(
        "listCustomConversions",
        "List the custom conversions of an account",
        "Each of them is a field that the tables and `/api/insights` accept, under the name in `field`.",
        access: .viewer,
        parameters: [.adAccountID],
        answers: [
            Answer(
                status: 200,
                description: "The custom conversions that its ads had, or that Facebook lists.",
                content: [
                    (
                        "application/json",
                        .object([
                            (
                                "customConversions",
                                .list(
                                    of: .object([
                                        ("id", .string), ("field", .string),
                                        (
                                            "name",
                                            OrderedJSON.string.orNull.adding([
                                                "description": "`null` if Facebook does not list it."
                                            ])
                                        ),
                                        ("event", .string.orNull),
                                    ])
                                )
                            )
                        ])
                    )
                ],
                headers: [.notKept]
            )
        ],
        errors: [.adAccountIDRequired, .adAccountNotFound]
    )

    private static let totals = OrderedJSON.object(
        [("date_start", .day), ("date_end", .day)]
            + OrderedJSON.metrics(AccountTotals.names) + [("coverage", coverage)]
    )
}
