internal import Model
internal import Store

extension RouteDescription {
    static let sync = RouteDescription(
        "syncAccount",
        "Start a sync of an account",
        """
        Never waits for the sync: `statusUrl` reports its progress. Needs the manager role. With the cron secret in place of a \
        person's token, the request does the same as `GET /api/sync` and needs no body. \
        A parameter `secret`, right or wrong, makes any request such a call.
        """,
        access: .manager,
        body: Body(
            schema: .object(
                [
                    (
                        "adAccountId",
                        [
                            "type": "string", "minLength": 1,
                            "description": "AdMirror's id of the account, or Facebook's with or without `act_`.",
                        ]
                    )
                ],
                optional: [
                    (
                        "force",
                        OrderedJSON.boolean.orNull.adding(["description": "Sync everything, even if the data is fresh."]
                        )
                    ),
                    (
                        "historyDays",
                        OrderedJSON.integer(in: Endpoints.historyDays).orNull.adding([
                            "description": """
                            How many days of the account's results to hold from now on, today included. Older days \
                            are read after current data. Without it, and at least: `INSIGHTS_HISTORY_DAYS`.
                            """
                        ])
                    ),
                ]
            ),
            examples: [("sync", ["adAccountId": "act_1569761797025413", "force": false])]
        ),
        answers: [
            Answer(
                status: 200,
                description: "No sync started, because the data is younger than the interval.",
                content: [
                    (
                        "application/json",
                        .object([
                            ("success", .constant(true)), ("status", .constant("skipped")),
                            ("reason", .constant("fresh")), ("lastSyncedAt", .moment.orNull), ("message", .string),
                        ])
                    )
                ],
                headers: [.notKept]
            ),
            Answer(
                status: 202,
                description: "A sync started, or is already running.",
                content: [
                    (
                        "application/json",
                        .object([
                            ("success", .constant(true)), ("status", .choice(["started", "running"])),
                            ("syncRunId", .accountID), ("message", .string), ("statusUrl", .string),
                        ])
                    )
                ],
                headers: [.notKept]
            ),
        ],
        errors: [
            .adAccountIDNotSent, .adAccountNotFound, .facebookTokenExpired(nil), .rateLimited(seconds: 300),
            .syncUnavailable, .cronSecretInvalid,
        ]
    )

    static let cron = RouteDescription(
        "syncDueAccounts",
        "Start a sync of every account that is due",
        """
        For cron services. The secret is the parameter `secret`, `Authorization: Bearer`, or the password of Basic \
        authentication with any user name. `POST` does the same. Calls that overlap are harmless: an account that is being \
        synced is skipped.
        """,
        access: .cronSecret,
        answers: [
            Answer(
                status: 202,
                description: "The started syncs, and why the others did not start.",
                content: [("application/json", dueAnswer)],
                headers: [.notKept]
            ),
            Answer(
                status: 503,
                description:
                    "Syncs are due, but their process did not start: `success` is false, `errors` has the reason.",
                content: [("application/json", dueAnswer)],
                headers: [.notKept]
            ),
        ]
    )

    private static let dueAnswer = OrderedJSON.object([
        ("success", .boolean), ("message", .string), ("due", .integer), ("started", .list(of: .accountID)),
        (
            "skipped",
            .list(
                of: .object([
                    ("id", .accountID),
                    ("reason", .choice(["running", "fresh"] + Hold.Reason.allCases.map { $0.rawValue.lowercased() })),
                ])
            )
        ),
        ("errors", .list(of: .string)),
    ])

    static let cronProbe = RouteDescription(
        "probeCronSecret",
        "Check the cron secret",
        "For monitors. Starts nothing.",
        access: .cronSecret,
        answers: [Answer(status: 200, description: "It is.", headers: [.notKept])]
    )

    static let syncStatus = RouteDescription(
        "getSyncStatus",
        "Get the freshness of an account, and its current sync",
        access: .viewer,
        parameters: [.adAccountID],
        answers: [
            Answer(
                status: 200,
                description: "The state of the account.",
                content: [("application/json", status)],
                headers: [.notKept]
            )
        ],
        errors: [.adAccountIDRequired, .adAccountNotFound]
    )

