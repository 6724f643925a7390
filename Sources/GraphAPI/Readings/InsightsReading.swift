/// Reads insights as a list, and falls back to a report when Facebook cannot answer at once ("try sync first, then async
/// when sync times out": Meta, insights, best practices).
package final class InsightsReading<Value>: GraphReading {
    private let pages: ListReading<Value>
    private let makeReport: (_ refusedFields: Set<String>) -> ReportReading<Value>
    private let restarted: () throws -> Void
    private var report: ReportReading<Value>?
    /// Facebook makes no report either: what is left is smaller pages.
    private var hasNoReport = false

    init(
        _ pages: ListReading<Value>,
        report makeReport: @escaping (_ refusedFields: Set<String>) -> ReportReading<Value>,
        restarted: @escaping () throws -> Void
    ) {
        self.pages = pages
        self.makeReport = makeReport
        self.restarted = restarted
    }

    private var current: any GraphReading { report ?? pages }

    package var call: GraphCall? {
        var call = current.call
        if hasNoReport { call?.options.canBeReport = false }
        return call
    }

    package func take(_ answer: GraphAnswer) throws {
        try current.take(answer)
    }

    package func adapt(_ adaptation: Adaptation) throws {
        if adaptation == .report, report == nil {
            try restarted()
            report = makeReport(pages.position.refusedFields)
        } else if adaptation == .smallerPage, let report, !report.isMade {
            self.report = nil
            hasNoReport = true
            // What the pages gave before is void since the report was tried.
            pages.rewind()
            try pages.adapt(.smallerPage)
        } else {
            try current.adapt(adaptation)
        }
    }
}

@available(*, unavailable)
extension InsightsReading: Sendable {}
