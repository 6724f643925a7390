import Logging
import Model
import Store
import SyncEngine

/// Turns what happens in a run into log lines: one for each phase, not one for each page.
final class SyncJournal {
    private let log = Logger(label: "admirror-sync")
    private var phase: SyncRun.Phase?

    func note(_ text: String, _ account: AdAccount) {
        log.info("\(text)", metadata: ["account": "\(account.facebookID)"])
    }

    func tell(_ event: SyncEvent) {
        switch event {
        case .started(let run):
            phase = nil
            log.info("sync started", metadata: facts(run) + ["trigger": "\(run.trigger.rawValue)"])
        case .progressed(let run, let progress):
            guard progress.phase != phase else { return }
            phase = progress.phase
            log.info("sync phase", metadata: facts(run) + ["phase": "\(progress.phase.rawValue)"])
        case .warned(let run, let text):
            log.warning("sync warning", metadata: facts(run) + ["warning": "\(text)"])
        case .finished(let run, let tally, let days):
            log.info(
                "sync finished",
                metadata: facts(run) + [
                    "campaigns": "\(tally.campaigns)", "ad_sets": "\(tally.adSets)", "ads": "\(tally.ads)",
                    "insights": "\(tally.insights)", "changed": "\(tally.rowsChanged)", "calls": "\(tally.apiCalls)",
                    "since": "\(days.since)", "until": "\(days.until)",
                ]
            )
        case .failed(let run, let error):
            log.error("sync failed", metadata: facts(run) + ["error": "\(error)"])
        case .interrupted(let run):
            log.warning("sync interrupted", metadata: facts(run))
        case .lost(let run, let error):
            log.error("sync lost the database", metadata: facts(run) + ["error": "\(error)"])
        }
    }

    private func facts(_ run: ClaimedRun) -> Logger.Metadata {
        ["account": "\(run.account.facebookID)", "run": "\(run.id)"]
    }
}

private func + (one: Logger.Metadata, other: Logger.Metadata) -> Logger.Metadata {
    one.merging(other) { _, new in new }
}