    private static let status = OrderedJSON.object([
        ("adAccountId", .accountID),
        ("syncStatus", .choice(["idle", "syncing", "error"])),
        ("lastSyncedAt", .moment.orNull),
        ("syncError", .string.orNull),
        ("fresh", .boolean),
        (
            "nextSyncAt",
            .moment.orNull.adding(["description": "`null` means now, or once a person has ended the hold."])
        ),
        ("hold", hold),
        (
            "progress",
            OrderedJSON.object([
                ("phase", .choice(["waiting"] + SyncRun.Phase.allCases.map(\.rawValue))), ("done", .integer),
                ("total", .integer), ("percent", .integer(in: 0...100)),
            ]).orNull
        ),
        ("history", history),
        ("token", token),
        ("unavailable", .list(of: unavailable)),
        (
            "damagedObjects",
            .integer.adding(["description": "Objects with values that arrived damaged; they are read again."])
        ),
        ("run", run.orNull),
        ("freshness", .object(["campaigns", "adSets", "ads"].map { ($0, freshness) })),
        ("listings", .object(["campaigns", "adSets", "ads"].map { ($0, listing) })),
        ("parts", PartSchemas.parts),
    ])

    static let hold = OrderedJSON.choice(Hold.Reason.allCases.map(\.rawValue)).orNull
        .adding(["description": "Why the account does not sync automatically."])

    private static let history = OrderedJSON.object([
        ("days", .integer.adding(["description": "Days of results to hold, today included."])),
        ("from", .day.adding(["description": "The first of them."])),
        ("held", .integer.adding(["description": "The number of days that are held."])),
        ("warnings", OrderedJSON.list(of: .string).adding(["description": "Why some cannot be read."])),
    ])

    /// The state of the account's token, as Facebook returned it within the last day.
    private static let token = OrderedJSON.object([
        ("expiresAt", .moment.orNull), ("missingPermissions", .list(of: .string)),
        (
            "problem",
            .string.orNull.adding(["description": "A problem that a person must solve, from 14 days in advance."])
        ),
    ])

    /// The current sync, or the last one.
    private static let run = OrderedJSON.object(
        [
            ("id", .accountID),
            ("trigger", .choice(SyncRun.Trigger.allCases.map(\.rawValue))),
            ("requestedAt", .moment.orNull),
            ("startedAt", .moment.orNull),
            ("finishedAt", .moment.orNull),
            ("outcome", OrderedJSON.choice(SyncRun.Outcome.allCases.map(\.rawValue)).orNull),
            ("error", .string.orNull),
        ]
            + RunCounter.all.map { ($0.name, .integer) }
            + [("damagedValues", damagedValues), ("warnings", .list(of: .string))]
    )

    static let syncRuns = RouteDescription(
        "listSyncRuns",
        "List the last syncs of an account",
        "Newest first, including a running one.",
        access: .viewer,
        parameters: [
            .adAccountID,
            Parameter(
                name: "limit",
                description: "Number of runs; the default is \(Endpoints.runLimits.usual).",
                schema: .integer(in: Endpoints.runLimits.all),
                example: "10"
            ),
        ],
        answers: [
            Answer(
                status: 200,
                description: "The runs.",
                content: [("application/json", .object([("runs", .list(of: run))]))],
                headers: [.notKept]
            )
        ],
        errors: [
            .adAccountIDRequired, .adAccountNotFound, .parameterInvalid("limit", "is not a whole number from 1 to 500"),
        ]
    )

    private static let unavailable = OrderedJSON.object([
        ("metric", .string), ("level", .choice(["campaign", "adset", "ad", "account_day", "ad_day"])),
        ("since", .moment.orNull), ("reason", .string),
    ]).adding(["description": "A field that Facebook refuses. A metric is null."])

    private static let damagedValues = OrderedJSON.object(RunCounter.defects.map { ($0.name, .integer) })
        .adding(["description": "Damaged values in Facebook's responses, by kind."])

    private static let freshness = OrderedJSON.object(
        ["total", "fresh", "neverSynced"].map { ($0, .integer) }
    )

    /// How complete Facebook's listing of a level is.
    private static let listing = OrderedJSON.object([
        ("complete", .boolean),
        ("unlisted", OrderedJSON.integer.adding(["description": "Objects that Facebook counts but did not list."])),
        (
            "deletionsToConfirm",
            OrderedJSON.integer.adding([
                "description": "Objects that Facebook no longer lists, but whose deletion is not confirmed."
            ])
        ),
    ])

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

extension RouteDescription.Header {
    /// No cache may store the response.
    static let notKept = Self(name: "Cache-Control", description: "`no-store`")
}
