internal import Model
internal import Store

// The cron URL.

extension RouteDescription {
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
}
