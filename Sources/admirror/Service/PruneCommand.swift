import ArgumentParser
import Program
import Store

struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Remove data that is older than its retention: results of ads, sync runs and audit events.",
        discussion: """
            INSIGHTS_RETENTION_DAYS, SYNC_RUNS_RETENTION_DAYS and AUDIT_RETENTION_DAYS say how many days stay. It may run at any time and be \
            interrupted: the next call continues. The last sync of each account stays. \
            Each sync removes changes of names and budgets that are older than CHANGES_RETENTION_DAYS.
            """
                + examples([
                    "admirror prune --dry-run": "Look first.",
                    "admirror prune": "Count what the nightly timer removes.",
                ])
    )

    @Flag(help: "Only count what would be removed.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    private struct Line: Encodable {
        let removed: Bool
        let insights: Int
        let syncRuns: Int
        let audit: Int
        let creatives: Int
    }

    func run() throws {
        try Operator.run {
            let settings = try Operator.settings()
            let retention = Retention(
                insights: settings.insightsRetention,
                syncRuns: settings.syncRunsRetention,
                audit: settings.auditRetention
            )
            let store = Store(Operator.patientOptions(settings))
            let pruned = try dryRun ? store.prunable(retention) : prune(store, retention)
            guard !json else {
                return try Output.json(
                    Line(
                        removed: !dryRun,
                        insights: pruned.insights,
                        syncRuns: pruned.syncRuns,
                        audit: pruned.audit,
                        creatives: pruned.creatives
                    )
                )
            }
            let verb = dryRun ? "would remove" : "removed"
            print("\(verb) \(pruned.insights) results older than \(retention.insights) days")
            print("\(verb) \(pruned.syncRuns) syncs older than \(retention.syncRuns) days")
            print("\(verb) \(pruned.creatives) creatives and pictures that no ad has")
            print("\(verb) \(pruned.audit) lines of the audit older than \(retention.audit) days")
        }
    }

    private func prune(_ store: Store, _ retention: Retention) throws -> PrunedRows {
        guard isTerminal(.error) else { return try store.prune(retention) }
        var bar = ProgressBar()
        defer { bar.finish() }
        return try store.prune(retention) { done, total in
            bar.draw(percent: done * 100 / total, "ad accounts \(done)/\(total)")
        }
    }
}
