internal import Model
internal import Store

extension RouteDescription {
    static let sync = RouteDescription(
        "syncAccount",
        "Start a sync of an account",
        """
        Never waits for the sync: `statusUrl` reports its progress. Needs the manager role. With the cron secret in place of a \
        person's token, the request does and answers what `GET /api/sync` does, and needs no body.
        """,
        access: .manager,
        body: Body(
            schema: .object(
                [
                    (
                        "adAccountId",
                        [
                            "type": "string", "minLength": 1,
                            "description": "The account's own id, or its Facebook id with or without `act_`.",
                        ]
                    )
                ],
                optional: [
                    ("force", JSONValue.boolean.orNull.adding(["description": "Sync even what is fresh, all of it."])),
                    (
                        "historyDays",
                        JSONValue.integer(in: Endpoints.historyDays).orNull.adding([
                            "description": """
                            For how many days, today included, the account's results are held from now on. Older days \
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
                description: "Nothing was started: the data is younger than the interval.",
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
                description: "A sync was started, or is under way already.",
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
                description: "Which syncs were started, and why the others were not.",
                content: [("application/json", dueAnswer)],
                headers: [.notKept]
            ),
            Answer(
                status: 503,
                description:
                    "Syncs are due, but their process cannot be started: `success` is false, `errors` says why.",
                content: [("application/json", dueAnswer)],
                headers: [.notKept]
            ),
        ]
    )

    private static let dueAnswer = JSONValue.object([
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
        "Whether the cron secret is right",
        "As monitors ask. Starts nothing.",
        access: .cronSecret,
        answers: [Answer(status: 200, description: "It is.", headers: [.notKept])]
    )

    static let syncStatus = RouteDescription(
        "getSyncStatus",
        "How fresh an account is, and the sync under way",
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

    private static let status = JSONValue.object([
        ("adAccountId", .accountID),
        ("syncStatus", .choice(["idle", "syncing", "error"])),
        ("lastSyncedAt", .moment.orNull),
        ("syncError", .string.orNull),
        ("fresh", .boolean),
        ("nextSyncAt", .moment.orNull.adding(["description": "`null`: now, or once somebody has ended the hold."])),
        ("hold", hold),
        (
            "progress",
            JSONValue.object([
                ("phase", .choice(["waiting"] + SyncRun.Phase.allCases.map(\.rawValue))), ("done", .integer),
                ("total", .integer), ("percent", .integer(in: 0...100)),
            ]).orNull
        ),
        ("history", history),
        ("token", token),
        ("unavailable", .list(of: unavailable)),
        (
            "damagedObjects",
            .integer.adding(["description": "Objects with values that Facebook sent damaged; they are read again."])
        ),
        ("run", run.orNull),
        ("freshness", .object(["campaigns", "adSets", "ads"].map { ($0, freshness) })),
        ("listings", .object(["campaigns", "adSets", "ads"].map { ($0, listing) })),
        ("parts", PartSchemas.parts),
    ])

    static let hold = JSONValue.choice(Hold.Reason.allCases.map(\.rawValue)).orNull
        .adding(["description": "Why nothing syncs the account by itself."])

    private static let history = JSONValue.object([
        ("days", .integer.adding(["description": "Days of results to hold, today included."])),
        ("from", .day.adding(["description": "The first of them."])),
        ("held", .integer.adding(["description": "How many of them are held."])),
        ("warnings", JSONValue.list(of: .string).adding(["description": "Why some cannot be read."])),
    ])

    /// What Facebook told of the account's token, at most a day ago.
    private static let token = JSONValue.object([
        ("expiresAt", .moment.orNull), ("missingPermissions", .list(of: .string)),
        ("problem", .string.orNull.adding(["description": "What somebody should see to, from 14 days ahead."])),
    ])

    /// The sync under way, or the last one.
    private static let run = JSONValue.object(
        [
            ("id", .accountID),
            ("trigger", .choice(SyncRun.Trigger.allCases.map(\.rawValue))),
            ("requestedAt", .moment.orNull),
            ("startedAt", .moment.orNull),
            ("finishedAt", .moment.orNull),
            ("outcome", JSONValue.choice(SyncRun.Outcome.allCases.map(\.rawValue)).orNull),
            ("error", .string.orNull),
        ]
            + [
                "campaigns", "adSets", "ads", "insights", "apiCalls", "rowsChanged", "rowsGone", "retries", "waits",
            ].map { ($0, .integer) }
            + [("damagedValues", damagedValues), ("warnings", .list(of: .string))]
    )

    static let syncRuns = RouteDescription(
        "listSyncRuns",
        "What the last syncs of an account did",
        "Newest first, the one under way among them.",
        access: .viewer,
        parameters: [
            .adAccountID,
            Parameter(
                name: "limit",
                description: "How many; without it \(Endpoints.runLimits.usual).",
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

    private static let unavailable = JSONValue.object([
        ("metric", .string), ("level", .choice(["campaign", "adset", "ad", "account_day", "ad_day"])),
        ("since", .moment.orNull), ("reason", .string),
    ]).adding(["description": "A field that Facebook refuses. As a metric it is null."])

    private static let damagedValues = JSONValue.object(["repaired", "unknown", "leftOut"].map { ($0, .integer) })
        .adding(["description": "Values in Facebook's answers that could not be taken as they came, by kind."])

    private static let freshness = JSONValue.object(
        ["total", "fresh", "neverSynced"].map { ($0, .integer) }
    )

    /// How completely Facebook has listed a level.
    private static let listing = JSONValue.object([
        ("complete", .boolean),
        ("unlisted", JSONValue.integer.adding(["description": "Objects that Facebook counts and did not list."])),
        (
            "deletionsToConfirm",
            JSONValue.integer.adding([
                "description": "Objects that Facebook no longer lists, and that are not known to be deleted."
            ])
        ),
    ])

    static let revalidate = RouteDescription(
        "revalidate",
        "Have the next read come from the database",
        """
        On every nginx host, within a second. A sync that changed anything does the same by itself. Needs the manager role; a \
        path without an account means all accounts of which the caller is a manager.
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
                description: "What is revalidated: a tag for each account.",
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
    private static let tag: JSONValue = [
        "type": "string",
        "pattern": .text(
            "^(?:\(kinds))-(?:(?:act_)?[0-9]{1,20}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"
        ),
        "description": "A kind of list and an account.",
    ]
    private static let path: JSONValue = [
        "type": "string",
        "pattern": .text("^/api/(?:\(kinds))(?:\\?[ -~]*)?$"),
        "description": "A route, with `?adAccountId=` for one account.",
    ]
}

extension RouteDescription.Header {
    /// No cache may keep the answer.
    static let notKept = Self(name: "Cache-Control", description: "`no-store`")
}
