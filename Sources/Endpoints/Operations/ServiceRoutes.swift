// Health and metrics.

extension RouteDescription {
    static let liveness = RouteDescription(
        "getLiveness",
        "Check that the process responds",
        access: .everybody,
        answers: [alive]
    )

    static let readiness = RouteDescription(
        "getReadiness",
        "Check that the database responds with the schema of this program",
        access: .everybody,
        answers: [alive],
        errors: [.databaseUnavailable, .schemaUnknown]
    )

    static let metrics = RouteDescription(
        "getMetrics",
        "Get metrics for Prometheus",
        "Requests from the host itself need no access token, unless they come through a proxy.",
        access: .person,
        answers: [
            Answer(
                status: 200,
                description: "Metrics in the text format of Prometheus.",
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
