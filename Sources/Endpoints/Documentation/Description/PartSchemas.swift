internal import Model
internal import Store

/// The age and the gaps of each part of an account: a member of `GET /api/sync/status`.
enum PartSchemas {
    static let parts = JSONValue.object(objects + totals + days)

    private static let objects: [(String, JSONValue)] = SyncPartsAnswer.objects.map { name, _ in
        (name, .object(part))
    }
    private static let totals: [(String, JSONValue)] = SyncPartsAnswer.totals.map { name, _ in
        (name, .object(part + range + [("missingCampaigns", missingCampaigns)]))
    }
    private static let days: [(String, JSONValue)] = [
        ("accountDays", .object(part + range)),
        ("adDays", .object(part + range + [("missing", .list(of: missingDays))])),
    ]

    private static let missingCampaigns = JSONValue.list(of: .string).adding([
        "description": "Facebook did not return the totals of these campaigns' objects."
    ])
    private static let part: [(String, JSONValue)] = [
        ("syncedAt", JSONValue.moment.orNull.adding(["description": "When it was last stored; `null` if never."])),
        ("error", JSONValue.string.orNull.adding(["description": "Why the last attempt failed, at least in part."])),
    ]
    private static let range: [(String, JSONValue)] = [("from", JSONValue.day.orNull), ("to", JSONValue.day.orNull)]

    private static let missingDays = JSONValue.object([
        ("from", .day), ("to", .day),
        (
            "state",
            JSONValue.choice(SyncParts.MissingDays.State.allCases.map(\.rawValue)).adding([
                "description":
                    "`unread`: the ads of these days were never read. `partial`: they do not add up to the account's figures."
            ])
        ),
        ("error", .string.orNull),
        (
            "campaigns",
            JSONValue.list(of: .string).adding(["description": "The campaigns that could not be read, if known."])
        ),
    ])
}
