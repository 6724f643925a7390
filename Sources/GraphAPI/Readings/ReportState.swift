internal import Model

/// The progress of a report: `{"async_status":"Job Running","async_percent_completion":40}`.
struct ReportState {
    let status: String
    /// 0 to 100; `nil` when Facebook does not say so in a form that can be read.
    let percent: Int?
    /// Absent when false.
    let isRunning: Bool
    /// Why it failed, as far as Facebook says so: from v25.0 on.
    let facts: ErrorFacts

    init(_ document: WireValue) throws(GraphError) {
        guard let status = document["async_status"].flatMap(WireRow.text) else {
            throw .unreadable("Facebook's response cannot be read: the report has no status")
        }
        self.status = status
        percent = document["async_percent_completion"].flatMap(WireRow.count).flatMap { $0 <= 100 ? $0 : nil }
        isRunning = document["is_running"] == .bool(true)
        facts = ErrorFacts(document)
    }

    /// "Completed" is not enough beside a smaller percentage, or while it is still running.
    var isComplete: Bool { status == "Job Completed" && (percent ?? 100) >= 100 && !isRunning }

    var hasFailed: Bool { status == "Job Failed" }
    var isSkipped: Bool { status == "Job Skipped" }

    /// Why Facebook could not make the report. A limit, a dead token and a refusal are what they are in any answer; whatever
    /// else it was, a smaller report may succeed.
    /// - Parameter path: what the report is about, without the version.
    func failure(of path: String, hiding secrets: [String]) -> GraphError {
        let judged = GraphError.Kind.judge(facts, status: 200)
        let kind: GraphError.Kind =
            switch judged {
            case .rateLimited, .tokenInvalid, .appRefused, .permissionMissing, .fieldRefused: judged
            default: .tooSlow
            }
        return GraphError(
            facts,
            kind: kind,
            status: 200,
            hiding: secrets,
            otherwise: "Facebook could not create a report of \(path)"
        )
    }
}
