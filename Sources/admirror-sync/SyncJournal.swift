import Logging
import Model
import Store
import SyncEngine

/// Turns what happens in a run into log lines: one for each phase, not one for each page.
final class SyncJournal {
    private let log = Logger(label: "admirror-sync")

    func note(_ text: String, _ account: AdAccount) {
        log.info("\(text)", metadata: ["account": "\(account.facebookID)"])
    }

    func report(_ event: SyncEvent) {
        switch event {
        case .started(let run):
            log.info("sync started", metadata: facts(run) + ["trigger": "\(run.trigger.rawValue)"])
        case .progressed:
            break  // for those who look at the run's row
        case .read(let run, let list, let rows, let seconds):
            log.info(
                "sync phase",
                metadata: facts(run) + [
                    "phase": "\(list.rawValue)", "rows": "\(rows)", "milliseconds": "\(Int(seconds * 1000))",
                ]
            )
        case .warned(let run, let text):
            log.warning("sync warning", metadata: facts(run) + ["warning": "\(text)"])
        case .retrying(let run, let error, let seconds):
            log.info(
                "sync retries",
                metadata: facts(run) + ["error": "\(error)", "after": "\(Int(seconds.rounded()))"]
            )
        case .committed(let run, let summary):
            log.info(
                "sync phase",
                metadata: facts(run) + [
                    "phase": "saved", "changed": "\(summary.rowsChanged)", "gone": "\(summary.rowsGone)",
                ]
            )
        case .finished(let run, let summary):
            log.info("sync finished", metadata: facts(run) + counts(summary))
        case .failed(let run, let error):
            log.error("sync failed", metadata: facts(run) + ["error": "\(error)"])
        case .interrupted(let run):
            log.warning("sync interrupted", metadata: facts(run))
        case .lost(let run, let error):
            log.error("the sync lost its database connection", metadata: facts(run) + ["error": "\(error)"])
        }
    }

    private func counts(_ summary: RunSummary) -> Logger.Metadata {
        let counts = RunCounter.all.compactMap { counter in
            counter.logName.map { ($0, Logger.MetadataValue.string("\(summary[counter])")) }
        }
        return Logger.Metadata(counts) { first, _ in first }
    }

    private func facts(_ run: ClaimedRun) -> Logger.Metadata {
        ["account": "\(run.account.facebookID)", "run": "\(run.id)"]
    }
}

private func + (one: Logger.Metadata, other: Logger.Metadata) -> Logger.Metadata {
    one.merging(other) { _, new in new }
}
