internal import Model
internal import Store

// Starting a sync, and the last syncs.

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

    /// The current sync, or the last one.
    static let run = OrderedJSON.object(
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

    private static let damagedValues = OrderedJSON.object(RunCounter.defects.map { ($0.name, .integer) })
        .adding(["description": "Damaged values in Facebook's responses, by kind."])
}
