internal import Model
internal import Store

/// The age and the gaps of each part of an account: a member of `GET /api/sync/status`.
enum PartSchemas {
    static let parts = OrderedJSON.object(objects + totals + days)

    private static let objects: [(String, OrderedJSON)] = Level.allCases.map {
        ($0.objectsMember, .object(part))
    }
    private static let totals: [(String, OrderedJSON)] = Level.allCases.map {
        ($0.totalsMember, .object(part + range + [("missingCampaigns", missingCampaigns)]))
    }
    private static let days: [(String, OrderedJSON)] = [
        ("accountDays", .object(part + range)),
        ("adDays", .object(part + range + [("missing", .list(of: missingDays)), ("filling", filling)])),
    ]

    private static let filling = OrderedJSON.object([("from", .day), ("to", .day)]).orNull.adding([
        "description": "The days whose newer metrics are still being derived from what is stored; `null` when all are."
    ])

    private static let missingCampaigns = OrderedJSON.list(of: .string).adding([
        "description": "Facebook did not return the totals of these campaigns' objects."
    ])
    private static let part: [(String, OrderedJSON)] = [
        ("syncedAt", OrderedJSON.moment.orNull.adding(["description": "When it was last stored; `null` if never."])),
        ("error", OrderedJSON.string.orNull.adding(["description": "Why the last attempt failed, at least in part."])),
    ]
    private static let range: [(String, OrderedJSON)] = [
        ("from", OrderedJSON.day.orNull), ("to", OrderedJSON.day.orNull),
    ]

    private static let missingDays = OrderedJSON.object([
        ("from", .day), ("to", .day),
        (
            "state",
            OrderedJSON.choice(SyncParts.MissingDays.State.allCases.map(\.rawValue)).adding([
                "description":
                    "`unread`: the ads of these days were never read. `partial`: they do not add up to the account's figures."
            ])
        ),
        ("error", .string.orNull),
        (
            "campaigns",
            OrderedJSON.list(of: .string).adding(["description": "The campaigns that could not be read, if known."])
        ),
    ])
}
