internal import GraphAPI
internal import Model
internal import Store

/// Keeps the account of one run: what it has done so far, and how far it is.
final class RunJournal {
    let run: ClaimedRun
    var summary = RunSummary()
    var progress = RunProgress()
    private let now: () -> Double
    let report: (SyncEvent) -> Void

    init(_ run: ClaimedRun, now: @escaping () -> Double, report: @escaping (SyncEvent) -> Void) {
        self.run = run
        self.now = now
        self.report = report
    }

    var moment: Timestamp { Timestamp(seconds: Int(now())) }

    /// Counts what could not be taken as it came. The first few are named in warnings.
    func note(_ defects: [Defect]) {
        for defect in defects {
            summary.defects[defect.kind] += 1
            guard summary.defects.all <= RunSummary.namedDefects else { continue }
            warn("\(defect)")
        }
    }

    /// Records a warning, once for each text.
    func warn(_ text: String) {
        guard !summary.warnings.contains(text) else { return }
        summary.warnings.append(text)
        report(.warned(run, text))
    }

    /// Receives the events of a client's calls.
    func take(_ event: GraphEvent) {
        switch event {
        case .retrying(let error, let seconds):
            summary.retries += 1
            report(.retrying(run, "\(error)", afterSeconds: seconds))
        case .adapted(let path, .withoutFields(let names), let error):
            let names = names.sorted()
            warn(
                "\(path) is read without the field\(names.count == 1 ? "" : "s") \(names.joined(separator: ", ")), "
                    + "which Facebook refuses: \(error)"
            )
        case .adapted(_, _, let error):
            summary.retries += 1
            report(.retrying(run, "\(error)", afterSeconds: 0))
        case .slowedDown(let seconds):
            summary.waits += 1
            summary.waitSeconds += seconds
        case .warned(let text):
            warn(text)
        }
    }

    // MARK: Phases

    func begin(_ name: String) {
        summary.phases.append(RunSummary.Phase(name: name, startedAt: now()))
    }

    func count(_ name: String, rows: Int) {
        guard let place = summary.phases.lastIndex(where: { $0.name == name }) else { return }
        summary.phases[place].rows += rows
    }

    /// - Returns: how many seconds it took.
    @discardableResult
    func end(_ name: String) -> Double {
        guard let place = summary.phases.lastIndex(where: { $0.name == name }) else { return 0 }
        summary.phases[place].finishedAt = now()
        return now() - summary.phases[place].startedAt
    }
}
