internal import Model
internal import Store

extension RouteDescription {
    static let adAccounts = RouteDescription(
        "listAdAccounts",
        "The accounts that the caller may see",
        "With the sums of some days for an overview: of the last 30, unless `from` or `to` say otherwise.",
        access: .viewer,
        parameters: [from, to],
        answers: [
            Answer(
                status: 200,
                description: "The accounts.",
                content: [("application/json", .object([("adAccounts", .list(of: account))]))],
                headers: [
                    Header(name: "Cache-Control", description: "`private, no-cache`"),
                    Header(name: "Vary", description: "What the answer depends on beside the address."),
                ]
            )
        ],
        errors: [
            .parameterInvalid("from", "is neither a day such as 2026-03-12 nor a time such as 2026-03-12T22:02:47Z"),
            reversedRange,
        ]
    )

    private static let account = JSONValue.object(
        [
            ("id", .accountID),
            ("facebook_id", .objectID),
            ("name", .string),
            ("currency", JSONValue.string.orNull.adding(["description": "ISO 4217; `null` until the first sync."])),
            ("time_zone", JSONValue.string.adding(["description": "The zone in which the account counts its days."])),
            ("status", .string.orNull),
            ("sync_status", .choice(["idle", "syncing", "error"])),
            ("sync_error", .string.orNull),
            ("last_synced_at", .moment.orNull),
            ("fresh", JSONValue.boolean.adding(["description": "Synced within `SYNC_INTERVAL_SECONDS`."])),
            ("role", .choice(Role.allCases.map(\.rawValue))),
            ("token_expires_at", .moment.orNull),
            (
                "token_problem",
                .string.orNull.adding(["description": "What somebody should see to, from 14 days ahead."])
            ),
            ("hold", hold),
            (
                "held_until",
                .moment.orNull.adding(["description": "When the hold ends; `null` when only a person can end it."])
            ),
        ],
        // Missing when the account was connected between two queries.
        optional: [("totals", totals)]
    )

    private static let totals = JSONValue.object(
        [("date_start", .day), ("date_end", .day)]
            + AccountTotals.names.map { ($0, .number.orNull) } + [("coverage", coverage)]
    )

    static let openAPI = RouteDescription(
        "getDescription",
        "This description, for programs",
        "OpenAPI 3.1.",
        access: .everybody,
        answers: [
            Answer(
                status: 200,
                description: "The document.",
                content: [("application/json", .object([("openapi", .string), ("paths", ["type": "object"])]))],
                headers: [keptForMinutes]
            )
        ]
    )

    static let documentation = RouteDescription(
        "getDocumentation",
        "This description, for people",
        access: .everybody,
        answers: [
            Answer(status: 200, description: "A page.", content: [("text/html", .string)], headers: [keptForMinutes])
        ]
    )

    private static let keptForMinutes = Header(name: "Cache-Control", description: "`public, max-age=300`")

    static let liveness = RouteDescription(
        "getLiveness",
        "Whether the process answers",
        access: .everybody,
        answers: [alive]
    )

    static let readiness = RouteDescription(
        "getReadiness",
        "Whether the database answers, and its schema is the one this program knows",
        access: .everybody,
        answers: [alive],
        errors: [.databaseUnavailable, .schemaUnknown]
    )

    static let metrics = RouteDescription(
        "getMetrics",
        "How the service is, for Prometheus",
        "Whoever asks from the host itself needs no access token, unless a proxy on it stands between.",
        access: .person,
        answers: [
            Answer(
                status: 200,
                description: "Metrics in Prometheus' text format.",
                content: [(MetricsText.contentType, .string)],
                headers: [.notKept]
            )
        ]
    )

    private static let alive = Answer(
        status: 200,
        description: "It does.",
        content: [("application/json", .object([("ok", .constant(true))]))],
        headers: [.notKept]
    )
}
