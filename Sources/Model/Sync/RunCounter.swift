/// A counter of a `RunSummary`, declared once. The columns of `sync_runs` and `sync_totals`, the run in answers, its
/// description, and the log line of a finished run follow from this list.
package struct RunCounter: Sendable {
    /// The member of a run in answers.
    package let name: String
    /// In the database.
    package let column: String
    /// In the log line; `nil` if it is not there.
    package let logName: String?
    /// Whether `sync_totals` has the sum over all runs.
    package let isSummed: Bool
    package let value: WritableKeyPath<RunSummary, Int> & Sendable

    private init(
        _ name: String,
        _ value: WritableKeyPath<RunSummary, Int> & Sendable,
        column: String,
        log logName: String? = nil,
        isSummed: Bool = false
    ) {
        self.name = name
        self.column = column
        self.logName = logName
        self.isSummed = isSummed
        self.value = value
    }

    /// In the order of answers.
    package static let all = [
        RunCounter(Level.campaign.objectsMember, \.campaigns, column: "campaigns", log: "campaigns"),
        RunCounter(Level.adSet.objectsMember, \.adSets, column: "ad_sets", log: "ad_sets"),
        RunCounter(Level.ad.objectsMember, \.ads, column: "ads", log: "ads"),
        RunCounter("insights", \.insights, column: "insights", log: "insights"),
        RunCounter("apiCalls", \.apiCalls, column: "api_calls", log: "calls", isSummed: true),
        RunCounter("rowsChanged", \.rowsChanged, column: "rows_changed", log: "changed", isSummed: true),
        RunCounter("rowsGone", \.rowsGone, column: "rows_gone", log: "gone"),
        RunCounter("retries", \.retries, column: "retries", log: "retries", isSummed: true),
        RunCounter("waits", \.waits, column: "waits", log: "waits", isSummed: true),
    ]

    /// The members of `damagedValues`.
    package static let defects = [
        RunCounter("repaired", \.defects.repaired, column: "repaired_texts", isSummed: true),
        RunCounter("unknown", \.defects.unknown, column: "unknown_fields", isSummed: true),
        RunCounter("leftOut", \.defects.leftOut, column: "left_out_rows", isSummed: true),
    ]
}

extension RunSummary {
    package subscript(counter: RunCounter) -> Int {
        get { self[keyPath: counter.value] }
        set { self[keyPath: counter.value] = newValue }
    }
}
