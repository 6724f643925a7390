import ArgumentParser
import Program
import Store

struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show who did what, and from where: sign-ins, refusals, roles, tokens, manual syncs.",
        discussion: """
            Newest first. Rows of its table, audit_events, cannot be changed or removed until they are old enough to be \
            pruned. An unknown person is shown as -.
            """
                + examples([
                    "admirror audit --limit 20": "The latest events.", "admirror audit --json": "For a program.",
                ])
    )

    @Option(help: "Maximum number of events.")
    var limit = 100

    @Flag(help: "Print JSON.")
    var json = false

    private struct Line: Encodable {
        let at: String
        let event: String
        let actor: String?
        let address: String
        let account: String?
        let detail: String
    }

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 1000000.") }
    }

    func run() throws {
        try Operator.run {
            let lines = try Operator.store(try Operator.settings()).auditEvents(limit: limit).map {
                Line(
                    at: $0.at,
                    event: $0.event,
                    actor: $0.actor,
                    address: $0.address,
                    account: $0.facebookAccountID,
                    detail: $0.detail
                )
            }
            guard !json else { return try Output.json(lines) }
            Output.table(
                ["AT", "EVENT", "WHO", "FROM", "ACCOUNT", "DETAIL"],
                lines.map {
                    [Output.moment($0.at), $0.event, $0.actor ?? "-", $0.address, $0.account ?? "-", $0.detail]
                }
            )
        }
    }
}
