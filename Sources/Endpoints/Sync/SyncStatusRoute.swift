internal import Model
internal import Store

// The freshness of an account.

extension RouteDescription {
    static let syncStatus = RouteDescription(
        "getSyncStatus",
        "Get the freshness of an account, and its current sync",
        access: .viewer,
        parameters: [.adAccountID],
        answers: [
            Answer(
                status: 200,
                description: "The state of the account.",
                content: [("application/json", state)],
                headers: [.notKept]
            )
        ],
        errors: [.adAccountIDRequired, .adAccountNotFound]
    )

    private static let state = OrderedJSON.object([
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
        ("freshness", .object(Level.allCases.map { ($0.objectsMember, freshness) })),
        ("listings", .object(Level.allCases.map { ($0.objectsMember, listing) })),
        ("parts", PartSchemas.parts),
        ("creatives", creativeFigures),
    ])

    private static let creativeFigures = OrderedJSON.object([
        ("total", .integer.adding(["description": "Creatives of the account's ads."])), ("read", .integer),
        ("withPicture", .integer),
        (
            "failed",
            .integer.adding(["description": "Those that could not be read, or whose picture could not be stored."])
        ),
        ("error", .string.orNull.adding(["description": "The most frequent reason."])),
        ("nextTryAt", .moment.orNull),
        ("bytes", .integer.adding(["description": "Size of the account's pictures."])),
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

    private static let unavailable = OrderedJSON.object([
        ("metric", .string), ("level", .choice(["campaign", "adset", "ad", "account_day", "ad_day"])),
        ("since", .moment.orNull), ("reason", .string),
    ]).adding(["description": "A field that Facebook refuses. A metric is null."])

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
}
