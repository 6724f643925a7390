internal import FoundationEssentials
internal import Model
internal import Postgres

/// The columns of a `RunSummary` in a table, and the place of each in a row.
struct RunSummaryColumns {
    /// Of `sync_runs`.
    static let run = RunSummaryColumns(RunCounter.all + RunCounter.defects, hasWarnings: true)
    /// Of `sync_totals`, which has sums over many runs.
    static let sums = RunSummaryColumns((RunCounter.all + RunCounter.defects).filter(\.isSummed), hasWarnings: false)

    private let counters: [RunCounter]
    private let hasWarnings: Bool
    /// What a statement reads for `decode`.
    let names: String

    private init(_ counters: [RunCounter], hasWarnings: Bool) {
        self.counters = counters
        self.hasWarnings = hasWarnings
        names = (counters.map(\.column) + ["wait_seconds"] + (hasWarnings ? ["array_to_string(warnings, E'\\n')"] : []))
            .joined(separator: ", ")
    }

    /// Reads the columns from column `start` on. A summary that was read has neither version nor phases.
    func decode(_ row: borrowing Row, from start: Int) throws -> RunSummary {
        var summary = RunSummary()
        for (index, counter) in counters.enumerated() { summary[counter] = try row.integer(start + index) }
        summary.waitSeconds = row.optionalDouble(start + counters.count) ?? 0
        if hasWarnings {
            let texts = try row.text(start + counters.count + 1)
            summary.warnings = texts.split(separator: "\n").map(String.init)
        }
        return summary
    }
}

extension RunSummaryColumns {
    /// What an UPDATE of `sync_runs` sets.
    static func assignments(_ summary: RunSummary, _ values: inout Values) throws -> String {
        var columns = run.numbers(summary, &values)
        columns.append(("rows_seen", values.add(summary.rowsSeen, "int")))
        columns.append(("warnings", values.add(TextArray(summary.storedWarnings), "text[]")))
        columns.append(("api_version", values.add(summary.apiVersion, "text")))
        columns.append(("phases", values.add(try json(summary.phases), "jsonb")))
        return columns.map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
    }

    /// The name of each column with a number, and its value as a parameter.
    func numbers(_ summary: RunSummary, _ values: inout Values) -> [(name: String, value: String)] {
        var columns: [(name: String, value: String)] = []
        for counter in counters { columns.append((counter.column, values.add(summary[counter], "int"))) }
        columns.append(("wait_seconds", values.add("\(summary.waitSeconds)", "float8")))
        return columns
    }

    private static func json(_ phases: [RunSummary.Phase]) throws -> String {
        struct Written: Encodable {
            let phase: String
            let startedAt: String
            let finishedAt: String?
            let rows: Int
        }
        let written = phases.map {
            Written(
                phase: $0.name,
                startedAt: Timestamp.text(milliseconds: $0.startedAt),
                finishedAt: $0.finishedAt.map(Timestamp.text(milliseconds:)),
                rows: $0.rows
            )
        }
        return String(decoding: try JSONEncoder().encode(written), as: UTF8.self)
    }
}
