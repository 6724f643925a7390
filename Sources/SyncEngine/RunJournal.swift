internal import GraphAPI
internal import Model
internal import Store

/// Keeps the account of one run: what it has done so far, and how far it is.
final class RunJournal {
    let run: ClaimedRun
    var tally = SyncTally()
    var progress = RunProgress()
    private let now: () -> Double
    private let report: (SyncEvent) -> Void

    init(_ run: ClaimedRun, now: @escaping () -> Double, report: @escaping (SyncEvent) -> Void) {
        self.run = run
        self.now = now
        self.report = report
    }

    var moment: Timestamp { Timestamp(seconds: Int(now())) }

    func tell(_ event: SyncEvent) {
        report(event)
    }

    func warn(_ text: String) {
        tally.warnings.append(text)
        report(.warned(run, text))
    }

    /// Takes what a client tells of its calls.
    func take(_ event: GraphEvent) {
        switch event {
        case .retrying(let error, let seconds):
            tally.retries += 1
            report(.retrying(run, "\(error)", afterSeconds: seconds))
        case .adapted(let path, .withoutField(let field), let error):
            warn("\(path) is read without the field \(field), which Facebook refuses: \(error)")
        case .adapted(_, _, let error):
            tally.retries += 1
            report(.retrying(run, "\(error)", afterSeconds: 0))
        case .slowedDown(let seconds):
            tally.waits += 1
            tally.waitSeconds += seconds
        case .warned(let text):
            warn(text)
        }
    }

    // MARK: Phases

    func begin(_ name: String) {
        tally.phases.append(SyncTally.Phase(name: name, startedAt: now()))
    }

    func count(_ name: String, rows: Int) {
        guard let place = tally.phases.lastIndex(where: { $0.name == name }) else { return }
        tally.phases[place].rows += rows
    }

    /// - Returns: how many seconds it took.
    @discardableResult
    func end(_ name: String) -> Double {
        guard let place = tally.phases.lastIndex(where: { $0.name == name }) else { return 0 }
        tally.phases[place].finishedAt = now()
        return now() - tally.phases[place].startedAt
    }
}
